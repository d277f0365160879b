"""The world: the same everywhere, large without cost, and changing when told."""

import hashlib
import os
import subprocess
import sys
from datetime import datetime, timedelta
from itertools import islice
from threading import Thread

import pytest

from newscrawl.demo import BEIJING, NOW, World, expected, expected_records
from newscrawl.demo.story import cls_id

BUNDLE = """
import hashlib
from newscrawl.demo import NOW, World
from newscrawl.demo.answers import Request
from newscrawl.demo.routes import find_route
world = World({seed}, 60, NOW)
digest = hashlib.sha256()
paths = ["/gbk/", "/feed.xml", "/sitemap.xml", "/comm/web/getFastNewsList?req_trace=1", "/images/a.png"]
for story in world.stories():
    paths += [f"/detail/{{story.cls_id}}", f"/a/{{story.code}}.html"]
    paths += [f"/gbk/{{story.moment:%Y%m%d}}/{{story.id}}.shtml"]
for path in paths:
    digest.update(find_route(world, Request.parse(path)).answer.body)
print(digest.hexdigest())
"""


def digest_elsewhere(seed, hash_seed):
    """The digest of a whole world's pages, made by another process."""
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": "America/New_York", "LC_ALL": "C"}
    command = [sys.executable, "-c", BUNDLE.format(seed=seed)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_same_seed_gives_the_same_bytes_in_any_process_and_zone():
    first, second = digest_elsewhere(1, "1"), digest_elsewhere(1, "2")
    assert first == second
    assert first != digest_elsewhere(2, "1")
    assert len(first) == hashlib.sha256().digest_size * 2


def test_no_two_stories_are_equal():
    world = World(3, 3000, NOW)
    texts = {story.text for story in world.stories()}
    assert len(texts) == 3000


def test_the_newest_story_is_just_before_now_and_all_go_back_in_time():
    moments = [story.moment for story in World(1, 200, NOW).stories()]
    assert NOW - timedelta(minutes=3) < moments[0] < NOW
    assert moments == sorted(moments, reverse=True)


def test_another_now_moves_the_world():
    world = World(1, 40, datetime(2024, 2, 29, 0, 1, tzinfo=BEIJING))
    assert next(world.stories()).moment.date().isoformat() in {"2024-02-28", "2024-02-29"}


def test_a_hundred_thousand_stories_are_made_when_asked_for():
    world = World(1, 100_000, NOW)
    newest = list(islice(world.stories("flash"), 3))
    oldest = world.story(1)
    assert newest[0].published - oldest.published > 100 * 86_400
    assert world.find(oldest.id) == oldest
    assert len(world.numbers("flash")) == 45_000


def test_every_family_and_kind_of_story_is_in_the_smallest_world():
    world = World(1, 60, NOW)
    families = {story.family for story in world.stories()}
    assert families == {"flash", "article", "shared", "em_article", "em_fast", "gbk", "web"}
    assert any(story.pictures for story in world.stories("flash"))
    assert {len(story.pictures) for story in world.stories("article")} == {0, 1, 2, 3}


def test_publish_puts_new_stories_on_top(open_site):
    site, client = open_site(stories=60)
    before = client.roll_rows(rn=20)
    fresh = site.publish(20)
    assert [story.number for story in fresh] == list(range(61, 81))
    flashes = {story.cls_id for story in fresh if story.family == "flash"}
    after = [row["id"] for row in client.roll_rows(rn=20)]
    assert flashes <= set(after)
    assert after.index(before[0]["id"]) >= len(flashes)
    assert [story.text for story in World(1, 60, NOW).publish(20)] == [story.text for story in fresh]


def test_published_stories_are_the_same_whether_published_at_once_or_singly():
    at_once, singly = World(1, 40, NOW), World(1, 40, NOW)
    at_once.publish(6)
    for _ in range(6):
        singly.publish(1)
    assert list(at_once.stories()) == list(singly.stories())


def test_as_time_goes_on_stories_appear_when_they_are_due(open_site):
    site, client = open_site(stories=60)
    assert client.roll_rows(rn=1)[0]["ctime"] <= NOW.timestamp()
    site.now = NOW + timedelta(hours=2)
    after = client.roll_rows(rn=50)
    assert NOW.timestamp() < after[0]["ctime"] <= (NOW + timedelta(hours=2)).timestamp()
    assert site.now == NOW + timedelta(hours=2)
    at_once, moved = World(1, 60, NOW), World(1, 60, NOW)
    for minutes in (0, 10, 10, 5, 120):  # never backwards
        moved.move_to(int((NOW + timedelta(minutes=minutes)).timestamp()))
    at_once.move_to(int((NOW + timedelta(minutes=120)).timestamp()))
    assert list(at_once.stories()) == list(moved.stories())


def test_an_edit_keeps_its_time_while_time_goes_on(open_site):
    site, client = open_site(stories=60)
    (row, *_) = client.roll_rows(rn=1)
    edited = site.edit(row["id"])
    site.now = NOW + timedelta(hours=5)
    assert site.truth.find(row["id"]) == edited


def test_a_story_that_was_withheld_comes_late_at_its_old_place(open_site):
    site, client = open_site(stories=60)
    numbers = list(site.truth.numbers("flash"))
    coming = next(number for number in range(61, 99) if site.truth.plan(number).family == "flash")
    for number in (numbers[-3], coming):
        site.truth.withhold(number)
    site.publish(40)
    assert not {cls_id(number) for number in (numbers[-3], coming)} & {row["id"] for row in client.roll_rows(rn=50)}
    for number in (numbers[-3], coming):
        site.truth.restore(number)
    whole, whole_client = open_site(stories=60)
    whole.publish(40)
    assert client.roll_rows(rn=50) == whole_client.roll_rows(rn=50)


def test_edit_changes_text_and_time_of_edit(open_site):
    site, client = open_site(stories=60)
    (row, *_) = client.roll_rows(rn=1)
    story = site.edit(row["id"])
    (edited, *_) = client.roll_rows(rn=1)
    assert edited["id"] == row["id"]
    assert edited["ctime"] == row["ctime"]
    assert edited["modified_time"] > max(row["modified_time"], int(NOW.timestamp()) - 1)
    assert edited["content"] != row["content"]
    assert expected(story, "cls_telegraph").body.startswith(
        expected(World(1, 60, NOW).find(row["id"]), "cls_telegraph").body
    )
    again = site.edit(row["id"])
    assert again.modified > story.modified
    assert again.text != story.text


def test_edit_shows_on_both_sites_of_a_shared_story(open_site):
    site, client = open_site(stories=60)
    story = next(site.truth.stories("shared"))
    paths = (f"/detail/{story.id}", f"/a/{story.code}.html")
    before = [client.body(path) for path in paths]
    site.edit(story.code)
    assert all(client.body(path) != old for path, old in zip(paths, before, strict=True))


def test_remove_takes_a_story_out_of_lists_and_pages(open_site):
    site, client = open_site(stories=60)
    flash, shared = next(site.truth.stories("flash")), next(site.truth.stories("shared"))
    site.remove(flash.id)
    site.remove(shared.id)
    assert flash.cls_id not in {row["id"] for row in client.roll_rows(rn=50)}
    assert b'"articleDetail":{}' in client.body(f"/detail/{flash.id}")
    assert client.get(f"/a/{shared.code}.html")[0].status == 404
    assert shared.id not in {record.source_id for record in expected_records(site.truth, "cls_depth")}
    with pytest.raises(KeyError):
        site.remove(flash.id)


@pytest.mark.parametrize("key", ["", "x", "1", "2600001", "999999999999999999", "２６００００２"])
def test_unknown_ids_are_told(key):
    with pytest.raises(KeyError):
        World(1, 60, NOW).find(key)


def test_readers_and_writers_at_once(open_site):
    site, client = open_site(stories=60)
    threads = [Thread(target=site.publish, args=(5,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    rows = [client.roll_rows(rn=20) for _ in range(10)]
    for thread in threads:
        thread.join()
    assert all(len(page) == 20 for page in rows)
    assert len(site.truth.numbers("flash")) == 45
    assert len({story.id for story in site.truth.stories()}) == 100


def test_wide_spacing_spans_days_with_few_stories():
    world = World(1, 90, NOW, spacing=3600)
    newest, *_, oldest = world.stories()
    assert timedelta(days=3) < newest.moment - oldest.moment < timedelta(days=4)
    world.publish(24)
    assert world.now == int((NOW + timedelta(days=1)).timestamp())
