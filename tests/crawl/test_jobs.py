"""`--jobs`: whatever number of processes reads, replay, import and rebuild leave the same; and where they go on after a stop."""

import contextlib
import multiprocessing
import os
import shutil
import signal
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.cli import import_, readers, rebuild, remaking, replay, story_reads
from newscrawl.cli.import_ import import_posts
from newscrawl.cli.rebuild import rebuild_database
from newscrawl.cli.replay import replay_archives
from newscrawl.cli.rereading import Rereading
from newscrawl.cli.restore import restore_database
from newscrawl.demo import SampleSite, expected_records
from newscrawl.demo.posts import write_posts
from newscrawl.storage.archive import Archive, ArchiveProblem
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.trails import TrailLedger
from tests.crawl.plugs import Steps, steps_of
from tests.crawl.support import Command, Crawls
from tests.crawl.whole import differences, whole

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """What crawls, an import and two databases of a site leave on which stories are edited, fail, and go on overleaf."""
    folder = tmp_path_factory.mktemp("busy")
    with SampleSite(stories=150) as site:
        crawl = Crawls(folder, site)
        site.set_faults({"s404": 7, "redirect_ok": 3, "unclosed": 9})
        crawl("--all")
        shutil.copy(crawl.db, folder / "early.db")
        site.set_faults({})
        for record in list(expected_records(site.truth, "cls_depth"))[:4]:
            site.edit(record.source_id)
        site.publish(40)
        crawl("--all", "--recheck", 24 * 365)
        write_posts(folder / "posts", site.truth)
        Command(folder, "import", "finews", folder / "posts", "--db", crawl.db).end()
        yield crawl


@pytest.fixture(autouse=True)
def _several_processes_and_batches(monkeypatch):
    monkeypatch.setattr(readers, "FEW", 1)
    monkeypatch.setattr(readers.Readers, "reads_meanwhile", False)
    monkeypatch.setitem(Ledger.__init__.__kwdefaults__, "batch", 20)


def rows(database):
    """Every table, row by row and number by number, as it stands there."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        return {name: connection.execute(f'select * from "{name}"').fetchall() for name in tables if name[0] != "_"}


def clock():
    return NOW


def replayed(crawl, folder, jobs, **options):
    folder.mkdir(exist_ok=True)
    return replay_archives([crawl.folder / "warc"], folder / "news.db", jobs=jobs, clock=clock, **options)


# -- the same database --------------------------------------------------------------------------------------------------


def test_a_replay_leaves_the_same_whoever_reads(busy, tmp_path):
    results = [replayed(busy, tmp_path / str(jobs), jobs) for jobs in (1, 2, 3)]
    assert results[0].counts["new"] > 100
    assert results[0].counts["failed"] > 0 < results[0].counts["changed"]
    assert results[0].skipped.keys() >= {"import"}
    assert results == [results[0]] * 3
    first = rows(tmp_path / "1" / "news.db")
    assert first["trails"] == []
    for jobs in (2, 3):
        assert rows(tmp_path / str(jobs) / "news.db") == first


def test_a_replay_into_what_is_there_leaves_the_same_whoever_reads(busy, tmp_path):
    for jobs in (1, 2):
        (tmp_path / str(jobs)).mkdir()
        shutil.copy(busy.db, tmp_path / str(jobs) / "news.db")
    results = [replayed(busy, tmp_path / str(jobs), jobs) for jobs in (1, 2)]
    assert results[0] == results[1]
    assert results[0].skipped["older"] > 20 < results[0].counts["unchanged"]
    assert rows(tmp_path / "1" / "news.db") == rows(tmp_path / "2" / "news.db")


def test_an_import_leaves_the_same_whoever_reads(busy, tmp_path):
    results = []
    for jobs in (1, 2):
        (tmp_path / str(jobs)).mkdir()
        results.append(import_posts(busy.folder / "posts", tmp_path / str(jobs) / "news.db", jobs=jobs, clock=clock))
    assert results[0].counts["new"] > 20 < len(list((busy.folder / "posts").rglob("*.md")))
    assert results[0] == results[1]
    assert rows(tmp_path / "1" / "news.db") == rows(tmp_path / "2" / "news.db")


def test_a_rebuild_leaves_the_same_whoever_reads(busy, tmp_path):
    results = [rebuild_database(tmp_path / f"{jobs}.db", [busy.folder / "warc"], jobs=jobs) for jobs in (1, 2)]
    assert results[0].exit_status == 0
    assert results[0] == results[1]
    assert rows(tmp_path / "1.db") == rows(tmp_path / "2.db")
    then = rows(busy.db)
    for table in ("articles", "sightings", "images", "stocks", "tags", "revisions", "failures", "journal"):
        assert sorted(map(repr, rows(tmp_path / "2.db")[table])) == sorted(map(repr, then[table])), table


def test_a_restore_leaves_the_same_whoever_reads(busy, tmp_path):
    archives = list((busy.folder / "warc").glob("*.warc.gz"))
    restored = [restore_database(busy.folder / "early.db", tmp_path / f"{n}.db", archives, n).result for n in (1, 2)]
    assert restored[0].counts["new"] > len(rows(busy.folder / "early.db")["articles"])
    assert restored[0] == restored[1]
    assert rows(tmp_path / "1.db") == rows(tmp_path / "2.db")


def test_readers_that_are_killed_lose_nothing(busy, tmp_path, monkeypatch, capsys):
    replayed(busy, tmp_path / "1", 1)
    take, taken = Rereading.take, []

    def kill(run, place, story):
        taken.append(place)
        alive = multiprocessing.active_children()
        if len(taken) in {20, 60} and alive:
            os.kill(alive[0].pid, signal.SIGKILL)
        take(run, place, story)

    monkeypatch.setattr(Rereading, "take", kill)
    replayed(busy, tmp_path / "2", 2)
    assert rows(tmp_path / "2" / "news.db") == rows(tmp_path / "1" / "news.db")
    assert "ended by itself (signal 9)" in capsys.readouterr().err


# -- going on after a stop ----------------------------------------------------------------------------------------------


def stopping(monkeypatch, owner, at, how):
    """Lets the next command end when `owner` takes its thing of this number."""
    take, count = owner.take, 0

    def taking(*arguments):
        nonlocal count
        count += 1
        if count == at:
            how()
        take(*arguments)

    monkeypatch.setattr(owner, "take", taking)


def ctrl_c():
    raise KeyboardInterrupt


def sigterm():
    os.kill(os.getpid(), signal.SIGTERM)


def interrupted(monkeypatch, run, owner=Rereading, at=60, how=ctrl_c):
    """What the run counted up to then."""
    with monkeypatch.context() as change, contextlib.suppress(KeyboardInterrupt):
        stopping(change, owner, at, how)
        result = run()
        assert result.outcome == "interrupted"


def found_so_far(database):
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("select count(*) from trails").fetchone() == (1,)
        return connection.execute("select sum(found) from runs").fetchone()[0]


@pytest.mark.parametrize(("jobs", "how"), [(1, ctrl_c), (2, sigterm)])
def test_a_replay_goes_on_where_it_was_stopped(busy, tmp_path, monkeypatch, jobs, how):
    undisturbed = replayed(busy, tmp_path / "undisturbed", jobs)
    for at in (60, 40):
        interrupted(monkeypatch, lambda: replayed(busy, tmp_path / "stopped", jobs), at=at, how=how)
    found = found_so_far(tmp_path / "stopped" / "news.db")
    last = replayed(busy, tmp_path / "stopped", jobs)
    assert found + last.counts["found"] == undisturbed.counts["found"]
    assert (last.outcome, last.exit_status) == (undisturbed.outcome, undisturbed.exit_status)
    assert differences(whole(tmp_path / "stopped" / "news.db"), whole(tmp_path / "undisturbed" / "news.db")) == []
    assert rows(tmp_path / "stopped" / "news.db")["trails"] == []
    assert replayed(busy, tmp_path / "stopped", jobs).counts["found"] == undisturbed.counts["found"], "it had ended"


def test_it_is_told_that_a_replay_went_on_and_that_pages_before_failed(busy, tmp_path, monkeypatch):
    taken = []
    monkeypatch.setattr(
        TrailLedger, "fail", lambda ledger, failure: taken.append(failure) or ledger.fail_again(failure)
    )
    undisturbed = replayed(busy, tmp_path / "undisturbed", 1)
    count = len(replayed_places(busy))
    interrupted(monkeypatch, lambda: replayed(busy, tmp_path / "stopped", 1), at=count - 1)
    last = replayed(busy, tmp_path / "stopped", 1)
    assert last.counts["failed"] == 0 < undisturbed.counts["failed"]
    assert (last.outcome, last.exit_status) == ("partial", 1)
    assert (
        last.advice == f"{undisturbed.advice}; went on after the first {count - 2:,} pages and lists, which an"
        " interrupted run had read"
    )


def replayed_places(busy):
    with replay.Reading().catalogue([busy.folder / "warc"]) as catalogue:
        return list(catalogue.places())


def another_way(monkeypatch):
    monkeypatch.setattr(replay, "way_of_reading", lambda **asked: "another rule")


def test_what_is_read_in_another_way_is_read_from_the_beginning(busy, tmp_path, monkeypatch):
    everything = replayed(busy, tmp_path / "undisturbed", 1).counts["found"]
    run = lambda **options: replayed(busy, tmp_path / "stopped", 1, **options)  # noqa: E731
    interrupted(monkeypatch, run)
    with monkeypatch.context() as change:
        another_way(change)
        interrupted(monkeypatch, run, at=30)
    assert run().counts["found"] == everything, "what the other way has read since is not passed over"
    interrupted(monkeypatch, run)
    assert run(until=2**40).counts["found"] == everything, "it was not asked for the same"
    interrupted(monkeypatch, run)
    another_way(monkeypatch)
    assert run().counts["found"] == everything


@pytest.mark.parametrize(("ahead", "is_gone_on_with"), [(-365, False), (365, True)])
def test_an_archive_that_is_added_hides_nothing(busy, tmp_path, monkeypatch, ahead, is_gone_on_with):
    everything = replayed(busy, tmp_path / "undisturbed", 1).counts["found"]
    interrupted(monkeypatch, lambda: replayed(busy, tmp_path / "stopped", 1))
    added = Archive(tmp_path / "added")
    url = "http://www.sample-news.example/story.html"
    told = {"url": url, "asked": None, "source": "plain", "role": "page", "status": 200, "reason": "OK"}
    added.write(**told, headers=[], body=b"<html></html>", fetched_at=datetime.now(UTC) + timedelta(days=ahead))
    added.close()
    database = tmp_path / "stopped" / "news.db"
    last = replay_archives([busy.folder / "warc", tmp_path / "added"], database, clock=clock)
    assert [failure.url for failure in last.failures if failure.source == "plain"] == [url]
    assert (last.counts["found"] == everything + 1) is not is_gone_on_with


def test_a_record_that_is_restored_meanwhile_is_read(busy, tmp_path, monkeypatch):
    place = next(place.answers[0] for place in replayed_places(busy)[10:50] if read_alone(place).pages)

    def damaged(read_at):
        read = story_reads.reader(read_at)
        told = story_reads.StoryRead(problems=[problem_at(place)])
        return lambda places: told if place in places else read(places)

    with monkeypatch.context() as change:
        change.setattr(replay, "reader", damaged)
        interrupted(monkeypatch, lambda: replayed(busy, tmp_path / "stopped", 1))
    undisturbed = replayed(busy, tmp_path / "undisturbed", 1)
    last = replayed(busy, tmp_path / "stopped", 1)
    assert last.counts["found"] < undisturbed.counts["found"], "what was read before the damage is not read again"
    assert differences(whole(tmp_path / "stopped" / "news.db"), whole(tmp_path / "undisturbed" / "news.db")) == []


def read_alone(place):
    return story_reads.reader(lambda source, urls: {})(place.answers)


def problem_at(place):
    return ArchiveProblem(place.record.path, place.record.offset, "the bytes are not those that were archived")


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_import_goes_on_where_it_was_stopped(busy, tmp_path, monkeypatch, jobs):
    databases = {}
    for name in ("undisturbed", "stopped"):
        (tmp_path / name).mkdir()
        databases[name] = tmp_path / name / "news.db"
    posts = busy.folder / "posts"
    undisturbed = import_posts(posts, databases["undisturbed"], jobs=jobs)
    interrupted(monkeypatch, lambda: import_posts(posts, databases["stopped"], jobs=jobs), import_._Import, at=25)
    found = found_so_far(databases["stopped"])
    last = import_posts(posts, databases["stopped"], jobs=jobs)
    assert found + last.counts["found"] == undisturbed.counts["found"]
    assert (last.outcome, last.exit_status) == (undisturbed.outcome, undisturbed.exit_status)
    assert differences(whole(databases["stopped"]), whole(databases["undisturbed"])) == []
    interrupted(monkeypatch, lambda: import_posts(posts, databases["stopped"], jobs=jobs), import_._Import, at=25)
    shutil.copytree(posts, tmp_path / "posts")
    first = min((tmp_path / "posts").rglob("*.md"))
    first.write_text(first.read_text("utf-8") + "\n又一段。\n", "utf-8")
    assert import_posts(tmp_path / "posts", databases["stopped"]).counts["found"] >= undisturbed.counts["found"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_rebuild_goes_on_where_it_was_stopped(busy, tmp_path, monkeypatch, jobs):
    into, archives = tmp_path / "new.db", [busy.folder / "warc"]
    undisturbed = rebuild_database(tmp_path / "undisturbed.db", archives)
    written = counting(monkeypatch)
    rebuild_database(tmp_path / "counted.db", archives)
    batches = [*written]
    written.clear()
    interrupted(monkeypatch, lambda: rebuild_database(into, archives, jobs=jobs), remaking.Remaking, at=6)
    interrupted(monkeypatch, lambda: rebuild_database(into, archives, jobs=jobs), remaking.Remaking, at=3)
    assert not into.exists()
    assert rebuild_database(into, archives, jobs=jobs) == undisturbed
    assert rows(into) == rows(tmp_path / "undisturbed.db")
    assert written == batches, "each was written once"
    assert [path.name for path in tmp_path.glob("*new.db*")] == ["new.db"]


def counting(monkeypatch):
    """The batches that are written from now on."""
    take, written = remaking.Remaking.take, []

    def taking(maker, batch, reads):
        take(maker, batch, reads)
        written.append(batch.identity)

    monkeypatch.setattr(remaking.Remaking, "take", taking)
    return written


def test_a_rebuild_that_reads_in_another_way_begins_anew(busy, tmp_path, monkeypatch):
    into, archives = tmp_path / "new.db", [busy.folder / "warc"]
    undisturbed = rebuild_database(tmp_path / "undisturbed.db", archives)
    for other in (lambda: "another rule", lambda: "a third one"):
        interrupted(monkeypatch, lambda: rebuild_database(into, archives), remaking.Remaking, at=4)
        monkeypatch.setattr(rebuild, "way_of_reading", other)
    written = counting(monkeypatch)
    assert rebuild_database(into, archives) == undisturbed
    assert len(written) == len(set(written))
    assert rows(into) == rows(tmp_path / "undisturbed.db")
    interrupted(monkeypatch, lambda: rebuild_database(tmp_path / "two.db", archives), remaking.Remaking, at=4)
    (tmp_path / ".two.db.half").write_bytes(b"no database")
    assert rebuild_database(tmp_path / "two.db", archives) == undisturbed


# -- kill -9 ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FromTheFirst:
    """A plug: the processes read from the first page on."""

    steps: object = None

    def __call__(self):
        readers.FEW, readers.Readers.reads_meanwhile = 1, False
        Ledger.__init__.__kwdefaults__["batch"] = 20
        if self.steps:
            self.steps()


@pytest.mark.parametrize(("command", "share"), [("replay", 0.7), ("import", 0.4)])
def test_a_command_with_readers_that_is_killed_is_gone_on_with(busy, tmp_path, command, share):
    what = [busy.folder / "warc"] if command == "replay" else ["finews", busy.folder / "posts"]

    def run(name, steps=None):
        (tmp_path / name).mkdir(exist_ok=True)
        options = ("--db", tmp_path / name / "news.db", "--jobs", 2, "--json")
        return Command(tmp_path / name, command, *what, *options, plug=FromTheFirst(steps)).end()

    whole_run = run("undisturbed", Steps(tmp_path / "steps"))
    at = int(share * len(steps_of(tmp_path / "steps")))
    assert run("killed", Steps(tmp_path / "steps", kill_at=at)).status == -signal.SIGKILL
    last = run("killed")
    assert last.status == whole_run.status
    rest, everything = (next(iter(ended.results.values()))["counts"]["found"] for ended in (last, whole_run))
    assert rest < everything
    assert differences(whole(tmp_path / "killed" / "news.db"), whole(tmp_path / "undisturbed" / "news.db")) == []
