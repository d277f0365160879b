"""What a backfill asks for, in which order, and what it says of it."""

from newscrawl.progress import filling_line
from newscrawl.spiders.backfill import Known, plan
from newscrawl.spiders.paging import Listing, Row, reach

HOUR = 3600
NOON = 1795147200
"""2026-11-20 12:00 in Beijing."""


def page(*times, cursor="next"):
    rows = [Row(url=f"https://a.b/{at}", at=at) for at in times]
    return Listing(rows=rows, cursor=cursor, reaches=reach(rows))


def known(*stretches, ends_at=None):
    """Stretches in hours after noon, newest first; the last second is left out."""
    return Known(complete=[(NOON + a * HOUR, NOON + b * HOUR - 1) for a, b in stretches], ends_at=ends_at)


def planned(since=0, until=None, **lists):
    last = None if until is None else NOON + int(until * HOUR) - 1
    return plan(lists, NOON + since * HOUR, last, now=NOON + 20 * HOUR)


def begun(backfill):
    """Its walks, in lists that can begin anywhere."""
    for walk in backfill.walks.values():
        walk.jumped = walk.until
    return backfill


def left_of(backfill):
    return {channel: ((first - NOON) / HOUR, (last + 1 - NOON) / HOUR) for channel, (first, last) in backfill.left()}


def test_only_what_is_missing_up_to_the_newest_known_is_asked_for():
    backfill = planned(a=known((6, 8), (2, 4)), b=known((0, 9)))
    assert list(backfill.walks) == ["a"]
    walk = backfill.walks["a"]
    assert (walk.since, walk.until, walk.known_above) == (NOON, NOON + 6 * HOUR - 1, True)
    assert [gap for _, gap in backfill.left()] == [(NOON + 4 * HOUR, walk.until), (NOON, NOON + 2 * HOUR - 1)]


def test_until_later_than_all_that_is_known_is_left_to_a_crawl():
    assert planned(until=12, a=known((0, 6))).walks == {}
    assert left_of(planned(until=3, a=known((4, 6)))) == {"a": (0, 3)}


def test_list_of_which_nothing_is_known_is_read_from_its_newest_page_or_from_until():
    assert planned(a=Known()).walks["a"].until is None
    walk = planned(until=3, a=Known()).walks["a"]
    assert (walk.until, walk.known_above) == (NOON + 3 * HOUR - 1, False)


def test_what_the_sites_list_has_no_more_is_not_asked_for():
    ends_at = NOON + HOUR
    assert left_of(planned(a=known((4, 6), ends_at=ends_at))) == {"a": (1, 4)}
    done = planned(a=known((1, 6), ends_at=ends_at))
    assert done.walks == {}
    assert done.told() == "complete as far back as the site's lists go to 2026-11-20 17:59"


def test_the_newest_comes_first_over_all_lists():
    backfill = planned(a=known((9, 10)), b=known((5, 10)), c=Known())
    asked = []
    for walk in backfill.walks.values():
        backfill.wait(walk, None)
    while turn := backfill.next_page():
        walk, _ = turn
        asked.append(walk.channel)
        top = walk.oldest if walk.oldest is not None else walk.until or NOON + 11 * HOUR
        cursor = walk.read(page(top, top - 4 * HOUR))
        if cursor:
            backfill.wait(walk, cursor)
    assert asked == ["c", "a", "c", "b", "a", "c", "b", "a"]


def test_what_is_settled_is_complete_and_the_rest_is_left():
    backfill = begun(planned(a=known((8, 9))))
    walk = backfill.walks["a"]
    assert list(backfill.settle()) == []
    walk.read(page(NOON + 7 * HOUR, NOON + 4 * HOUR - 1))
    assert backfill.done == 0.0
    assert list(backfill.settle()) == [("a", (NOON + 4 * HOUR, NOON + 8 * HOUR - 1))]
    assert list(backfill.settle()) == [], "told once"
    assert backfill.done == 0.5
    assert left_of(backfill) == {"a": (0, 4)}
    assert backfill.told() == (
        "left: 2026-11-20 12:00 to 2026-11-20 15:59 of list a; the same command goes on from there"
    )
    walk.read(page(NOON - 1))
    list(backfill.settle())
    assert (backfill.done, backfill.told()) == (1.0, "complete from 2026-11-20 12:00 to 2026-11-20 20:59")


def test_several_lists_are_counted():
    told = planned(a=known((3, 9)), b=known((5, 9))).told()
    assert told == "left: 2026-11-20 12:00 to 2026-11-20 16:59 of 2 lists; the same command goes on from there"


def test_list_that_ends_leaves_nothing_below_its_end():
    backfill = begun(planned(a=known((8, 9))))
    backfill.walks["a"].read(page(NOON + 7 * HOUR, NOON + 6 * HOUR, cursor=None))
    assert list(backfill.settle()) == [("a", (NOON + 6 * HOUR, NOON + 8 * HOUR - 1))]
    assert backfill.left() == []
    assert backfill.told() == "complete as far back as the site's lists go to 2026-11-20 20:59"


def test_old_copy_of_a_list_leaves_what_it_does_not_show():
    backfill = planned(a=known((8, 9)))
    backfill.walks["a"].read(page(NOON + 3 * HOUR - 1, NOON - 1))
    list(backfill.settle())
    assert left_of(backfill) == {"a": (3, 8)}


def test_first_backfill_is_complete_up_to_the_newest_row():
    backfill = planned(a=Known())
    backfill.walks["a"].read(page(NOON + 5 * HOUR, NOON - 5))
    assert list(backfill.settle()) == [("a", (NOON, NOON + 5 * HOUR))]
    assert backfill.told() == "complete from 2026-11-20 12:00 to 2026-11-20 17:00"


def test_the_longer_the_time_the_more_pages_may_be_read():
    assert planned(a=Known()).walks["a"].most_pages == 1000
    assert plan({"a": Known()}, NOON - 9 * 24 * HOUR, None, now=NOON).walks["a"].most_pages == 10_000


def test_the_bar_tells_the_time_left_as_soon_as_there_is_something_to_tell_it_from():
    counts = {"new": 180, "failed": 2}
    assert filling_line("eastmoney", 0.25, counts, 60.0) == (
        "eastmoney  [####------------]  25 %  new 180  failed 2  3 min left"
    )
    assert filling_line("eastmoney", 0.0, counts, 60.0).endswith("failed 2")
    assert len(filling_line("cls_telegraph", 0.999, {"new": 99_999, "failed": 999}, 9e5)) <= 80
