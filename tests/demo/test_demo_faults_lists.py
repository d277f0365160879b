"""Faults of lists and of robots.txt, and a site that goes away."""

import http.client
import json

import pytest
from sample_client import signed

ROLL = signed("/v1/roll/get_roll_list", rn=20, last_time=0)


def test_list_faults_of_json(open_site):
    site, client = open_site(stories=60)
    plain = client.json(ROLL)["data"]["roll_data"]
    site.set_faults({"list_dup": 1})
    assert len(client.json(ROLL)["data"]["roll_data"]) == 3 * len(plain)
    site.set_faults({"list_empty": 1})
    assert client.json(ROLL)["data"]["roll_data"] == []
    assert client.depth(1000) == []
    site.set_faults({"list_null": 1})
    assert client.json(ROLL)["data"] is None
    site.set_faults({"list_odd": 1})
    odd = client.json(ROLL)["data"]["roll_data"]
    assert [row for row in odd if row in plain] == plain
    assert len(odd) == len(plain) + 2
    site.set_faults({"list_cut": 1})
    with pytest.raises(json.JSONDecodeError):
        client.json(ROLL)


def test_errno_as_text_and_as_number(open_site):
    site, client = open_site(stories=20, faults={"errno_string": 1})
    assert client.json(ROLL)["errno"] == "10012"
    site.set_faults({"errno_number": 1})
    assert client.json(ROLL)["errno"] == 50101


def test_list_repeats_ignores_the_cursor(open_site):
    site, client = open_site(stories=240)
    newest = client.roll_rows(rn=20)
    site.set_faults({"list_repeats": 1})
    assert client.roll_rows(rn=20, last_time=newest[-1]["ctime"]) == newest


def test_list_stale_stands_still_while_the_world_goes_on(open_site):
    site, client = open_site(stories=60, faults={"list_stale": 1})
    before = client.roll_rows(rn=20)
    site.publish(20)
    assert client.roll_rows(rn=20) == before
    site.set_faults({})
    assert client.roll_rows(rn=20) != before


def test_list_short_has_nothing_behind_its_newest_page(open_site):
    site, client = open_site(stories=240)
    newest = client.roll_rows(rn=20)
    site.set_faults({"list_short": 1})
    assert client.roll_rows(rn=20) == newest
    assert client.roll_rows(rn=20, last_time=newest[-1]["ctime"]) == []
    assert client.depth(1000)
    assert client.depth(1000, last_time=newest[-1]["ctime"]) == []


def test_list_endless_always_goes_further_back(open_site):
    _, client = open_site(stories=60, faults={"list_endless": 1})
    oldest = [min(row["ctime"] for row in client.roll_rows(rn=20, last_time=1)) for _ in range(4)]
    assert oldest == sorted(oldest, reverse=True)
    assert len(set(oldest)) == 4
    assert b"/gbk/?sid=1" in client.body("/gbk/")
    assert b"/gbk/?sid=8" in client.body("/gbk/?sid=7")


def test_pinned_old_stands_on_top(open_site):
    _, client = open_site(stories=60, faults={"pinned_old": 1})
    first, second, *_ = client.roll_rows(rn=20)
    assert first["is_top"] == 1
    assert first["ctime"] < 1_600_000_000 < second["ctime"]


def test_html_lists_with_odd_links(open_site):
    _, client = open_site(stories=240, faults={"list_schemes": 1})
    page, feed = client.body("/gbk/"), client.body("/feed.xml")
    for odd in (b"javascript:void(0)", b"file:///etc/hostname", b"http://[::1/x.html", b"data:text/html"):
        assert odd in page
        assert odd in feed


def test_robots(open_site):
    site, client = open_site(stories=20, faults={"robots_deny": 1})
    assert client.body("/robots.txt") == b"User-agent: *\nDisallow: /\n"
    for name, status in (("robots_500", 500), ("robots_404", 404), ("robots_403", 403)):
        site.set_faults({name: 1})
        assert client.get("/robots.txt")[0].status == status


def test_outage_begins_after_so_many_requests(open_site):
    site, client = open_site(stories=60, faults={"outage": 3})
    assert [client.get("/gbk/")[0].status for _ in range(5)] == [200, 200, 200, 503, 503]
    site.set_faults({"down": 1})
    with pytest.raises(http.client.RemoteDisconnected):
        client.get("/robots.txt")


def test_silence_begins_after_so_many_requests(open_site):
    _, client = open_site(stories=60, faults={"silence": 2})
    assert [client.get("/gbk/")[0].status for _ in range(2)] == [200, 200]
    client.connection.sock.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.get("/gbk/")
