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
    assert walk.covered == (80, 90)


def test_later_crawl_goes_back_until_it_meets_what_is_complete():
    walk = Walk(channel="c", stretches=[(10, 50)])
    assert walked(walk, page(90, 80), page(79, 60), page(59, 45)) == ["next", "next", None]
    assert walk.covered == (45, 90)


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
    assert walk.covered == (70, 75)


def test_until_is_not_stopped_by_a_stretch_that_lies_above_it():
    walk = Walk(channel="c", stretches=[(80, 90)], until=75, since=60)
    assert walked(walk, page(89, 81), page(79, 61), page(60, 50)) == ["next", "next", None]
    assert walk.covered == (60, 75)


def test_stretch_of_nothing_is_not_covered():
    walk = Walk(channel="c", since=95)
    walk.read(page(90, 80))
    assert walk.covered is None


def test_unfinished_walk_covers_nothing():
    walk = Walk(channel="c", stretches=[(1, 2)])
    walk.read(page(90, 80))
    assert walk.covered is None


def test_editors_choice_of_old_stories_does_not_end_a_walk():
    walk = Walk(channel="c", stretches=[(10, 50)])
    assert walked(walk, page(20, 90, 80), page(79, 40)) == ["next", None]
    assert walk.covered == (40, 90)


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


def test_reach_is_the_last_rows_and_bears_a_little_disorder_on_a_long_page():
    times = [1, *range(90, 60, -1), 20, 59]
    assert reach([Row(url="https://a.b/", at=at) for at in times]) == 61
    assert reach([Row(url="https://a.b/", at=at) for at in (1, 9, 8)]) == 8
    assert reach([Row(url="https://a.b/", at=None)]) is None


@given(
    times=st.lists(st.integers(1, 400), min_size=1, max_size=120, unique=True),
    size=st.integers(1, 9),
    covered=st.lists(st.tuples(st.integers(1, 400), st.integers(0, 60)), max_size=3),
    since=st.one_of(st.none(), st.integers(1, 400)),
)
def test_everything_between_the_ends_of_a_covered_walk_was_listed(times, size, covered, since):
    times = sorted(times, reverse=True)
    stretches = [(start, start + length) for start, length in covered]
    walk, listed = Walk(channel="c", stretches=stretches, since=since), set()
    for start in range(0, len(times), size):
        rows = times[start : start + size]
        listed.update(rows)
        if walk.read(page(*rows, cursor="next" if start + size < len(times) else None)) is None:
            break
    assert walk.complete
    if walk.covered:
        first, last = walk.covered
        assert {at for at in times if first <= at <= last} <= listed
    if since is None and stretches and not walk.ended_early:
        assert any(walk.oldest <= end for _, end in stretches)


def test_recent_forgets_the_oldest_first():
    recent = Recent(most=2)
    assert recent.fresh(["a", "b", "a"]) == ["a", "b"]
    assert recent.fresh(["c"]) == ["c"]
    assert recent.fresh(["b", "a"]) == ["a"]
