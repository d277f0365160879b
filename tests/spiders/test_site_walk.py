"""How far the lists of a site without code are read."""

import pytest

from newscrawl.listing.found import Entry, Found
from newscrawl.spiders.paging import Walk
from newscrawl.spiders.site_walk import MOST_BARREN, SiteWalk, is_past, is_settled, may_be_within
from newscrawl.storage.walks import Seen, Walked


def walk(**more):
    return SiteWalk(channel="/1", **{"most_pages": 20, "most_depth": 3, **more})


def page(*numbers, following=None, kind="page", lists=()):
    entries = tuple(Entry(url=f"/{number}.html") for number in numbers)
    return Found(kind=kind, entries=entries, next=following, lists=tuple(Entry(url=each) for each in lists))


def test_walk_goes_from_page_to_page_to_the_lists_end():
    steps = walk()
    assert steps.read(page(1, 2, following="/2"), 0, last=False) == ("/2", 0)
    assert not steps.complete
    assert steps.read(page(3), 0, last=False) is None
    assert (steps.complete, steps.cut, steps.works) == (True, "", True)


def test_walk_ends_at_a_page_that_is_settled():
    steps = walk()
    assert steps.read(page(1, following="/2"), 0, last=True) is None
    assert steps.complete


def test_page_moved_down_by_new_stories_is_no_end():
    steps = walk()
    steps.read(page(1, 2, following="/2"), 0, last=False)
    assert steps.read(page(1, 2, following="/3"), 0, last=False) == ("/3", 0)
    assert steps.read(page(3, following="/4"), 0, last=False) == ("/4", 0)


def test_list_that_runs_in_a_circle_or_repeats_itself_is_left():
    circle = walk(seen={"/1"})
    circle.read(page(1, following="/2"), 0, last=False)
    assert circle.read(page(2, following="/1"), 0, last=False) is None
    assert (circle.complete, circle.cut) == (True, "")
    repeats = walk()
    asked = [repeats.read(page(1, following=f"/{n}"), 0, last=False) for n in range(2, 3 + MOST_BARREN)]
    assert asked == [("/2", 0), ("/3", 0), ("/4", 0), None]
    assert "3 in a row held nothing new: left after 4" in repeats.cut


def test_bound_on_pages():
    steps = walk(most_pages=2)
    steps.read(page(1, following="/2"), 0, last=False)
    assert steps.read(page(2, following="/3"), 0, last=False) is None
    assert (steps.complete, steps.cut[:21]) == (True, "goes on after 2 pages")


def test_sitemaps_of_an_index_are_all_read_whatever_became_of_one():
    steps = walk()
    assert steps.read(page(kind="sitemapindex", lists=("/a", "/b", "/c")), 0, last=False) == ("/a", 1)
    assert steps.read(page(1, kind="sitemap"), 1, last=True) == ("/b", 1)
    assert steps.skip(whole=False) == ("/c", 1)
    assert steps.read(page(2, kind="sitemap"), 1, last=False) is None
    assert not steps.complete, "one of them was not read"


def test_index_within_an_index_has_its_bound():
    steps = walk(most_depth=1)
    assert steps.read(page(kind="sitemapindex", lists=("/a",)), 0, last=False) == ("/a", 1)
    assert steps.read(page(kind="sitemapindex", lists=("/b", "/c")), 1, last=False) is None
    assert (steps.complete, steps.works) == (True, False)
    assert "2 sitemaps lie deeper than 1 indexes" in steps.cut


def test_unchanged_list_is_the_end_and_held_stories():
    steps = walk()
    assert steps.skip(whole=True) is None
    assert (steps.complete, steps.works) == (True, True)


def test_page_is_settled_when_all_of_it_is():
    before = Walked("2026-11-20 22:00:00+08:00", 5)
    seen = {"/1": Seen("2026-11-20 21:00:00+08:00", 1), "/2": Seen("2026-11-20 21:00:00+08:00", 6)}
    assert is_settled(["/1"], before, seen)
    assert not is_settled(["/1", "/2"], before, seen)
    assert not is_settled(["/1", "/3"], before, seen)
    assert not is_settled([], before, seen)


@pytest.mark.parametrize(
    ("earliest", "latest", "since", "until", "within"),
    [
        (None, None, 5, 9, True),
        (1, 4, 5, None, False),
        (1, 5, 5, None, True),
        (9, None, None, 9, True),
        (10, None, None, 9, False),
        (None, 3, None, 9, True),
    ],
)
def test_what_may_lie_within_a_stretch(earliest, latest, since, until, within):
    assert may_be_within(Entry(url="/", earliest=earliest, latest=latest), since, until) is within


def test_page_is_past_when_all_of_it_surely_is():
    def of(*entries):
        return Found(kind="page", entries=entries)

    assert is_past(of(Entry(url="/1", latest=3), Entry(url="/2", at=4, latest=9)), 5)
    assert not is_past(of(Entry(url="/1", latest=3), Entry(url="/2")), 5)
    assert not is_past(of(Entry(url="/1", latest=5)), 5)
    assert not is_past(of(), 5)
    assert not is_past(of(Entry(url="/1", latest=3)), None)


@pytest.mark.parametrize("times", [(9, 7, 5), (5, 7, 9), (8, 9, 5)])
def test_feed_in_either_order_adds_its_stretch_to_coverage(times):
    steps = walk(dated=Walk(channel="/1"))
    entries = tuple(Entry(url=f"/{at}", at=at) for at in times)
    steps.add_dates(Found(kind="rss", entries=entries))
    assert steps.covered == (5, 9)


@pytest.mark.parametrize(("kind", "times"), [("rss", (9, None)), ("page", (9, 7)), ("sitemap", (9, 7)), ("atom", ())])
def test_list_that_does_not_tell_the_time_of_all_says_nothing_of_coverage(kind, times):
    steps = walk(dated=Walk(channel="/1"))
    entries = tuple(Entry(url=f"/{number}", at=at) for number, at in enumerate(times))
    assert steps.add_dates(Found(kind=kind, entries=entries)) is None
    assert steps.covered is None
