"""What each address answers, and what none of them does."""

import re
import sqlite3

import pytest

from newscrawl.storage.database import open_database, open_readonly
from newscrawl.web import headers
from newscrawl.web.reading import PAGE
from newscrawl.web.report import report_html, span_of
from tests.web.archive import BANK, CHANGED, COPIED, COPY, NOW, PICTURED, SCRIPTED, build
from tests.web.conftest import asking

PAGES = [
    "/", "/search", "/search?q=银行", "/dashboard", "/dashboard?days=7", "/articles/1", "/articles/3?pictures=1", "/stories/4",
    "/stocks/690036.SH", "/newscrawl", "/newscrawl/articles", "/newscrawl/articles/1", "/newscrawl/last_runs",
    "/newscrawl?sql=select+1", "/newscrawl/articles.json", "/newscrawl/articles.csv", "/nothing", "/articles/999", "/static/newscrawl.css",
]  # fmt: skip


def headlines(page):
    return re.findall(r'class="headline"[^>]*>(.*?)</a>', page)


@pytest.mark.parametrize("address", PAGES)
def test_no_answer_lets_anything_run_or_load_from_elsewhere(get, address):
    answer = get(address)
    policy = answer.headers["content-security-policy"]
    assert policy == (headers.WITH_PICTURES if "pictures" in address else headers.POLICY)
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("address", [address for address in PAGES if ".json" not in address and ".csv" not in address])
def test_no_page_carries_a_script_or_a_style_in_place(get, address):
    page = get(address).text
    assert "<script" not in page
    assert "<style" not in page
    assert " style=" not in page


def test_the_newest_come_first_and_every_story_once(get):
    first = get("/").text
    [after] = re.findall(r'href="/\?after=([\d.]+)" rel="next"', first)
    found = headlines(first) + headlines(get(f"/?after={after}").text)
    assert len(headlines(first)) == PAGE
    assert len(found) == len(set(found)) == 50
    times = re.findall(r'<time datetime="([^"]+)">', first)
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("after", ["x", "1", "1.2.3", "-1.1", "1.", "½.1", "9" * 50 + ".1"])
def test_an_odd_place_shows_the_list_from_somewhere(get, after):
    assert get("/", params={"after": after}).status_code == 200


def test_the_first_page_tells_what_moved_who_was_first_and_how_the_crawls_are(get):
    page = get("/").text
    assert "青禾银行 690036.SH" in page
    assert "青禾银行三季度业绩快报（财联社）" in page
    assert ">partial</span>" in page


def test_an_empty_archive_says_how_to_begin(tmp_path):
    open_database(tmp_path / "new.db").close()
    for get in asking(tmp_path / "new.db"):
        assert "newscrawl crawl --all" in get("/").text
        assert get("/dashboard").status_code == 200
        assert get("/search?q=银行").status_code == 200


@pytest.mark.parametrize(
    ("query", "count"),
    [("q=银行", 3), ("q=行", 3), ("q=青禾 业绩", 2), ("q=银行&without=业绩", 1), ("q=银行&source=eastmoney", 1),
     ("q=银行&publisher=云泽日报", 1), ("q=银行&stock=690036.SH", 3), ("q=银行&kind=flash", 0), ("q=银行&until=2026-11-19", 0),
     ("q=标记<", 0), ("q=<b>标记</b>", 0), ('q="标题 & 符号"', 0), ("q=没有这个词", 0), ("q=公告&page=2", 20), ("q=公告&page=3", 5)],
)  # fmt: skip
def test_search_finds_every_word(get, query, count):
    arguments = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
    if "标" in query:  # of the title with markup in it
        arguments, count = {"q": query[2:]}, 1
    answer = get("/search", params=arguments)
    assert answer.status_code == 200
    assert len(headlines(answer.text)) == count


def test_search_marks_its_words_and_shows_them_where_they_stand(get):
    page = get("/search?q=银行").text
    assert "一张图看懂<mark>银行</mark>业季报" in page
    assert '<input id="q" type="search" name="q" lang="zh-CN" value="银行">' in page


@pytest.mark.parametrize(
    ("query", "word"),
    [({"q": "a", "since": "zz"}, "since"), ({"q": "a", "stock": "!!"}, "stock"), ({"q": "a", "page": "0"}, "page"), ({"q": "a", "page": f"00000001{9**30}"}, "page"),
     ({"q": "a", "kind": "x"}, "kind"), ({"q": '""'}, "empty"), ({"q": "a", "since": "2026-11-20", "until": "2026-11-19"}, "later")],
)  # fmt: skip
def test_what_cannot_be_searched_is_told_beside_what_was_typed(get, query, word):
    answer = get("/search", params=query)
    assert answer.status_code == 400
    assert word in re.findall(r'role="alert">(.*?)</p>', answer.text)[0]


def test_an_article_is_whole(get):
    page = get(f"/articles/{CHANGED}").text
    for told in (
        "沐原电池分红方案",
        "2026-11-20 19:01:00",
        "Beijing time",
        "300750.SZ",
        "电池",
        "https://www.example.com/",
    ):
        assert told in page
    assert "沐原电池<del>拟</del><ins>决定</ins>派发" in page
    assert "1 former state" in page


def test_an_article_names_the_other_copies(get):
    page = get(f"/articles/{COPY}").text
    assert f'href="/articles/{COPIED}"' in page
    assert f'href="/stories/{COPIED}"' in page


def test_what_a_page_says_is_text_and_no_markup(get):
    page = get(f"/articles/{SCRIPTED}").text
    assert "含有 &lt;b&gt;标记&lt;/b&gt; 的标题 &amp; 符号" in page
    assert "window.ran" not in page


def test_pictures_are_shown_only_where_they_are_asked_for(get):
    assert "<img" not in get(f"/articles/{PICTURED}").text
    assert '<img src="https://pictures.example/chart.png"' in get(f"/articles/{PICTURED}?pictures=1").text


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)//", "/-/databases?", "//elsewhere.example/", "data:text/html,"]
)
def test_what_is_no_address_of_the_web_is_told_and_leads_nowhere(tmp_path, address):
    path = build(tmp_path / "news.db")
    writer = sqlite3.connect(path)
    writer.execute("update articles set url = ? || id, cover_url = ?", [address, address])
    writer.execute("update sightings set url = ? || article_id", [address])
    writer.execute("update images set url = ?", [address])
    writer.commit()
    writer.close()
    for get in asking(path):
        page = get(f"/articles/{PICTURED}").text
        assert address in page
        assert f'href="{address}' not in page
    db = open_readonly(path)
    assert f'href="{address}' not in report_html(db, path, span_of(db, None, 1))
    db.close()


@pytest.mark.parametrize(
    "sql",
    ["update runs set outcome = 'weird', exit_status = 9", "update runs set started_at = 'x'", "update articles set provenance = '{'"],
)  # fmt: skip
def test_what_others_wrote_is_told_and_stops_nothing(tmp_path, sql):
    path = build(tmp_path / "news.db")
    writer = sqlite3.connect(path)
    writer.execute(sql)
    writer.commit()
    writer.close()
    for get in asking(path):
        answers = [get(address) for address in ("/", "/articles/1", "/dashboard")]
        odd = [answer for answer in answers if answer.status_code == 503]
        assert odd
        assert all("did not write" in answer.text for answer in odd)
        assert all(answer.status_code == 200 for answer in answers if answer not in odd)
        assert get("/search?q=银行").status_code == 200


def test_the_best_of_many_come_first(get):
    page = get("/search", params={"q": "银行", "best": "1"}).text
    assert len(headlines(page)) == 3


def test_a_story_tells_who_was_first_and_by_how_many_minutes(get):
    rows = re.findall(
        r'<tr><td class="number">(\d)</td>.*?<td class="number">(.*?)</td>', get(f"/stories/{COPIED}").text
    )
    assert rows == [("1", "0"), ("2", "7")]


@pytest.mark.parametrize("code", ["690036.SH", "690036", "690036.sh"])
def test_a_stock_lists_the_stories_that_name_it(get, code):
    page = get(f"/stocks/{code}").text
    assert BANK.name in page
    assert len(headlines(page)) == 3


def test_a_long_list_of_a_stock_goes_on(get):
    first = get("/stocks/300750.SZ").text
    [after] = re.findall(r"after=([\d.]+)", first)
    found = headlines(first) + headlines(get(f"/stocks/300750.SZ?after={after}").text)
    assert len(found) == len(set(found)) == 31


@pytest.mark.parametrize(
    "address",
    ["/articles/999", "/articles/99999999999999999999", "/articles/9223372036854775808", "/stories/999", "/stocks/123456.SH",
     "/stocks/hello123", "/nothing", "/newscrawl/nothing", "/_memory", "/newscrawl/articles/x",
     "/-/messages", "/-/patterns", "/-/allow-debug"],
)  # fmt: skip
def test_what_is_not_there_is_told(get, address):
    answer = get(address)
    assert answer.status_code == 404
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    ("query", "word"), [("day=x", "is no day"), ("days=0", "days"), ("days=x", "days"), ("days=400", "days")]
)
def test_a_dashboard_of_no_days_is_refused_in_one_sentence(get, query, word):
    answer = get(f"/dashboard?{query}")
    assert answer.status_code == 400
    assert word in re.findall(r'role="alert">(.*?)</p>', answer.text)[0]


def test_the_dashboard_begins_with_the_day_of_the_newest_story(get):
    page = get("/dashboard").text
    assert f'value="{NOW:%Y-%m-%d}"' in page
    assert "day=2026-11-19" in page


WRITES = [
    "delete from articles", "update articles set title = 'x'", "insert into tags values (1, 'a', 'b')", "drop table articles",
    "attach database '/tmp/x.db' as x", "pragma writable_schema = 1", "vacuum into '/tmp/x.db'", "select 1; drop table articles",
    "with x as (select 1) delete from articles", "create table x (a)", "replace into tags values (1, 'a', 'b')",
    "select zeroblob(900000000)", "select load_extension('x')", "select writefile('/tmp/x', 'y')", "select readfile('/etc/passwd')",
]  # fmt: skip


@pytest.mark.parametrize("sql", WRITES)
def test_a_write_and_a_way_out_are_refused(get, db, sql):
    before = db.execute("select count(*), max(updated_at) from articles").fetchone()
    answer = get("/newscrawl.json", params={"sql": sql})
    assert answer.status_code == 400
    assert not answer.json()["ok"]
    assert db.execute("select count(*), max(updated_at) from articles").fetchone() == before


@pytest.mark.parametrize(
    "address",
    ["/articles/1 or 1=1", "/articles/1;drop table articles", "/stocks/690036' or '1'='1", "/stories/1 union select 1",
     "/newscrawl/articles?_where=1=1;delete from articles", "/newscrawl/articles?_sort=id;drop table articles",
     "/search?q=' or 1=1 --&stock=x' or '1'='1", "/newscrawl/search.json?word=%22 OR articles_fts MATCH %22", "/?after=1 or 1.1"],
)  # fmt: skip
def test_an_injection_finds_nothing_and_changes_nothing(get, db, address):
    answer = get(address, follow_redirects=True)
    assert answer.status_code in {200, 400, 404, 500}  # the last where Datasette itself passes on what SQLite refuses
    if answer.status_code == 200 and address.endswith("%22"):
        assert answer.json()["rows"] == []
    assert db.execute("select count(*) from articles").fetchone() == (50,)


@pytest.mark.parametrize(
    "address",
    ["/static/../site.py", "/static/%2e%2e/site.py", "/static/..%2fsite.py", "/static//etc/passwd", "/-/static/../app.py", "/newscrawl.db",
     "/static/%00", "/static/....//site.py"],
)  # fmt: skip
def test_a_path_outside_is_refused(get, address):
    answer = get(address)
    assert answer.status_code in {400, 403, 404}
    assert "import" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_is_taken_but_questions(get, db, method):
    for address in ("/", "/articles/1", "/newscrawl/articles", "/newscrawl?sql=delete+from+articles", "/-/messages"):
        answer = get(address, method)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
        assert answer.headers["content-security-policy"] == headers.POLICY
    assert db.execute("select count(*) from articles").fetchone() == (50,)


def test_a_stock_that_is_often_named_is_found_from_the_newest_story_back(get, monkeypatch):
    told = get("/stocks/300750.SZ").text
    monkeypatch.setattr("newscrawl.web.reading._OFTEN", 3)
    again = get("/stocks/300750.SZ").text
    assert headlines(again) == headlines(told) != []
    [after] = re.findall(r"after=([\d.]+)", again)
    assert len(headlines(get(f"/stocks/300750.SZ?after={after}").text)) == 1
