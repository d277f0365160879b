"""`newscrawl schedule`: what it writes for cron and systemd, and that it touches nothing else.

crontab and systemctl are small programs on PATH here, so that no test changes the crontab of the person who runs it.
"""

import os
import re
import shutil
import subprocess
import tempfile
from itertools import pairwise

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from newscrawl.cli import crontab, main, units
from newscrawl.cli.intervals import DAY
from newscrawl.cli.plan import Plan
from newscrawl.demo import SampleSite

CRONTAB = """#!/bin/sh
file='{file}'
case "$1" in
    -l) [ -f "$file" ] && exec cat "$file"; echo "no crontab for tester" >&2; exit 1 ;;
    -r) exec rm "$file" ;;
    -) exec cat > "$file" ;;
esac
"""
SYSTEMCTL = """#!/bin/sh
echo "$@" >> '{file}'
[ ! -e '{file}.down' ] || {{ echo "Failed to connect to bus" >&2; exit 1; }}
"""
MINE = "# mine\nMAILTO=ops@example.org\n5 4 * * * true\n"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine of one's own, with both programs; a folder to work in with blanks in its name."""
    return Machine(tmp_path, monkeypatch)


class Machine:
    def __init__(self, folder, monkeypatch):
        self.crontab, self.told, self.bin = folder / "crontab", folder / "systemctl.log", folder / "bin"
        self.work, self.own_units = folder / "a b", folder / "config/systemd/user"
        self.bin.mkdir()
        self.work.mkdir()
        self.install("crontab", CRONTAB.format(file=self.crontab))
        self.install("systemctl", SYSTEMCTL.format(file=self.told))
        for name in [*os.environ]:
            if name.lower().endswith("_proxy") or name.startswith(("NEWSCRAWL_", "SSL_CERT")):
                monkeypatch.delenv(name)
        monkeypatch.setenv("PATH", f"{self.bin}:{os.environ['PATH']}")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.chdir(self.work)

    def install(self, name, text):
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def __call__(self, *arguments):
        return CliRunner().invoke(main, ["schedule", *map(str, arguments)], prog_name="newscrawl")

    def units(self):
        return sorted(path.name.split("-", 2)[2] for path in self.own_units.glob("newscrawl-*"))


# -- cron -----------------------------------------------------------------------------------------------------------------


def test_printed_lines_are_installed_once_and_taken_away_whole(machine):
    machine.crontab.write_text(MINE)
    printed = machine("cls_telegraph", "eastmoney=20m")
    assert printed.exit_code == 0
    assert machine.crontab.read_text() == MINE
    assert machine("cls_telegraph", "eastmoney=20m", "--install").output == "installed: 2 sources in your crontab\n"
    assert machine.crontab.read_text() == MINE + printed.output
    again = machine("cls_telegraph", "eastmoney=20m", "--install")
    assert (again.exit_code, again.output) == (0, "nothing to change: 2 sources in your crontab already\n")
    assert machine.crontab.read_text() == MINE + printed.output
    assert machine("--remove").output == "removed\n"
    assert machine.crontab.read_text() == MINE
    assert machine("--remove").output == f"nothing is scheduled for {machine.work}/data/newscrawl.db\n"


def test_where_there_was_no_crontab_there_is_none_afterwards(machine):
    assert machine("cls_depth", "--install").exit_code == 0
    assert machine.crontab.exists()
    assert machine("--remove").exit_code == 0
    assert not machine.crontab.exists()


def test_another_choice_takes_the_place_of_the_first_and_other_databases_stay(machine):
    assert machine("cls_depth", "--install").exit_code == 0
    assert machine("nbd", "--db", "other.db", "--install").exit_code == 0
    machine.crontab.write_text(machine.crontab.read_text() + MINE)
    assert machine("cls_telegraph", "--install").exit_code == 0
    crawls = re.findall(r"crawl (\S+) --db '([^']+)'", machine.crontab.read_text())
    assert crawls == [
        ("cls_telegraph", f"{machine.work}/data/newscrawl.db"),
        ("nbd", f"{machine.work}/other.db"),
    ]
    assert machine("--remove").exit_code == machine("--remove", "--db", "other.db").exit_code == 0
    assert machine.crontab.read_text() == MINE


def test_installed_line_does_its_work_with_nothing_but_what_it_says(machine, monkeypatch):
    with SampleSite() as site:
        (machine.work / "newscrawl.toml").write_text(
            f'delay = 0\n[sources.cls_telegraph]\nbase_url = "{site.base_url}"\n[ping]\nurl = "{site.base_url}/ping"\n'
        )
        assert machine("cls_telegraph", "--db", "50%.db", "--install").exit_code == 0
        line = machine.crontab.read_text().splitlines()[2].removeprefix("* * * * * ")
        command = ["/bin/sh", "-c", undone(line, both=True)]
        ended = subprocess.run(command, cwd="/", env={}, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "the ping to 127.0.0.1" in ended.stderr, "the settings are those of the folder"
    assert (machine.work / "50%.db").exists()


def test_surroundings_that_matter_are_written_out(machine, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://p%40:1")
    monkeypatch.setenv("NEWSCRAWL_CONFIG", "own.toml")
    monkeypatch.setenv("NEWSCRAWL_DB", "own.db")
    monkeypatch.setenv("EDITOR", "vi")
    (machine.work / "own.toml").write_text("")
    line = machine("cls_telegraph", "-v").output.splitlines()[2]
    assert " && env https_proxy=http://p\\%40:1 " in line
    assert f" --db '{machine.work}/own.db' --config '{machine.work}/own.toml' -v -q" in line
    assert "EDITOR" not in line


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name the sources to crawl, or say --all"),
        (["nosuch=1m"], "there is no source 'nosuch'"),
        (["eastmoney=soon"], "'soon' is no interval: write 30s, 10m, 2h or 1d"),
        (["eastmoney="], "'' is no interval"),
        (["eastmoney=0m"], "'0m' is no interval"),
        (["eastmoney=30s"], "eastmoney: cron can run nothing every 30s, only every 1, 2, 3, 4, 5, 6, 10,"),
        (["eastmoney=45m"], "cron can run nothing every 45m"),
        (["eastmoney=2d"], "cron can run nothing every 2d"),
        (["eastmoney", "eastmoney=1m"], "a source is named twice"),
        (["eastmoney", "--remove"], "--remove takes away all of a database"),
        (["eastmoney", "--cron", "--into", "x"], "go with --systemd"),
        (["eastmoney", "--db", "a\nb"], "cannot be written into a line"),
        (["eastmoney", "--config", "none.toml"], "none.toml: cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(machine, arguments, says):
    ended = machine(*arguments, *([] if "--remove" in arguments else ["--install"]))
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert not machine.crontab.exists()


def test_no_source_at_all_is_no_schedule(machine):
    off = "".join(f"[sources.{name}]\nenabled = false\n" for name in ("cls_depth", "cls_telegraph", "eastmoney"))
    (machine.work / "newscrawl.toml").write_text(off)
    ended = machine("--all", "--install")
    assert (ended.exit_code, ended.stderr) == (2, "newscrawl: newscrawl.toml switches every source off\n")
    assert len(machine("--all", "cls_depth").stdout.splitlines()) == 4


def test_crontab_that_cannot_be_read_is_not_taken_for_an_empty_one(machine):
    machine.install(
        "crontab", f"#!/bin/sh\n[ \"$1\" = -l ] || touch '{machine.crontab}'\necho 'not allowed' >&2\nexit 1\n"
    )
    ended = machine("cls_depth", "--install")
    assert (ended.exit_code, ended.stderr) == (2, "newscrawl: crontab -l: not allowed\n")
    assert not machine.crontab.exists()


def test_without_crontab_there_is_one_sentence(machine, monkeypatch):
    monkeypatch.setenv("PATH", str(machine.bin))
    (machine.bin / "crontab").unlink()
    ended = machine("cls_depth", "--cron", "--install")
    assert ended.exit_code == 2
    assert ended.stderr.startswith("newscrawl: crontab cannot be run (No such file or directory): install cron,")


def test_block_that_lost_its_end_is_left_to_a_person(machine):
    machine("cls_depth", "--install")
    broken = machine.crontab.read_text().rpartition("# END")[0] + MINE
    machine.crontab.write_text(broken)
    for action in ("--install", "--remove"):
        ended = machine(*(["cls_depth"] if action == "--install" else []), action)
        assert ended.exit_code == 2
        assert "mend it with crontab -e" in ended.stderr
    assert machine.crontab.read_text() == broken


LINES = st.text(st.sampled_from("# BEGINewscrawl/xdb*%\\\r\x0c\u2028中"), max_size=30)


@given(st.lists(LINES), st.lists(LINES))
def test_rest_of_a_crontab_stays_byte_for_byte(before, behind):
    before, behind = ("".join(f"{line}\n" for line in lines) for lines in (before, behind))
    assume("newscrawl /x.db" not in before + behind)
    one = "# BEGIN newscrawl /x.db\n* * * * * one\n# END newscrawl /x.db\n"
    two = one.replace("one", "two")
    assert crontab.replaced(before + behind, "/x.db", one) == before + behind + one
    assert crontab.replaced(before + one + behind, "/x.db", two) == before + two + behind
    assert crontab.replaced(before + two + behind, "/x.db", "") == before + behind


def field(text, whole):
    """The values that one field of cron's or systemd's stands for."""
    span, _, step = text.partition("/")
    first, _, last = span.partition("-")
    if first == "*":
        first, last = 0, whole - 1
    return list(range(int(first), int(last or (whole - 1 if step else first)) + 1, int(step or 1)))


def seconds_of_the_day(hours, minutes, second="0"):
    return [
        3600 * hour + 60 * minute + each
        for hour in field(hours, 24)
        for minute in field(minutes, 60)
        for each in field(second, 60)
    ]


def are_apart(starts, seconds):
    return {later - earlier for earlier, later in pairwise([*starts, starts[0] + DAY])} == {seconds}


MINUTES = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30]
HOURS = [1, 2, 3, 4, 6, 8, 12, 24]
EVERY = [60 * each for each in MINUTES] + [3600 * each for each in HOURS]


@pytest.mark.parametrize("source", ["cls_telegraph", "eastmoney", "nbd"])
@pytest.mark.parametrize("seconds", EVERY)
def test_crawls_of_a_day_are_equally_far_apart(source, seconds):
    minute, hour, *rest = crontab.times(source, seconds).split()
    assert rest == ["*"] * 3
    assert are_apart(seconds_of_the_day(hour, minute), seconds)
    time = units.times(source, seconds).removeprefix("OnCalendar=*-*-* ").split(":")
    assert seconds_of_the_day(*time) == seconds_of_the_day(hour, minute)


@pytest.mark.parametrize("seconds", [1, 5, 30])
def test_systemd_knows_parts_of_a_minute(seconds):
    time = units.times("cls_telegraph", seconds).removeprefix("OnCalendar=*-*-* ").split(":")
    assert are_apart(seconds_of_the_day(*time), seconds)


# -- quoting --------------------------------------------------------------------------------------------------------------


def undone(line, *, both):
    """What cron hands to sh; `both`: of a cron for which two backslashes are one, as most are."""
    pattern = r"\\([%\\])" if both else r"\\(%)"
    if not both:
        assert not re.search(r"(?<!\\)%", line), "ends the command"
    return re.sub(pattern, r"\1", line)


NAMES = st.text(
    st.sampled_from("\"'\\%$`!*?;&|<>(){}[]~#=-+@: ab中é\u3000😀")
    | st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"], exclude_characters="/"),
    min_size=1,
    max_size=20,
)


def planned(folder, *names, program=("/bin/true",)):
    """A plan whose paths and variables have these names in them."""
    first, second, third = names
    plan = Plan(
        program=program,
        folder=folder,
        database=f"{folder}/{first}.db",
        config=f"{folder}/{second}",
        environment={"http_proxy": third},
        every={"eastmoney": 600},
    )
    plan.check()
    return plan


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(NAMES, NAMES, NAMES, NAMES)
@example("a b", "it's", '"%d"', "\\%")
@example("\\\\", "$HOME`id`", "100%", "\\")
def test_sh_reads_the_words_of_a_crontab_line_behind_any_cron(folder, first, second, third):
    with tempfile.TemporaryDirectory() as parent:
        folder = f"{parent}/d{folder}"
        tell = ("/bin/sh", "-c", r'printf "%s\0" "$PWD" "$http_proxy" "$@"', "sh")
        plan = planned(folder, first, second, third, program=tell)
        os.mkdir(folder)
        line = crontab.line(plan, "eastmoney")
        assert undone(line, both=True) == undone(line, both=False)
        ended = subprocess.run(["/bin/sh", "-c", undone(line, both=True)], capture_output=True, check=True, cwd="/")
    words = ["crawl", "eastmoney", "--db", plan.database, "--config", plan.config, "-q"]
    assert ended.stdout.decode().split("\0")[:-1] == [folder, third, *words]


def words_of(line):
    """A unit's line as systemd splits it: systemd.syntax(7), "Quoting"."""
    words = re.findall(r'"((?:[^"\\]|\\.)*)"(?: |$)|([^ "\'\\]+)(?: |$)', line)
    assert "".join(f'"{quoted}" ' if quoted or not plain else f"{plain} " for quoted, plain in words) == f"{line} "
    return [
        re.sub(r"\\(.)", r"\1", quoted).replace("%%", "%") if quoted else plain.replace("%%", "%")
        for quoted, plain in words
    ]


def single(sign, line):
    """Whether the sign stands anywhere in the line an odd number of times."""
    return any(len(found) % 2 for found in re.findall(f"{re.escape(sign)}+", line))


@given(NAMES, NAMES, NAMES)
@example("a b", "it's", '"%d"')
@example("\\", "$HOME", ";")
def test_systemd_reads_the_words_of_a_unit(first, second, third):
    plan = planned("/srv/a b%", first, second, third)
    service = units.units(plan, system=False)
    told = dict(line.split("=", 1) for line in next(iter(service.values())).split("\n") if "=" in line)
    assert told["WorkingDirectory"] == "/srv/a b%%"
    assert words_of(told["Environment"]) == [f"http_proxy={third}"]
    assert not single("$", told["ExecStart"]), "would be replaced by a variable"
    assert not any(single("%", line) for line in told.values()), "would be replaced by a specifier"
    words = [word.replace("$$", "$") for word in words_of(told["ExecStart"])]
    assert words == ["/bin/true", "crawl", "eastmoney", "--db", plan.database, "--config", plan.config]


# -- systemd --------------------------------------------------------------------------------------------------------------


def test_units_are_installed_once_and_taken_away_whole(machine):
    assert machine("cls_telegraph=30s", "eastmoney", "--systemd", "--install").exit_code == 0
    names = ["cls_telegraph.service", "cls_telegraph.timer", "eastmoney.service", "eastmoney.timer"]
    assert machine.units() == names
    asked = machine.told.read_text().splitlines()
    assert [line.split()[1] for line in asked] == ["daemon-reload", "daemon-reload", "enable"]
    assert {line.split()[0] for line in asked} == {"--user"}
    assert [word.split("-", 2)[2] for word in asked[-1].split()[3:]] == [names[1], names[3]]
    before = {path: path.stat().st_mtime_ns for path in machine.own_units.iterdir()}
    again = machine("cls_telegraph=30s", "eastmoney", "--systemd", "--install")
    assert again.output.startswith("nothing to change: 2 sources in ")
    assert {path: path.stat().st_mtime_ns for path in machine.own_units.iterdir()} == before
    assert machine("eastmoney=1h", "--systemd", "--install").exit_code == 0
    assert machine.units() == names[2:]
    assert [line.split()[1] for line in machine.told.read_text().splitlines()[-5:]] == [
        *("daemon-reload", "disable", "daemon-reload", "enable", "restart"),
    ]
    assert machine("--systemd", "--remove").output == "removed\n"
    assert machine.units() == []


def test_units_of_two_databases_stand_side_by_side(machine):
    for name in ("one.db", "two.db"):
        assert machine("nbd", "--systemd", "--install", "--db", name).exit_code == 0
    assert machine.units() == ["nbd.service", "nbd.service", "nbd.timer", "nbd.timer"]
    assert machine("--systemd", "--remove", "--db", "one.db").exit_code == 0
    assert machine.units() == ["nbd.service", "nbd.timer"]


def test_without_a_systemd_that_answers_nothing_is_written(machine):
    machine.told.with_name("systemctl.log.down").touch()
    ended = machine("nbd", "--systemd", "--install")
    assert ended.exit_code == 2
    assert ended.stderr == "newscrawl: systemctl --user daemon-reload: Failed to connect to bus\n"
    assert machine.units() == []


def test_file_of_somebody_elses_is_left_alone(machine):
    assert machine("nbd", "--systemd", "--install").exit_code == 0
    unit = next(machine.own_units.glob("*.timer"))
    unit.write_text("[Timer]\n")
    ended = machine("nbd", "--systemd", "--install")
    assert ended.exit_code == 2
    assert "no file of newscrawl's" in ended.stderr
    assert machine("--systemd", "--remove").exit_code == 0
    assert unit.read_text() == "[Timer]\n"


def test_units_are_written_into_a_folder_without_asking_systemd(machine):
    ended = machine("nbd", "--system", "--into", "units")
    assert ended.exit_code == 0
    service, timer = sorted(machine.work.glob("units/*"))
    assert f"\nUser={machine.work.owner()}\n" in service.read_text()
    assert "Persistent=true" in timer.read_text()
    assert not machine.told.exists()
    assert machine("--into", "units", "--remove").exit_code == 0
    assert not list(machine.work.glob("units/*"))


# -- what the programs themselves say -------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("system", [True, False])
def test_systemd_accepts_the_units(machine, system):
    (machine.work / "50% it's").mkdir()
    options = ["--system"] if system else []
    ended = machine("cls_telegraph=30s", "cls_depth=45m", "nbd", "--db", "50% it's/x.db", "--into", "u", *options)
    assert ended.exit_code == 0
    command = ["systemd-analyze", "verify", *([] if system else ["--user"]), *map(str, machine.work.glob("u/*.timer"))]
    runtime = os.environ | {"XDG_RUNTIME_DIR": str(machine.work)}
    verified = subprocess.run(command, capture_output=True, text=True, timeout=60, env=runtime)
    assert verified.returncode == 0, verified.stderr
    assert "newscrawl" not in verified.stderr


REAL_CRONTAB = shutil.which("crontab")


@pytest.mark.skipif(
    not REAL_CRONTAB or " [-n] " not in subprocess.run([REAL_CRONTAB, "-h"], capture_output=True, text=True).stderr,
    reason="there is no crontab here that can try a file without installing it (-n)",
)
def test_crontab_accepts_the_lines(machine):
    printed = machine("--all", "nbd=12h", "stcn=1d", "--db", "50% it's/x.db")
    ended = subprocess.run([REAL_CRONTAB, "-n", "-"], input=printed.output, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
