"""`newscrawl replay` of what crawls of the sample site have archived."""

import dataclasses
import json
import os
import pty
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from newscrawl.cli import main
from newscrawl.demo import SampleSite, expected_records
from newscrawl.extraction import assemble
from newscrawl.registry import written
from newscrawl.replay import WHOLE_ROWS
from newscrawl.rules.cls import ClsRule
from tests.crawl.support import Command
from tests.crawl.test_crawl_ends import until_asked
from tests.crawl.test_rebuild import assert_same, rebuild

STORED = ("articles", "sightings", "images", "stocks", "tags", "revisions", "coverage", "lists", "failures")


def dump(crawl):
    """Everything, but for when a story was last met: a crawl takes a row that stands on two list pages once."""
    columns = {"sightings": "article_id, source, url, publisher, published_at, first_seen_at"}
    return {table: sorted(map(repr, crawl.query(f"select {columns.get(table, '*')} from {table}"))) for table in STORED}


def replay(crawl, *arguments, archive=None, db=None):
    """As a process of its own: with the rules as they are."""
    options = ("--db", db or crawl.db, "--json")
    return Command(crawl.folder, "replay", archive or crawl.folder / "warc", *arguments, *options).end()


def replay_here(crawl, *arguments):
    """In this process, where a test may have changed a rule."""
    options = ("--db", str(crawl.db), "--json")
    ended = CliRunner().invoke(main, ["replay", str(crawl.folder / "warc"), *arguments, *options])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return json.loads(ended.stdout)


@pytest.fixture
def another_rule(monkeypatch):
    """A rule of cls.cn that reads titles differently, as after a fix of ours."""
    read = ClsRule.read

    def changed(rule, document):
        for draft in read(rule, document):
            yield dataclasses.replace(draft, title=f"{draft.title}（改）" if draft.title else None)

    monkeypatch.setattr(ClsRule, "read", changed)


def titled(crawl):
    return crawl.column(
        "select count(*) from articles where source in ('cls_telegraph', 'cls_depth') and title is not null"
    )[0]


# -- the same reading ---------------------------------------------------------------------------------------------------


def test_what_is_read_the_same_is_not_written(crawl, site):
    site.set_faults({"s404": 4, "redirect_ok": 3, "empty": 5})
    crawl("--all")
    site.set_faults({})
    site.edit(next(iter(expected_records(site.truth, "cls_telegraph"))).source_id)
    site.publish(40)
    crawl("--all", "--recheck", 24 * 365)
    before = dump(crawl)
    for _ in range(2):
        ended = replay(crawl)
        counts = ended.results["replay"]["counts"]
        assert (counts["new"], counts["changed"], counts["reread"], counts["duplicate"]) == (0, 0, 0, 0)
        assert counts["unchanged"] > 50
        assert dump(crawl) == before
    outcome = ended.outcomes["replay"]
    assert (
        crawl.query("select source, outcome, reread from runs order by id desc limit 2") == [("replay", outcome, 0)] * 2
    )


def test_nothing_is_asked_of_any_site(crawl, site):
    crawl("--all")
    asked = len(site.requests)
    replay(crawl)
    assert len(site.requests) == asked


def test_an_empty_database_is_filled_with_what_the_crawls_have_stored(crawl, site):
    site.set_faults({"redirect_ok": 3})
    crawl("--all")
    site.set_faults({})
    site.edit(next(iter(expected_records(site.truth, "cls_telegraph"))).source_id)
    site.publish(40)
    crawl("--all")
    then = told(crawl)
    ended = replay(crawl, db=crawl.folder / "fresh.db")
    assert (ended.status, ended.outcomes) == (0, {"replay": "ok"})
    crawl.db = crawl.folder / "fresh.db"
    assert told(crawl) == then
    assert crawl.column("select distinct backfilled from articles") == [1]
    assert crawl.query("select reason from revisions") == [("publisher",)]


def told(crawl):
    """The stories; how late they came and what the lists hold, an archive of answers does not tell."""
    everything = crawl.everything()
    del everything["coverage"], everything["ends"]
    return everything | {"articles": [row[:-1] for row in everything["articles"]]}


def test_a_replay_loads_no_scrapy(crawl, site):
    crawl("--all")
    code = (
        "import sys; from newscrawl.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as end: status = end.code\n"
        "print(status, sorted(name for name in sys.modules if name in ('scrapy', 'twisted')))"
    )
    command = [sys.executable, "-c", code, "replay", str(crawl.folder / "warc"), "--db", str(crawl.db)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "0 []"


def test_every_source_whose_lists_hold_whole_stories_is_replayed_from_them(crawl, site):
    """Which sources these are, the pages that crawls have asked for tell: those of the others."""
    crawl("--all")
    with_pages = {
        "cls_depth" if path.startswith("/detail/") else "eastmoney" for path in crawl.asked() if "/v" not in path
    }
    assert set(WHOLE_ROWS) == set(written()) - with_pages == {"cls_telegraph"}


# -- another reading ----------------------------------------------------------------------------------------------------


def test_what_is_read_differently_is_a_revision_of_ours_and_not_the_publishers(crawl, site, another_rule):
    crawl("--all")
    times = "select id, first_seen_at, updated_at, content_since from articles order by id"
    before, texts = crawl.query(times), crawl.query("select id, title, body from articles order by id")
    states = "select article_id, valid_from, valid_to from states order by article_id"
    stood = crawl.query(states)
    result = replay_here(crawl)
    changed = titled(crawl)
    assert result["counts"]["reread"] == changed > 10
    assert (result["outcome"], result["counts"]["changed"]) == ("ok", 0)
    assert crawl.query(times) == before
    assert crawl.query(states) == stood, "the publisher's text is what it was"
    assert (
        crawl.column("select count(*) from articles where title like '%（改）' and reread_at is not null")[0] == changed
    )
    former = crawl.query(
        "select a.id, r.title, r.body from revisions r join articles a on a.id = r.article_id"
        " where r.reason = 'reader' and r.valid_from = a.content_since and r.valid_to = a.reread_at order by 1"
    )
    assert len(former) == changed
    assert set(former) <= set(texts)
    again = replay_here(crawl)
    assert (again["outcome"], again["counts"]["reread"]) == ("nothing_new", 0)
    assert crawl.column("select count(*) from revisions") == [changed]


def test_the_closing_line_tells_what_was_read_again(crawl, site, another_rule):
    crawl("cls_depth")
    ended = CliRunner().invoke(main, ["replay", str(crawl.folder / "warc"), "--db", str(crawl.db)])
    assert f"re-read {titled(crawl)}" in ended.stdout
    shown = CliRunner().invoke(main, ["show", "1", "--db", str(crawl.db)]).stdout
    assert "(as we read it then):" in shown


def test_reading_as_before_takes_it_back(crawl, site, monkeypatch):
    crawl("cls_depth")
    before = crawl.everything()
    with monkeypatch.context() as change:
        change.setattr(assemble, "visible_text", lambda element: "别的。")
        assert replay_here(crawl)["counts"]["reread"] > 5
    assert crawl.everything() != before
    assert replay_here(crawl)["counts"]["reread"] > 5
    assert crawl.everything() == before
    spans = crawl.query("select valid_from, valid_to from revisions where article_id = 1 order by id")
    assert spans[0][1] == spans[1][0], "the second of our readings began where the first ended"


def test_an_edit_after_our_reading_is_the_publishers_again(crawl, site, another_rule):
    crawl("cls_depth")
    since = dict(crawl.query("select source_id, content_since from articles"))
    replay_here(crawl)
    story = next(iter(expected_records(site.truth, "cls_depth")))
    site.edit(story.source_id)
    crawl("cls_depth", "--recheck", 24 * 365)
    ours, theirs = crawl.query(
        "select reason, valid_from, r.title from revisions r join articles a on a.id = article_id"
        " where source_id = ? order by r.id",
        story.source_id,
    )
    assert ours == ("reader", since[story.source_id], story.title)
    assert theirs == ("publisher", since[story.source_id], f"{story.title}（改）")


def test_what_is_rebuilt_with_another_reading_is_what_a_replay_makes_of_it(crawl, site, another_rule):
    crawl("--all")
    replay_here(crawl)
    options = ("--into", str(crawl.folder / "new.db"), "--db", str(crawl.db))
    assert CliRunner().invoke(main, ["rebuild", *options]).exit_code == 0
    columns = ", ".join(
        name for name in crawl.column("select name from pragma_table_info('articles')") if name != "reread_at"
    )
    told = [
        f"select {columns} from articles",
        "select * from sightings",
        "select * from coverage",
        "select * from states",
    ]
    then = [sorted(map(repr, crawl.query(sql))) for sql in told]
    crawl.db = crawl.folder / "new.db"
    assert [sorted(map(repr, crawl.query(sql))) for sql in told] == then
    assert crawl.column("select count(*) from revisions") == [0]


def test_a_page_that_could_not_be_read_and_can_be_now_is_stored_and_its_failure_forgotten(crawl, site, monkeypatch):
    site.set_faults({"unclosed": 4})
    crawl("eastmoney")
    failed = crawl.column("select url from failures")
    last = crawl.column("select max(id) from articles")[0]
    assert failed
    before = dump(crawl)
    ended = replay(crawl)
    assert (ended.status, ended.outcomes) == (1, {"replay": "partial"})
    assert dump(crawl) == before, "no try more than before"
    monkeypatch.setattr(assemble, "check_whole", lambda document, rule: None)
    result = replay_here(crawl)
    assert (result["outcome"], result["counts"]["new"]) == ("ok", len(failed))
    assert crawl.column("select url from failures") == []
    assert set(crawl.column("select url from articles where id > ? and backfilled = 1", last)) == set(failed)


def test_a_stored_page_that_cannot_be_read_any_more_is_told_and_stays(crawl, site, monkeypatch):
    crawl("cls_depth")
    before = dump(crawl)

    def refuse(document, rule):
        raise assemble.LayoutError("no body found")

    monkeypatch.setattr(assemble, "check_whole", refuse)
    result = replay_here(crawl)
    assert (result["exit_status"], result["counts"]["failed"]) == (1, len(before["articles"]))
    assert f"{len(before['articles'])} stored pages cannot be read any more" in result["advice"]
    assert dump(crawl) == before


def test_a_fault_of_ours_in_one_page_does_not_end_the_replay(crawl, site, monkeypatch):
    crawl("--all")
    visible_text, met = assemble.visible_text, []

    def stumble(element):
        met.append(element)
        if len(met) == 3:
            raise RuntimeError("a fault")
        return visible_text(element)

    monkeypatch.setattr(assemble, "visible_text", stumble)
    result = replay_here(crawl)
    assert (result["outcome"], result["counts"]["failed"]) == ("partial", 1)
    assert result["failures"][0]["reason"] == "RuntimeError: a fault"
    assert result["counts"]["unchanged"] > 40


# -- older answers ------------------------------------------------------------------------------------------------------


def test_an_older_answer_of_a_story_does_not_turn_the_clock_back(crawl, site, another_rule):
    crawl("cls_telegraph")
    first = archived(crawl)
    story = next(iter(expected_records(site.truth, "cls_telegraph")))
    site.edit(story.source_id)
    crawl("cls_telegraph")
    row = "select * from articles where source_id = ?"
    before = crawl.query(row, story.source_id)
    first.rename(crawl.folder / "warc" / "first.warc.gz")
    for path in set((crawl.folder / "warc").glob("newscrawl*")):
        path.rename(crawl.folder / path.name)
    counts = replay_here(crawl)["counts"]
    assert counts["skipped"] > 10 < counts["found"]
    assert (counts["new"], counts["changed"], counts["reread"]) == (0, 0, 0)
    assert crawl.query(row, story.source_id) == before


def archived(crawl):
    """The archive so far, to which later crawls add nothing."""
    [path] = (crawl.folder / "warc").glob("*.warc.gz")
    for index in (crawl.folder / "warc").glob("digests.db*"):
        index.unlink()
    return path


def test_only_what_is_asked_for_is_read(crawl, site):
    crawl("--all")
    site.publish(40)
    assert replay(crawl, "--source", "eastmoney", db=crawl.folder / "one.db").status == 0
    assert replay(crawl, "--source", "eastmoney", "--source", "cls_depth", db=crawl.folder / "two.db").status == 0
    for name, told in (("one", {"eastmoney"}), ("two", {"eastmoney", "cls_depth"})):
        crawl.db = crawl.folder / f"{name}.db"
        assert set(crawl.column("select source from sightings")) == told
    ended = replay(crawl, "--since", "2038-01-01", db=crawl.folder / "none.db")
    assert (ended.status, ended.outcomes) == (0, {"replay": "nothing_new"})
    ended = replay(crawl, "--until", "2020-01-01", db=crawl.folder / "none.db")
    assert ended.results["replay"]["counts"]["found"] == 0


def test_answers_of_a_killed_crawl_are_stored_and_a_rebuild_knows_of_them(crawl):
    with SampleSite(stories=200) as site:
        crawl.site = site
        crawl("cls_depth")
        codes = [record.source_id for record in expected_records(site.truth, "eastmoney")]
        site.set_faults({"hang": [codes[20]]})
        command = crawl.start("eastmoney")
        until_asked(crawl, command, f"/a/{codes[20]}.html")
        os.kill(command.process.pid, signal.SIGKILL)
        command.end()
    stored = crawl.column("select count(*) from articles")[0]
    ended = replay(crawl)
    assert ended.outcomes == {"replay": "ok"}
    assert crawl.column("select count(*) from articles")[0] > stored
    assert rebuild(crawl).status == 0
    assert_same(crawl)


def test_later_answer_that_cannot_be_read_leaves_what_was_read_whatever_the_batches(crawl, site):
    crawl("cls_depth")
    site.set_faults({"empty": 3})
    crawl("cls_depth", "--recheck", 24 * 365)
    stored, fresh = crawl.column("select count(*) from articles"), crawl.folder / "fresh.db"
    for _ in range(2):  # the articles wait for their batch; they are committed
        ended = replay(crawl, db=fresh)
        assert "stored pages cannot be read any more" in ended.results["replay"]["advice"]
    crawl.db = fresh
    assert crawl.column("select count(*) from articles") == stored
    assert crawl.query("select * from failures") == []


# -- damage, and what is no archive -------------------------------------------------------------------------------------


def cut(content):
    return content[:-30]


def damaged(content):
    """A flipped byte in the midst of some record near the middle of the file."""
    at = content.index(b"\x1f\x8b\x08", len(content) // 2)
    return content[: at + 40] + bytes([content[at + 40] ^ 0xFF]) + content[at + 41 :]


@pytest.mark.parametrize(
    ("harm", "status", "says"), [(cut, 0, "1 file of the archive cut short"), (damaged, 1, "1 record of")]
)
def test_what_is_damaged_is_told_and_the_rest_is_read(crawl, site, harm, status, says):
    crawl("--all")
    [path] = (crawl.folder / "warc").glob("*.warc.gz")
    path.write_bytes(harm(path.read_bytes()))
    ended = replay(crawl, db=crawl.folder / "fresh.db")
    assert ended.status == status
    assert says in ended.results["replay"]["advice"]
    assert len(ended.stderr.splitlines()) == 1
    assert f"{path} at byte " in ended.stderr
    then = crawl.column("select count(*) from articles")[0]
    crawl.db = crawl.folder / "fresh.db"
    assert then - 31 <= crawl.column("select count(*) from articles")[0] <= then


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "there is no archive at"),
        (lambda path: path.mkdir(), "there are no WARC files in"),
        (
            lambda path: path.write_bytes(b"SQLite format 3\0"),
            "is no WARC file that can be read: it begins with b'SQLite",
        ),
        (lambda path: path.write_bytes(b"WARC/3.0\r\nContent-Length: 0\r\n\r\n"), "has records of the form WARC/3.0"),
    ],
)
def test_what_is_no_archive_is_one_sentence_and_nothing_is_written(tmp_path, make, says):
    make(tmp_path / "a.warc")
    ended = Command(tmp_path, "replay", tmp_path / "a.warc", "--db", tmp_path / "news.db").end()
    assert (ended.status, ended.stdout) == (2, "")
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert {path.name for path in tmp_path.iterdir()} <= {"a.warc", "stdout", "stderr"}


def test_a_source_that_is_not_there_is_one_sentence_and_nothing_is_written(crawl, site):
    crawl("cls_depth", "eastmoney")
    ended = replay(crawl, "--source", "cls_depht", db=crawl.folder / "fresh.db")
    assert ended.status == 2
    assert "nothing in these archives is of the source 'cls_depht'; there are cls_depth, eastmoney" in ended.stderr
    assert not (crawl.folder / "fresh.db").exists()


# -- what is told on the way --------------------------------------------------------------------------------------------


def test_terminal_sees_a_bar(crawl, site):
    crawl("cls_depth")
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "newscrawl", "replay", str(crawl.folder / "warc"), "--db", str(crawl.db)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=slave, text=True) as process:
        os.close(slave)
        out = process.stdout.read()
        process.wait(60)
    shown = os.read(master, 100_000).decode()
    os.close(master)
    assert "100%" in shown
    assert out.startswith("replay: nothing_new (found ")
