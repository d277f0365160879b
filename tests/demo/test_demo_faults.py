"""The switchboard: each fault does what its line says, where it is switched to, and nothing else."""

import http.client

import pytest
from sample_client import signed

from newscrawl.demo import FAULTS, SampleSite
from newscrawl.demo.shapes.gbk import gbk_path
from newscrawl.demo.shapes.parts import part_count

ROLL = signed("/v1/roll/get_roll_list", rn=20, last_time=0)


NEVER_ENDING = {"hang", "stall", "slow_body", "endless_body", "robots_hang", "silence"}


CUT = {
    "close_before_headers": http.client.RemoteDisconnected,
    "reset": ConnectionResetError,
    "truncated_cl": http.client.IncompleteRead,
    "truncated_chunked": http.client.IncompleteRead,
    "bad_chunk": http.client.IncompleteRead,
    "garbage_status": http.client.BadStatusLine,
}


STATUS = {
    "s500": 500,
    "s502": 502,
    "s503_html": 503,
    "s429_retry_after": 429,
    "s429_retry_after_date": 429,
    "s429_retry_long_date": 429,
    "s503_retry_long": 503,
    "s403_retry_long": 403,
    "s429_always": 429,
    "s403": 403,
    "s404": 404,
    "s404_with_article": 404,
    "s410": 410,
    "s418": 418,
}


def test_every_fault_says_what_it_is():
    assert all(fault.help for fault in FAULTS.values())
    assert {fault.level for fault in FAULTS.values()} == {"page", "part", "list", "robots", "story"}


@pytest.mark.parametrize(
    "name",
    sorted(
        set(FAULTS) - NEVER_ENDING - set(CUT) - {"down", "gzip", "outage", "list_untagged", "list_edited", "list_stale"}
    ),
)
def test_every_fault_changes_what_it_is_for_and_nothing_else(open_site, name):
    site, client = open_site(stories=60)
    paged = next(story for story in site.truth.stories("gbk") if part_count(story) > 1)
    paths = {
        "part": gbk_path(paged, part_count(paged)),
        "page": f"/detail/{next(site.truth.stories('article')).id}",
        "list": signed("/v1/roll/get_roll_list", rn=20, last_time=int(site.truth.now) - 1500),
        "robots": "/robots.txt",
        "image": "/images/a.png",
    }
    level = FAULTS[name].level
    hit = {"story": {"page", "part", "list"}, "page": {"page", "part"}}.get(level, {level})
    before = {role: answered(client, path) for role, path in paths.items()}
    site.set_faults({name: 1})
    after = {role: answered(client, path) for role, path in paths.items()}
    differing = {role for role in paths if before[role] != after[role]}
    assert differing & hit
    assert differing <= hit
    site.set_faults({})
    assert {role: answered(client, path) for role, path in paths.items()} == before


def answered(client, path):
    answer, body = client.get(path)
    return answer.status, answer.getheader("Content-Type"), answer.getheader("Content-Encoding"), body


def test_every_nth_story_of_a_kind_has_it(open_site):
    site, client = open_site(stories=240, faults={"s500": 5})
    statuses = [client.get(f"/detail/{story.id}")[0].status for story in site.truth.stories("article")]
    assert len(statuses) == 36
    assert statuses.count(500) == 8
    assert client.roll()["errno"] == 0


def test_named_stories_have_it(open_site):
    site, client = open_site(stories=60)
    first, second, *_ = site.truth.stories("article")
    site.set_faults({"s403": {first.id}})
    assert client.get(f"/detail/{first.id}")[0].status == 403
    assert client.get(f"/detail/{second.id}")[0].status == 200


@pytest.mark.parametrize(
    ("where", "hit"), [("lists", {"list"}), ("pages", {"page"}), ("all", {"list", "page", "robots"})]
)
def test_a_page_fault_can_be_switched_to_other_answers(faulty, where, hit):
    client, _, path = faulty("s500", where=where)
    statuses = {"page": client.get(path)[0].status, "list": client.get(ROLL)[0].status}
    statuses["robots"] = client.get("/robots.txt")[0].status
    assert {role for role, status in statuses.items() if status == 500} == hit


def test_unknown_names_are_told():
    with SampleSite(stories=20) as site, pytest.raises(ValueError, match="no such fault: s5000"):
        site.set_faults({"s5000": 1})


@pytest.mark.parametrize(("name", "status"), STATUS.items())
def test_status(faulty, name, status):
    client, story, path = faulty(name)
    answer, body = client.get(path)
    assert answer.status == status
    assert (story.title in body.decode()) == (name == "s404_with_article")


def test_s500_once_is_over_at_the_second_request(faulty):
    client, _, path = faulty("s500_once")
    assert [client.get(path)[0].status for _ in range(3)] == [500, 200, 200]


@pytest.mark.parametrize("name", ["s429_retry_after", "s429_retry_after_date"])
def test_retry_after_is_said_and_early_requests_are_counted(open_site, name):
    site, client = open_site(stories=60, faults={name: 1})
    path = f"/detail/{next(site.truth.stories('article')).id}"
    answers = [client.get(path)[0] for _ in range(3)]
    assert [answer.status for answer in answers] == [429] * 3
    assert all(answer.getheader("Retry-After") for answer in answers)
    assert site.too_early == 2


def test_fault_of_what_the_nth_request_asked_for(open_site):
    site, client = open_site(stories=60)
    paths = ["/robots.txt", f"/detail/{next(site.truth.stories('article')).id}", ROLL]
    for number in range(1, 4):
        site.set_faults({"s500": f"#{number}"})
        for _ in range(2):
            statuses = [client.get(path)[0].status for path in paths]
            assert statuses == [500 if place == number else 200 for place in range(1, 4)]
