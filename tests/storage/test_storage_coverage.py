from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from newscrawl.storage.coverage import CoverageStore, Stretch, merged

stretches = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 12)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=12
)


def seconds(covered: list[Stretch]) -> set[int]:
    return {second for start, end in covered for second in range(start, end + 1)}


@given(stretches)
def test_merging_keeps_exactly_the_same_seconds(covered: list[Stretch]) -> None:
    assert seconds(merged(covered)) == seconds(covered)


@given(stretches)
def test_merged_stretches_are_apart_and_newest_first(covered: list[Stretch]) -> None:
    whole = merged(covered)
    assert all(older[1] + 1 < newer[0] for newer, older in pairwise(whole))


def test_sources_and_channels_are_apart(db: Database) -> None:
    store = CoverageStore(db)
    store.add("cls_depth", "1000", [(10, 20)])
    store.add("cls_depth", "1003", [(15, 30)])
    store.add("eastmoney", "1000", [(21, 40)])
    assert store.stretches("cls_depth", "1000") == [(10, 20)]
    assert store.stretches("cls_depth", "1003") == [(15, 30)]


def test_a_bridge_joins_two_stretches_in_the_table(db: Database) -> None:
    store = CoverageStore(db)
    store.add("cls_telegraph", "", [(10, 20), (40, 50)])
    store.add("cls_telegraph", "", [(21, 39)])
    rows = [(row["from_ts"], row["to_ts"]) for row in db.table("coverage").rows]
    assert rows == [(10, 50)]


def test_adding_what_is_covered_writes_nothing(db: Database) -> None:
    store = CoverageStore(db)
    store.add("cls_telegraph", "", [(10, 20)])
    before = db.conn.total_changes
    store.add("cls_telegraph", "", [(12, 15)])
    assert db.conn.total_changes == before
