"""Archives in order of time, and the journal in them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from newscrawl.items import Failure
from newscrawl.storage.archive import Archive
from newscrawl.storage.archive_catalogue import Catalogue
from newscrawl.storage.archive_records import ArchiveProblem
from newscrawl.storage.history import History
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.lists import ListNotes
from tests.storage.conftest import Clock, make_article
from tests.storage.test_archive import NOON, PAGE, noise, read, warc_files, write

URL = "https://www.cls.cn/detail"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warc"


def archived(folder: Path, *pages: dict[str, Any]) -> None:
    """A file of its own."""
    for index in folder.glob("digests.db*"):
        index.unlink()
    archive = Archive(folder)
    for page in pages:
        number, minute = page.pop("number"), page.pop("minute")
        write(archive, number, page.pop("body", noise(100)), fetched_at=NOON + timedelta(minutes=minute), **page)
    archive.close()


def told(catalogue: Catalogue, **selection: Any) -> list[str]:
    """The stories as they come: the last letters of the addresses of all parts."""
    stories = list(catalogue.stories(**selection))
    assert len(stories) == catalogue.count(**selection)
    return ["+".join(answer.url.removeprefix(f"{URL}/") for answer in story) for story in stories]


def test_several_files_are_one_archive_in_order_of_time(folder: Path) -> None:
    archived(folder, {"number": 1, "minute": 1}, {"number": 4, "minute": 4})
    archived(folder, {"number": 2, "minute": 2}, {"number": 3, "minute": 3})
    with Catalogue([folder]) as catalogue:
        assert told(catalogue) == ["1", "2", "3", "4"]
    with Catalogue(reversed(warc_files(folder))) as catalogue:
        assert told(catalogue) == ["1", "2", "3", "4"]


def test_a_file_that_is_named_twice_is_read_once(folder: Path) -> None:
    archived(folder, {"number": 1, "minute": 1})
    with Catalogue([folder, *warc_files(folder)]) as catalogue:
        assert told(catalogue) == ["1"]


def test_sources_and_times_choose(folder: Path) -> None:
    archived(
        folder,
        {"number": 1, "minute": 0},
        {"number": 2, "minute": 1, "source": "eastmoney", "role": "listing"},
        {"number": 3, "minute": 2, "source": "eastmoney", "role": "robots"},
        {"number": 4, "minute": 3},
    )
    noon = int(NOON.timestamp())
    with Catalogue([folder]) as catalogue:
        assert catalogue.sources() == ["cls_depth", "eastmoney"]
        assert told(catalogue) == ["1", "2", "4"]
        assert told(catalogue, sources=["eastmoney"]) == ["2"]
        assert told(catalogue, since=noon + 60) == ["2", "4"]
        assert told(catalogue, until=noon) == ["1"], "the whole second is inside"
        assert told(catalogue, since=noon + 61, until=noon + 179) == []


def test_the_parts_of_a_story_come_with_its_first(folder: Path) -> None:
    def part(number: int, minute: float, part: int, of: int = 1, **more: str) -> dict[str, Any]:
        context = {"part_of": f"{URL}/{of}", "part": str(part)}
        return {"number": number, "minute": minute, "context": context, **more}

    archived(
        folder,
        {"number": 1, "minute": 1},
        {"number": 5, "minute": 1.1},
        part(13, 1.3, 3),
        part(12, 1.2, 2),
        part(14, 1.4, 2, source="eastmoney"),
        {"number": 1, "minute": 2},
        part(12, 2.1, 2),
    )
    with Catalogue([folder]) as catalogue:
        assert told(catalogue) == ["1+12+13", "5", "1+12"]
        first, again = (story for story in catalogue.stories() if len(story) > 1)
        assert first[1].body != again[1].body
        found = catalogue.story_at(again[1].fetched_at, {"cls_depth"}, {f"{URL}/12"})
        assert found == again, "a part leads to its story"


def test_a_revisit_of_bytes_in_a_later_file_is_resolved(folder: Path) -> None:
    archive = Archive(folder)
    write(archive, 1, PAGE)
    write(archive, 1, PAGE, fetched_at=NOON - timedelta(minutes=1))
    archive.close()
    with Catalogue([folder]) as catalogue:
        assert [story[0].body for story in catalogue.stories()] == [PAGE, PAGE]


def test_an_answer_that_cannot_be_read_leaves_an_empty_story(folder: Path) -> None:
    archived(folder, {"number": 1, "minute": 1, "body": b"no gzip", "headers": [("Content-Encoding", "gzip")]})
    problems: list[ArchiveProblem] = []
    with Catalogue([folder], problems.append) as catalogue:
        assert list(catalogue.stories()) == [()]
    assert "cannot be unpacked" in problems[0].reason


# -- damage -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0, 3, 10, 40, 150])
@pytest.mark.parametrize("which", [0, 1, 2, 3])
def test_behind_a_damaged_record_the_next_is_read(folder: Path, which: int, at: int) -> None:
    archived(folder, *({"number": number, "minute": number} for number in (1, 2, 3)))
    [path] = warc_files(folder)
    content = bytearray(path.read_bytes())
    members = [place for place in range(len(content)) if content[place : place + 3] == b"\x1f\x8b\x08"]
    content[members[which] + at] ^= 0xFF
    path.write_bytes(content)
    problems: list[ArchiveProblem] = []
    answers = read(path, problems=problems)
    assert [answer.url[-1] for answer in answers] == [str(number) for number in (1, 2, 3) if number != which] or at == 3
    assert all((problem.offset, problem.cut) == (members[which], False) for problem in problems)
    assert len(problems) == 1 or (at == 3 and not problems)  # a flag of gzip's header may mean nothing


def test_a_record_that_only_looks_like_one_is_not_found_behind_damage(folder: Path) -> None:
    """Bytes that begin like a gzip member, and hold no record."""
    archived(folder, {"number": 1, "minute": 1}, {"number": 2, "minute": 2})
    [path] = warc_files(folder)
    content = path.read_bytes()
    second = content.rindex(b"\x1f\x8b\x08")
    path.write_bytes(content[:second] + b"\x1f\x8b\x08\0 and so on" * 3 + content[second:])
    problems: list[ArchiveProblem] = []
    assert len(read(path, problems=problems)) == 2
    assert [problem.offset for problem in problems] == [second]


# -- the journal --------------------------------------------------------------------------------------------------------

Run = Callable[..., None]


@pytest.fixture
def run(db: Database, clock: Clock, folder: Path) -> Run:
    def run(*numbers: int, source: str = "cls_telegraph") -> None:
        """A run that stores articles, each batch one."""
        archive = Archive(folder)
        ledger = Ledger(db, source, version="0.1.0", clock=clock, archive=archive, batch=1)
        for number in numbers:
            clock.move(seconds=1)
            ledger.add(make_article(number, source=source))
        ledger.finish("ok", 0)
        archive.close()

    return run


def numbers(history: History) -> list[int]:
    return [entry.number for batch in history.batches() for entry in batch.entries]


def test_a_batch_is_told_as_it_was(db: Database, run: Run, clock: Clock, folder: Path) -> None:
    archive = Archive(folder)
    before = Ledger(db, "cls_depth", version="0.1.0", clock=clock)
    before.fail(Failure(url=f"{URL}/4", source="cls_depth", kind="http", reason="HTTP status 500"))
    before.flush()
    ledger = Ledger(db, "cls_depth", version="0.1.0", clock=clock, archive=archive)
    ledger.found(4)
    ledger.mark_floor("1000", 1795182000)
    article = make_article(1, aliases=(f"{URL}/alias",), backfilled=True, fetched_at=NOON)
    ledger.add(article)
    ledger.fail(Failure(url=f"{URL}/2", source="cls_depth", kind="layout", reason="没有正文"))
    ledger.skip("advert", f"{URL}/4")
    ledger.seen([f"{URL}/3"])
    ledger.lists.cover("1000", 1795182000, 1795182400)
    ledger.lists.ends_at("1003", 1795000000)
    ledger.lists.read("1000", NOON)
    clock.move(minutes=1)
    ledger.finish("partial", 1, "1 page is not stored")
    archive.close()
    with Catalogue([folder]) as catalogue:
        assert list(catalogue.stories()) == []
        [end] = catalogue.history.ends()
        assert catalogue.history.follow(end.id) == (2, 0)
        floor, rest = catalogue.history.batches()
    assert (floor.lists, floor.entries, floor.state.end) == (ListNotes(floors={"1000": 1795182000}), [], None)
    assert (rest.run.id, rest.run.source, rest.run.version) == (ledger.run_id, "cls_depth", "0.1.0")
    assert rest.run.started_at == clock() - timedelta(minutes=1)
    [entry] = rest.entries
    assert (entry.number, entry.source, entry.at) == (1, "cls_telegraph", NOON)
    assert (entry.urls, entry.backfilled, entry.same) == ((f"{URL}/1", f"{URL}/alias"), True, False)
    assert [failure.reason for failure in rest.failures] == ["没有正文"]
    assert (rest.seen, rest.skipped) == ([f"{URL}/3"], [f"{URL}/4"])
    covered = {"1000": [(1795182000, 1795182400)]}
    assert rest.lists == ListNotes(covered=covered, ends={"1003": 1795000000}, read={"1000": NOON})
    assert rest.state.counts == ledger.counts
    assert rest.state.skipped_kinds == {"advert": 1}
    assert rest.state.end
    assert (rest.state.end.outcome, rest.state.end.at) == ("partial", clock())


def test_flushing_nothing_tells_nothing(db: Database, clock: Clock, folder: Path) -> None:
    archive = Archive(folder)
    ledger = Ledger(db, "cls_depth", version="0", clock=clock, archive=archive)
    for _ in range(3):
        ledger.flush()
    archive.close()
    assert warc_files(folder) == []


def test_an_unchanged_article_is_told_as_such(db: Database, run: Run, folder: Path) -> None:
    run(1, 2)
    run(2, 1)
    with Catalogue([folder]) as catalogue:
        [end] = catalogue.history.ends()
        catalogue.history.follow(end.id)
        entries = [entry for batch in catalogue.history.batches() for entry in batch.entries]
    assert [(entry.number, entry.same) for entry in entries] == [(1, False), (2, False), (2, True), (1, True)]


def test_a_record_that_was_never_committed_is_not_gone_back_to(db: Database, run: Run, folder: Path) -> None:
    run(1)
    [last] = db.execute("select last from journal").fetchone()
    run(2)
    db.execute("delete from articles where id = 2")  # as if the machine had lost the batch
    db.execute("update journal set last = ?", [last])
    run(3)
    with Catalogue([folder]) as catalogue:
        [end] = catalogue.history.ends()
        count, gaps = catalogue.history.follow(end.id)
        assert (count, gaps) == (4, 0)
        assert numbers(catalogue.history) == [1, 2]


def test_a_first_record_that_was_never_committed_is_no_other_database(db: Database, run: Run, folder: Path) -> None:
    ledger = Ledger(db, "cls_telegraph", version="0.1.0")
    [name] = db.execute("select last from journal").fetchone()
    run(1)
    db.execute("delete from articles")  # as if the machine had lost all but the beginning of the first run
    db.execute("update journal set last = ?", [name])
    run(2)
    with Catalogue([folder]) as catalogue:
        [end] = catalogue.history.ends()
        assert catalogue.history.follow(end.id) == (2, 0)
        assert numbers(catalogue.history) == [1]
    assert ledger.run_id == 1


def test_a_damaged_record_of_the_journal_is_a_gap(run: Run, folder: Path) -> None:
    run(1, 2, 3, 4)
    [path] = warc_files(folder)
    content = bytearray(path.read_bytes())
    members = [place for place in range(len(content)) if content[place : place + 3] == b"\x1f\x8b\x08"]
    content[members[2] + 60] ^= 0xFF
    path.write_bytes(content)
    problems: list[ArchiveProblem] = []
    with Catalogue([folder], problems.append) as catalogue:
        [end] = catalogue.history.ends()
        assert catalogue.history.follow(end.id) == (4, 1)
        assert numbers(catalogue.history) == [1, 3, 4]
    assert len(problems) == 1


def test_a_record_may_be_named_by_its_beginning(run: Run, db: Database, folder: Path) -> None:
    run(1)
    [last] = db.execute("select last from journal").fetchone()
    with Catalogue([folder]) as catalogue:
        assert catalogue.history.find(last.removeprefix("urn:sha256:")[:8]) == [last]
        assert catalogue.history.find("sha256") == []


def test_other_programs_metadata_is_no_journal(folder: Path) -> None:
    archived(folder, {"number": 1, "minute": 1})
    with Catalogue([folder]) as catalogue:
        assert catalogue.history.ends() == []
