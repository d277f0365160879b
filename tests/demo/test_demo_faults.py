"""Each fault does what its line says, where it is switched to, and nothing else."""

import gzip
import http.client
import json
import zlib
from threading import Event, Thread

import pytest
from sample_client import Client, signed

from newscrawl.demo import FAULTS, SampleSite, expected
from newscrawl.demo.faults.wire import BOMB_BYTES
from newscrawl.demo.shapes.gbk import gbk_path

ROLL = signed("/v1/roll/get_roll_list", rn=20, last_time=0)
NEVER_ENDING = {"hang", "stall", "slow_body", "endless_body", "robots_hang"}
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
    "s503_html": 503,
    "s429_retry_after": 429,
    "s429_retry_after_date": 429,
    "s403": 403,
    "s404": 404,
    "s404_with_article": 404,
    "s410": 410,
    "s418": 418,
}


@pytest.fixture
def faulty(open_site):
    """A site with every page under the faults given; gives (client, story of cls, its path)."""

    def start(*names, where=1, family="article"):
        site, client = open_site(stories=60)
        site.set_faults(dict.fromkeys(names, where))
        story = next(site.truth.stories(family))
        path = {"gbk": gbk_path(story), "article": f"/detail/{story.id}"}.get(family, f"/a/{story.code}.html")
        return client, story, path

    return start


def test_every_fault_says_what_it_is():
    assert all(fault.help for fault in FAULTS.values())
    assert {fault.level for fault in FAULTS.values()} == {"page", "list", "robots", "story"}


@pytest.mark.parametrize("name", sorted(set(FAULTS) - NEVER_ENDING - set(CUT) - {"down", "gzip", "outage"}))
def test_every_fault_changes_what_it_is_for_and_nothing_else(open_site, name):
    site, client = open_site(stories=60)
    paths = {
        "page": f"/detail/{next(site.truth.stories('article')).id}",
        "list": signed("/v1/roll/get_roll_list", rn=20, last_time=int(site.truth.now) - 1500),
        "robots": "/robots.txt",
        "image": "/images/a.png",
    }
    level = FAULTS[name].level
    hit = {"story": {"page", "list"}}.get(level, {level})
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


@pytest.mark.parametrize(("name", "error"), CUT.items())
def test_connection_that_ends_early(faulty, name, error):
    client, _, path = faulty(name)
    with pytest.raises(error):
        client.get(path)


@pytest.mark.parametrize("name", ["short_cl", "no_cl_close"])
def test_half_a_page_that_looks_whole(faulty, name):
    client, _, path = faulty(name)
    answer, body = client.get(path)
    assert answer.status == 200
    assert b"</html>" not in body


def test_compression_faults(faulty):
    client, _, path = faulty("gzip")
    whole = gzip.decompress(client.body(path))
    assert whole.endswith(b"</html>")
    for name, error in (("truncated_gzip", EOFError), ("bad_gzip", zlib.error), ("not_gzip", gzip.BadGzipFile)):
        client, _, path = faulty(name)
        answer, body = client.get(path)
        assert answer.getheader("Content-Encoding") == "gzip"
        with pytest.raises(error):
            gzip.decompress(body)


@pytest.mark.parametrize(("name", "encoding", "wrapping"), [("gzip_bomb", "gzip", 31), ("deflate_bomb", "deflate", 15)])
def test_bombs_are_small_until_opened(faulty, name, encoding, wrapping):
    client, _, path = faulty(name)
    answer, body = client.get(path)
    assert answer.getheader("Content-Encoding") == encoding
    assert len(body) < 100_000
    opened = zlib.decompressobj(wrapping)
    size = sum(len(opened.decompress(body[at : at + 4096])) for at in range(0, len(body), 4096))
    assert size == BOMB_BYTES


@pytest.mark.parametrize("name", ["hang", "robots_hang", "stall", "slow_body"])
def test_waiting_ends_when_the_site_closes(name):
    ended = Event()
    with SampleSite(stories=60, faults={name: "all"}) as site:
        client = Client(site)
        path = "/robots.txt" if name == "robots_hang" else f"/detail/{next(site.truth.stories('article')).id}"
        client.connection.request("GET", path)
        reader = Thread(target=read_to_the_end, args=(client, ended))
        reader.start()
        while not site.requests:
            ended.wait(0.01)
        assert not ended.is_set()
    reader.join(20)
    assert ended.is_set()
    client.close()


def read_to_the_end(client, ended):
    try:
        client.connection.getresponse().read()
    except (http.client.HTTPException, OSError):
        pass
    finally:
        ended.set()


def test_endless_body_stops_when_the_client_leaves(faulty):
    client, _, path = faulty("endless_body")
    client.connection.request("GET", path)
    answer = client.connection.getresponse()
    assert len(answer.read(2_000_000)) == 2_000_000
    answer.close()
    client.close()


@pytest.mark.parametrize(
    ("name", "charset", "really"),
    [
        ("gbk_declared", "gbk", "gb18030"),
        ("gbk_meta_only", None, "gb18030"),
        ("no_charset", None, "utf-8"),
        ("utf16", None, "utf-16"),
        ("gbk_as_utf8", "utf-8", "gb18030"),
        ("utf8_as_gbk", "gbk", "utf-8"),
        ("utf8_as_latin1", "iso-8859-1", "utf-8"),
    ],
)
@pytest.mark.parametrize("family", ["article", "gbk"])
def test_charsets(faulty, name, charset, really, family):
    client, story, path = faulty(name, family=family)
    answer, body = client.get(path)
    assert answer.msg.get_content_charset() == charset
    assert story.title in body.decode(really).replace("&lt;", "<")


def test_one_bad_byte(faulty):
    client, story, path = faulty("utf8_one_bad_byte")
    body = client.body(path)
    assert body.decode("utf-8", "replace").count("\ufffd") == 1
    assert story.title in body.decode("utf-8", "ignore")


@pytest.mark.parametrize("name", ["empty", "blank", "soft404", "antibot", "empty_article", "layout"])
@pytest.mark.parametrize("family", ["article", "em_article"])
def test_pages_without_the_article(faulty, name, family):
    client, story, path = faulty(name, family=family)
    text = client.body(path).decode()
    if name in {"empty", "blank", "soft404", "antibot"}:
        assert story.paragraphs[0] not in text
    assert 'id="ContentBody"><p' not in text
    assert '"articleDetail":{"id"' not in text


def test_slider_has_the_marks_of_the_real_one(faulty):
    client, _, path = faulty("antibot")
    body = client.body(path)
    for mark in (b'name="aliyun_waf_aa"', b"captcha-element", b"AliyunCaptcha.js", b"<title></title>"):
        assert mark in body


@pytest.mark.parametrize("family", ["article", "em_article", "gbk"])
def test_no_date_and_bad_date(faulty, family):
    for name in ("no_date", "bad_date"):
        client, story, path = faulty(name, family=family)
        text = client.body(path).decode("gb18030" if family == "gbk" else "utf-8")
        assert str(story.published) not in text
        assert f"{story.moment:%Y-%m-%d %H:%M}" not in text
        assert f"{story.moment:%Y年%m月%d日 %H:%M}" not in text
        assert ("2026年13月45日" in text) == (name == "bad_date")


def test_redirects(faulty):
    client, _, path = faulty("redirect_ok")
    answer, _ = client.get(path)
    assert (answer.status, answer.getheader("Location")) == (302, f"{path}?from=redirect")
    assert client.get(f"{path}?from=redirect")[0].status == 200
    client, _, path = faulty("redirect_chain")
    hops = 0
    target = path
    while (answer := client.get(target)[0]).status == 302:
        target, hops = answer.getheader("Location"), hops + 1
    assert hops == 30
    client, _, path = faulty("redirect_loop")
    there = client.get(path)[0].getheader("Location")
    back = client.get(there)[0].getheader("Location")
    assert client.get(back)[0].getheader("Location") == there
    assert faulty("redirect_none")[0].get(path)[0].getheader("Location") is None


def test_redirect_of_east_money_leads_to_the_same_article(faulty):
    client, story, path = faulty("redirect_ok", family="em_article")
    location = client.get(path)[0].getheader("Location")
    assert location == f"/news/1345,{story.code}.html"
    assert story.title in client.body(location).decode()


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("redirect_file", "file:///"),
        ("redirect_data", "data:text/html"),
        ("redirect_ftp", "ftp://127.0.0.1/"),
        ("redirect_internal", "http://localhost:"),
        ("redirect_internal_ip", "http://127.0.0.1:9/"),
        ("redirect_odd", "http://[::1/"),
    ],
)
def test_redirects_that_must_not_be_followed(faulty, name, start):
    client, _, path = faulty(name)
    assert client.get(path)[0].getheader("Location").startswith(start)


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


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("log_title", "\x1b[31m"),
        ("csv_title", '=HYPERLINK("'),
        ("sql_title", "DROP TABLE articles; --"),
        ("fts_title", '" OR NEAR('),
        ("bidi", "\u202e"),
        ("nul_bytes", "\x00"),
    ],
)
def test_hostile_titles_are_on_every_shape(open_site, name, mark):
    site, client = open_site(stories=60, faults={name: 1})
    assert all(mark in row["title"] for row in client.roll_rows(rn=5) if row["type"] == -1 and not row["is_ad"])
    assert mark in client.body(f"/a/{next(site.truth.stories('em_article')).code}.html").decode()
    assert mark in client.body(gbk_path(next(site.truth.stories("gbk")))).decode("gb18030")


@pytest.mark.parametrize("name", ["xss", "images_hostile", "misnested", "unclosed"])
def test_hostile_html_is_in_rows_and_pages(open_site, name):
    mark = {"xss": "onerror=", "images_hostile": "http://[::1/x.png", "misnested": "</b></i>", "unclosed": "<!-- 从"}[
        name
    ]
    site, client = open_site(stories=60, faults={name: 1})
    assert mark in client.roll_rows(rn=1)[0]["content"]
    for family in ("article", "em_article"):
        story = next(site.truth.stories(family))
        assert mark in client.body(f"/detail/{story.id}" if family == "article" else f"/a/{story.code}.html").decode()


@pytest.mark.parametrize(
    ("name", "size"),
    [("deep_nesting", 600_000), ("many_attrs", 800_000), ("many_tags", 900_000), ("huge_text", 12_000_000)],
)
def test_heavy_bodies_are_on_pages_but_not_in_rows(open_site, name, size):
    site, client = open_site(stories=60, faults={name: 1})
    assert len(client.body(f"/a/{next(site.truth.stories('em_article')).code}.html")) > size
    assert len(client.body(ROLL)) < 100_000


def test_truth_is_not_touched_by_faults(open_site):
    site, _ = open_site(stories=60)
    story = next(site.truth.stories("flash"))
    before = expected(story, "cls_telegraph")
    site.set_faults({"log_title": 1, "xss": 1})
    assert expected(next(site.truth.stories("flash")), "cls_telegraph") == before
