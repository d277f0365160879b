import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.errors import LockedError, StorageError
from newscrawl.storage.lock import SourceLock, is_running

# Takes the lock, says so, and keeps it until its standard input ends.
HOLDER = """
import sys
from pathlib import Path
from newscrawl.storage.lock import SourceLock
with SourceLock(Path(sys.argv[1]), "cls_telegraph"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(path: Path) -> "subprocess.Popen[str]":
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    assert child.stdout.readline() == "held\n"
    return child


def test_a_second_run_is_told_at_once(path: Path) -> None:
    with SourceLock(path, "cls_telegraph"), pytest.raises(LockedError, match="another run of cls_telegraph"):
        SourceLock(path, "cls_telegraph").__enter__()


def test_other_sources_and_databases_do_not_wait(path: Path) -> None:
    with SourceLock(path, "cls_telegraph"), SourceLock(path, "cls_depth") as other:
        assert other.path == path.with_name("news.db.cls_depth.lock")
        with SourceLock(path.with_name("other.db"), "cls_telegraph"):
            assert is_running(path.with_name("other.db"), "cls_telegraph")


def test_a_lock_is_free_after_its_block(path: Path) -> None:
    for _ in range(2):
        with SourceLock(path, "cls_telegraph"):
            assert is_running(path, "cls_telegraph")
    assert not is_running(path, "cls_telegraph")


def test_asking_whether_a_run_is_under_way_makes_no_file(path: Path) -> None:
    assert not is_running(path, "cls_telegraph")
    assert list(path.parent.iterdir()) == []


def test_a_killed_run_leaves_nothing_behind(path: Path) -> None:
    with holder(path) as child:
        assert is_running(path, "cls_telegraph")
        child.kill()
    with SourceLock(path, "cls_telegraph") as lock:
        assert lock.path.exists()


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot open the lock file"):
        SourceLock(tmp_path / "nothing" / "news.db", "cls_telegraph").__enter__()
