"""How far a crawl by several workers has come: with its run, and gone when its end is known to all."""

from newscrawl.storage.cluster import START, ClusterStore
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.transactions import immediate


def test_position_comes_and_goes_with_its_crawl(tmp_path):
    db = open_database(tmp_path / "news.db")
    store, ledger = ClusterStore(db), Ledger(db, "cls_depth", version="1")
    assert store.get("a") is None
    with immediate(db):
        store.begin("a", ledger.run_id)
    assert (store.get("a").entry, store.get("a").state, store.crawls()) == (START, None, ["a"])
    ledger.found(3)
    ledger.skip("advert")
    ledger.flush()
    for entry, lists in (("5-1", b"lists"), ("6-1", None)):
        with immediate(db):
            store.write("a", entry, b"state", lists)
    position = store.get("a")
    assert (position.entry, position.state, position.lists) == ("6-1", b"state", b"lists")
    assert position.run.started_at == ledger.started_at.replace(microsecond=0)
    assert (position.run.id, position.run.source, position.run.version) == (ledger.run_id, "cls_depth", "1")
    assert (position.counts.found, position.skipped_kinds, position.has_ended) == (3, {"advert": 1}, False)
    ledger.finish("ok", 0)
    assert store.get("a").has_ended
    store.forget("a")
    assert store.crawls() == []


def test_ledger_goes_on_with_a_run_that_another_process_began(tmp_path):
    db = open_database(tmp_path / "news.db")
    first = Ledger(db, "cls_depth", version="1")
    second = Ledger(db, "cls_depth", version="1", begun=first._mark)
    second.found(2)
    second.finish("ok", 0)
    assert db.execute("select count(*), max(found), max(outcome) from runs").fetchone() == (1, 2, "ok")
