"""How far back a list is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import EmptyPage, LayoutError
from newscrawl.spiders.paging import Listing, Recent, Row, Walk, reach


def page(*times, cursor="next"):
    rows = [Row(url=f"https://a.b/{at}", at=at) for at in times]
    return Listing(rows=rows, cursor=cursor, reaches=reach(rows))


def walked(walk, *pages):
    """The cursors that a walk answers its pages with."""
    return [walk.read(each) for each in pages]


def test_first_crawl_takes_the_newest_page_only():
    walk = Walk(channel="c")
    assert walked(walk, page(90, 80)) == [None]
    assert walk.covered == (81, 90)


def test_later_crawl_goes_back_until_it_meets_what_is_complete():
    walk = Walk(channel="c", stretches=[(10, 50)])
    assert walked(walk, page(90, 80), page(79, 60), page(59, 45)) == ["next", "next", None]
    assert walk.covered == (46, 90)


def test_page_that_jumps_over_a_short_stretch_has_met_it():
    walk = Walk(channel="c", stretches=[(50, 50)])
    assert walked(walk, page(90, 40)) == [None]


def test_walk_stops_where_the_list_ends():
    walk = Walk(channel="c", stretches=[(1, 2)])
    assert walked(walk, page(90, 80), page(79, 70, cursor=None)) == ["next", None]
    assert walk.covered == (70, 90)


def test_page_with_no_story_not_met_before_is_the_lists_end():
    walk = Walk(channel="c", stretches=[(1, 2)])
    assert walked(walk, page(90, 80), page(80)) == ["next", None]
    assert walk.complete


def test_since_goes_past_what_is_complete_and_nothing_older_counts_as_covered():
    walk = Walk(channel="c", stretches=[(70, 95)], since=65)
    assert walked(walk, page(90, 80), page(79, 66), page(65, 60)) == ["next", "next", None]
    assert walk.covered == (65, 90)


def test_since_goes_on_while_the_oldest_second_asked_for_may_have_more():
    assert walked(Walk(channel="c", since=80), page(90, 80)) == ["next"]


def test_until_reads_on_from_above_and_covers_nothing_later():
    walk = Walk(channel="c", until=75)
    assert walked(walk, page(90, 80), page(79, 70)) == ["next", None]
    assert walk.covered == (71, 75)


def test_until_is_not_stopped_by_a_stretch_that_lies_above_it():
    walk = Walk(channel="c", stretches=[(80, 90)], until=75, since=60)
    assert walked(walk, page(89, 81), page(79, 61), page(60, 50)) == ["next", "next", None]
    assert walk.covered == (60, 75)


def test_second_of_the_last_row_is_not_covered_since_it_may_go_on_on_the_next_page():
    walk = Walk(channel="c", stretches=[(10, 60)])
    assert walked(walk, page(90, 60)) == [None]
    assert walk.covered == (61, 90), "which touches what was covered before"


def test_story_dated_ahead_hides_nothing_that_is_still_to_come():
    walk = Walk(channel="c", now=95)
    walk.read(page(500, 90, 80))
    assert walk.covered == (81, 95)


def test_stretch_of_nothing_is_not_covered():
    walk = Walk(channel="c", since=95)
    walk.read(page(90, 80))
    assert walk.covered is None


@pytest.mark.parametrize("asked", [{"stretches": [(1, 2)]}, {"since": 50}])
def test_unfinished_walk_covers_nothing(asked):
    walk = Walk(channel="c", **asked)
    walk.read(page(90, 80))
    assert walk.covered is None


def test_editors_choice_of_old_stories_does_not_end_a_walk():
    walk = Walk(channel="c", stretches=[(10, 50)])
    assert walked(walk, page(20, 90, 80), page(79, 40)) == ["next", None]
    assert walk.covered == (41, 90)


def test_first_page_without_rows_is_refused():
    with pytest.raises(EmptyPage):
        Walk(channel="c").read(page())


def test_later_page_without_rows_is_the_lists_end():
    assert walked(Walk(channel="c", stretches=[(1, 2)]), page(90), page()) == ["next", None]


def test_list_without_end_is_given_up_with_a_word():
    walk = Walk(channel="c", stretches=[(1, 2)], most_pages=2)
    walk.read(page(90))
    with pytest.raises(LayoutError, match="no end"):
        walk.read(page(80))
    assert walk.covered is None


def test_list_whose_rows_tell_no_time_is_refused():
    with pytest.raises(LayoutError, match="tells its time"):
        Walk(channel="c").read(Listing(rows=[Row(url="https://a.b/1", at=None)], cursor="next", reaches=None))


def test_list_that_ends_before_what_was_complete_is_told_apart():
    walk = Walk(channel="c", stretches=[(1, 2)])
    walk.read(page(90, 80, cursor=None))
    assert (walk.complete, walk.ended_early) == (True, True)


def test_end_of_a_list_is_known_where_it_says_so():
    empty, again = Walk(channel="c", since=1), Walk(channel="c", since=1)
    assert walked(empty, page(90, 80), page(cursor=None)) == ["next", None]
    assert walked(again, page(90, 80), page(80)) == ["next", None]
    assert (empty.ends_at, again.ends_at) == (80, 80)
    assert (empty.covered, again.covered) == ((80, 90), (80, 90))


def test_newest_page_over_again_is_no_end_of_a_list():
    walk = Walk(channel="c", since=1)
    assert walked(walk, page(90, 80), page(90, 80)) == ["next", None]
    assert (walk.ended_early, walk.ends_at) == (True, None)
    assert walk.covered == (81, 90)


def test_list_that_begins_below_what_is_known_has_nothing_above_its_first_row():
    walk = Walk(channel="c", since=50, until=75, known_above=True, jumped=75)
    walk.read(page(70, 60))
    assert walk.listed == (61, 75)
    assert walk.covered is None


def test_list_that_was_read_from_its_top_tells_nothing_above_its_first_row():
    walk = Walk(channel="c", since=50, until=75, known_above=True)
    walk.read(page(70, 60))
    assert walk.listed == (61, 70), "it may be an old copy"


def test_nothing_at_all_where_a_list_was_jumped_into_ends_it():
    walk = Walk(channel="c", since=50, until=75, jumped=75)
    with pytest.raises(EmptyPage):
        walk.read(page())
    walk.end()
    assert (walk.complete, walk.ended_early, walk.ends_at, walk.covered) == (True, True, 76, None)


def test_reach_is_the_last_rows_and_bears_a_little_disorder_on_a_long_page():
    times = [1, *range(90, 60, -1), 20, 59]
    assert reach([Row(url="https://a.b/", at=at) for at in times]) == 61
    assert reach([Row(url="https://a.b/", at=at) for at in (1, 9, 8)]) == 8
    assert reach([Row(url="https://a.b/", at=None)]) is None


def pages_of(rows, size, *, numbered):
    """A list as a site gives it: by numbered pages, or each from the second of the last one's last row on; to its end."""
    start = 0
    while start < len(rows):
        shown = rows[start : start + size]
        yield shown
        first_of_last = next(i for i, row in enumerate(rows) if row.at == shown[-1].at)
        stands_still = not numbered and first_of_last == start
        start = len(rows) if stands_still else start + size if numbered else first_of_last
        if stands_still:
            return
    yield []


@given(
    times=st.lists(st.integers(1, 400), min_size=1, max_size=120).map(lambda times: sorted(times, reverse=True)),
    size=st.integers(10, 40) | st.integers(1, 9),
    numbered=st.booleans(),
    covered=st.lists(st.tuples(st.integers(1, 400), st.integers(0, 60)), max_size=3),
    since=st.one_of(st.none(), st.integers(1, 400)),
)
def test_all_that_a_walk_calls_covered_was_listed(times, size, numbered, covered, since):
    rows = [Row(url=f"https://a.b/{number}", at=at) for number, at in enumerate(times)]
    stretches = [(start, start + length) for start, length in covered]
    walk, listed = Walk(channel="c", stretches=stretches, since=since), set()
    for shown in pages_of(rows, size, numbered=numbered):
        listed |= {row.url for row in shown}
        cursor = walk.read(Listing(rows=shown, cursor="next" if shown else None, reaches=reach(shown)))
        first, last = walk.listed or (1, 0)
        assert {row.url for row in rows if first <= row.at <= last} <= listed
        if cursor is None:
            break
    if walk.ends_at is not None:
        assert listed == {row.url for row in rows}
    if walk.complete and since is None and stretches and not walk.ended_early:
        assert any(walk.oldest <= end for _, end in stretches)


def test_recent_forgets_the_oldest_first():
    recent = Recent(most=2)
    assert recent.fresh(["a", "b", "a"]) == ["a", "b"]
    assert recent.fresh(["c"]) == ["c"]
    assert recent.fresh(["b", "a"]) == ["a"]
