"""Sites without code, crawled over HTTP: a portal with menus, a sidebar, a calendar and three templates."""

import json
import os
import signal
import sqlite3

import pytest

from newscrawl.demo import SampleSite, expected_records
from newscrawl.storage.archive import read_archive
from tests.crawl.support import Command, Crawls

PORTAL = "https://www.sample-portal.example"
NAME = "sample-portal.example"
WHOLE = [
    ("portal", "list/"),
    ("portal-gbk", "list/"),
    ("portal-gbk", "rss.xml"),
    ("portal", "atom.xml"),
    ("portal", "sitemap.xml"),
]


def told(site, prefix="portal"):
    return {record.url: record for record in expected_records(site.truth, prefix)}


def is_page(path):
    return path.count("/") == 5 or "/m/" in path


def pages(crawl, since=0):
    return [path for path in crawl.asked(since=since) if is_page(path)]


def lists(crawl, since=0):
    return [path for path in crawl.asked(since=since) if not is_page(path) and path != "/robots.txt"]


def of_site(crawl, list_path="portal/list/", *more):
    """Crawl the list; its result."""
    ended = crawl("site", "--start", f"{PORTAL}/{list_path}", *more)
    return ended, ended.results.get(NAME)


@pytest.fixture
def site():
    with SampleSite(stories=450) as site:  # 45 on the portal: three pages
        yield site


# -- every article once ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "start"), WHOLE)
def test_two_hundred_articles_each_once_and_then_lists_only(tmp_path, prefix, start):
    with SampleSite(stories=2000) as site:
        crawl, truth = Crawls(tmp_path, site), told(site, prefix)
        ended, result = of_site(crawl, f"{prefix}/{start}")
        assert (ended.status, result["outcome"], result["counts"]["new"], len(truth)) == (0, "ok", 200, 200), ended
        stored = crawl.query("select url, title, published_at, published_precision, body, source from articles")
        assert {row[0] for row in stored} == truth.keys()
        for url, title, at, precision, body, source in stored:
            record = truth[url]
            assert (title, at, precision) == (record.title, str(record.published_at), "minute")
            assert (body, source) == (record.body, NAME)
        assert sorted(pages(crawl)) == sorted(url.removeprefix(PORTAL) for url in truth)
        before, asked = crawl.everything(), len(site.requests)
        ended, result = of_site(crawl, f"{prefix}/{start}")
        assert (ended.status, result["outcome"]) == (0, "nothing_new")
        assert crawl.everything() == before
        assert pages(crawl, since=asked) == []
        assert len(lists(crawl, since=asked)) == (4 if start == "sitemap.xml" else 1)


def test_name_of_an_unnamed_site_is_its_host_everywhere(crawl, site):
    story = next(site.truth.stories("web"))
    site.set_faults({"s500": [story.id]})
    ended, result = of_site(crawl, "portal/rss.xml")
    assert (ended.status, result["outcome"]) == (1, "partial")
    for table in ("articles", "runs", "coverage", "failures", "walks", "sightings"):
        assert crawl.column(f"select distinct source from {table}") == [NAME], table
    assert (crawl.folder / f"news.db.{NAME}.lock").exists()


def test_feed_adds_to_coverage_and_a_gap_in_it_is_told(crawl, site):
    of_site(crawl, "portal/atom.xml")
    times = [record.published_at.timestamp() // 60 * 60 for record in told(site).values()]
    [(first, last)] = crawl.query("select from_ts, to_ts from coverage")
    assert (first // 60 * 60, last // 60 * 60) == (min(times), max(times))
    site.publish(300)
    for story in list(site.truth.stories("web"))[25:]:
        site.remove(story.id)
    ended, result = of_site(crawl, "portal/atom.xml")
    assert (ended.status, result["outcome"]) == (1, "partial")
    assert "may be missing" in result["advice"]


def test_article_pages_of_a_host_with_a_rule_are_read_by_it(crawl, site):
    story = next(iter(expected_records(site.truth, "cls_depth")))
    ended = crawl("site", "--start", "https://www.cls.cn/nothing", "--base-url", site.base_url)
    assert ended.status == 5
    ended = Command(crawl.folder, "preview", story.url, "--base-url", site.base_url, "--json").end()
    article = json.loads(ended.stdout)["article"]
    assert (article["title"], article["source_id"]) == (story.title, story.source_id)
    assert article["provenance"]["body"] == "rule"


# -- where a walk ends ----------------------------------------------------------------------------------------------------


def test_later_crawl_reads_pages_until_one_that_was_complete(crawl, site):
    of_site(crawl)
    site.publish(300)
    asked = len(site.requests)
    ended, result = of_site(crawl)
    assert (ended.status, result["counts"]["new"]) == (0, 30)
    assert lists(crawl, since=asked) == ["/portal/list/", "/portal/list/index_2.html", "/portal/list/index_3.html"]
    assert set(crawl.column("select url from articles")) == told(site).keys()


def test_list_without_an_etag_is_read_to_its_first_page(crawl, site):
    site.set_faults({"list_untagged": 1})
    of_site(crawl)
    asked = len(site.requests)
    _, result = of_site(crawl)
    assert (result["outcome"], result["counts"]["unchanged"]) == ("nothing_new", 20)
    assert crawl.asked(since=asked) == ["/robots.txt", "/portal/list/"]


def test_what_a_limit_left_out_is_found_below_pages_that_are_known(crawl, site):
    of_site(crawl, "portal/list/", "--limit", 25)
    assert crawl.column("select count(*) from articles") == [25]
    of_site(crawl)
    assert set(crawl.column("select url from articles")) == told(site).keys()


def test_what_a_limit_left_out_after_a_complete_crawl_is_found_too(crawl, site):
    of_site(crawl)
    site.publish(500)
    of_site(crawl, "portal/list/", "--limit", 25)
    asked = len(site.requests)
    of_site(crawl)
    assert set(crawl.column("select url from articles")) == told(site).keys()
    assert lists(crawl, since=asked)[:3] == ["/portal/list/", "/portal/list/index_2.html", "/portal/list/index_3.html"]


def test_what_another_list_of_the_site_brought_ends_no_walk(crawl, site):
    of_site(crawl)
    site.publish(300)
    of_site(crawl, "portal/triple/")  # the newest twenty, under another list
    assert crawl.column("select count(*) from articles") == [65]
    of_site(crawl)
    assert set(crawl.column("select url from articles")) == told(site).keys()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    with SampleSite(stories=1500) as site:
        crawl = Crawls(tmp_path_factory.mktemp("undisturbed"), site)
        of_site(crawl)
        return crawl.everything()


@pytest.mark.parametrize(
    ("number", "position"), [(signal.SIGKILL, 0), (signal.SIGKILL, 110), (signal.SIGKILL, -1), (signal.SIGTERM, 110)]
)
def test_killed_crawl_and_one_more_leave_what_an_undisturbed_one_does(tmp_path, undisturbed, number, position):
    with SampleSite(stories=1500) as site:
        crawl = Crawls(tmp_path, site)
        kill_at(crawl, list(site.truth.stories("web"))[position], number)
        assert crawl.query("select complete_at, under_way from walks") == [(None, 1)]
        assert crawl.query("select * from listings") == []
        ended, _ = of_site(crawl)
        assert ended.status == 0, ended
        assert crawl.everything() == undisturbed


def test_later_crawl_that_is_killed_leaves_no_gap(tmp_path, undisturbed):
    """The killed one has stored some of the newest, so pages of them are known; what lies below them is not."""
    with SampleSite(stories=100) as site:
        crawl = Crawls(tmp_path, site)
        of_site(crawl)
        site.publish(1400)
        kill_at(crawl, list(site.truth.stories("web"))[115], signal.SIGKILL)
        [stored] = crawl.column("select count(*) from articles")
        assert 20 < stored < len(told(site))
        assert crawl.column("select under_way from walks") == [1]
        of_site(crawl)
        assert set(crawl.column("select url from articles")) == told(site).keys()
        assert crawl.column("select under_way from walks") == [0]


def kill_at(crawl, story, number):
    """A crawl of the list that is sent the signal while it waits for this story's page."""
    crawl.site.set_faults({"hang" if number == signal.SIGKILL else "s429_retry_after": [story.id]})
    command = crawl.start("site", "--start", f"{PORTAL}/portal/list/")
    until_asked(crawl, command, story.id)
    os.kill(command.process.pid, number)
    command.end()
    crawl.site.set_faults({})
    with sqlite3.connect(crawl.db) as connection:  # a failure that SIGTERM left is due at once
        connection.execute("update failures set next_try_at = '2020-01-01 00:00:00+08:00'")
    connection.close()


def until_asked(crawl, command, number):
    while not any(number in path for path in crawl.asked()):
        command.process.join(0.01)
        assert command.process.is_alive(), "the crawl ended without asking for it"


# -- what must have an end ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["endless/", "calendar/2026-11-20.html"])
def test_list_without_an_end_is_left_and_the_run_says_so(crawl, site, start):
    ended, result = of_site(crawl, f"portal/{start}")
    assert (ended.status, result["outcome"]) == (0, "ok")
    assert set(crawl.column("select url from articles")) == told(site).keys()
    assert len(pages(crawl)) == len(told(site))
    assert "names page after page, but 3 in a row held nothing new" in result["advice"]
    assert crawl.column("select message from runs") == [result["advice"]]
    assert len(lists(crawl)) < 12


def test_bound_on_pages_is_kept_and_told(crawl, site):
    ended, result = of_site(crawl, "portal/list/", "--pages", 2)
    assert (ended.status, result["counts"]["new"]) == (0, 40)
    assert "goes on after 2 pages, the most that one crawl reads (pages)" in result["advice"]
    asked = len(site.requests)
    of_site(crawl, "portal/list/", "--pages", 2)
    assert lists(crawl, since=asked) == ["/portal/list/"]


def test_sitemaps_left_unread_are_counted(crawl, site):
    _, result = of_site(crawl, "portal/sitemap.xml", "--pages", 2)
    assert result["outcome"] == "empty"
    site.publish(1000)
    _, result = of_site(crawl, "portal/sitemap.xml", "--pages", 3)
    assert "1 more sitemaps after 3" in result["advice"]


def test_three_addresses_of_an_article_are_one_article(crawl, site):
    start = ("portal/triple/", "--article", r"/(?:m|2026/\d\d/\d\d)/\d+\.html")
    of_site(crawl, *start)
    newest = list(told(site))[:20]
    assert sorted(crawl.column("select url from articles")) == sorted(newest)
    assert crawl.column("select count(*) from articles") == [20]
    asked = len(site.requests)
    _, result = of_site(crawl, *start)
    assert (result["outcome"], pages(crawl, since=asked)) == ("nothing_new", [])


# -- conditional requests -------------------------------------------------------------------------------------------------


def statuses(crawl):
    kept = read_archive(sorted((crawl.folder / "warc").glob("*.warc*")))
    return [answer.status for answer in kept if answer.role == "listing"]


def test_unchanged_list_is_not_sent_again_and_the_archive_keeps_the_answer(crawl, site):
    of_site(crawl, "portal/rss.xml")
    _, result = of_site(crawl, "portal/rss.xml")
    assert (result["outcome"], statuses(crawl)) == ("nothing_new", [200, 304])
    site.publish(20)
    _, result = of_site(crawl, "portal/rss.xml")
    assert (result["counts"]["new"], statuses(crawl)) == (2, [200, 304, 200])


@pytest.mark.parametrize(
    "more", [("--limit", 5), ("--recheck", 24 * 365), ("--since", "2026-11-20"), ("--until", "2026-11-20")]
)
def test_crawl_that_wants_more_than_news_does_not_ask_whether_the_list_has_changed(crawl, site, more):
    of_site(crawl, "portal/rss.xml")
    of_site(crawl, "portal/rss.xml", *more)
    assert statuses(crawl) == [200, 200]


def test_list_is_not_asked_about_after_a_crawl_that_did_not_store_everything(crawl, site):
    story = next(site.truth.stories("web"))
    site.set_faults({"s500": [story.id]})
    of_site(crawl, "portal/rss.xml")
    assert crawl.query("select * from listings") == []
    site.set_faults({})
    of_site(crawl, "portal/rss.xml")
    assert statuses(crawl) == [200, 200]
    of_site(crawl, "portal/rss.xml")
    assert statuses(crawl) == [200, 200, 200], "the failed page is still waiting for its next try"


def test_another_pattern_reads_the_list_anew(crawl, site):
    of_site(crawl)
    _, result = of_site(crawl, "portal/list/", "--article", r"/2026/\d\d/\d\d/\d+\.html")
    assert (result["outcome"], statuses(crawl)) == ("nothing_new", [200] * 6)


# -- what is asked for ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["portal/rss.xml", "portal/list/", "portal/sitemap.xml"])
def test_since_and_until_keep_what_lies_between(crawl, site, start):
    times = sorted(record.published_at for record in told(site).values())
    since, until = times[10], times[-10]
    ended, _ = of_site(crawl, start, "--since", since.isoformat(), "--until", until.isoformat())
    stored = crawl.column("select published_at from articles order by 1")
    assert ended.status == 0
    # A feed tells seconds, a page minutes: the two at the ends may be either side of them.
    assert {str(time) for time in times[11:-10]} <= set(stored) <= {str(time) for time in times[10:-9]}
    of_site(crawl, start)
    assert set(crawl.column("select url from articles")) == told(site).keys()


def test_since_goes_no_further_than_to_pages_of_days_before(crawl, site):
    site.publish(1850)
    days = sorted({record.published_at.date() for record in told(site).values()})
    asked = len(site.requests)
    of_site(crawl, "portal/list/", "--since", str(days[-1]))
    assert set(crawl.column("select published_date from articles")) == {str(days[-1])}
    assert "/portal/list/index_12.html" not in lists(crawl, since=asked)


def test_recheck_finds_the_edit_of_a_known_article(crawl, site):
    of_site(crawl)
    story = list(site.truth.stories("web"))[30]
    site.edit(story.id)
    assert of_site(crawl)[1]["outcome"] == "nothing_new"
    _, result = of_site(crawl, "portal/list/", "--recheck", 24 * 365)
    assert (result["counts"]["changed"], crawl.column("select count(*) from revisions")) == (1, [1])


def test_failed_pages_of_an_unnamed_site_are_asked_for_again(crawl, site):
    story = next(site.truth.stories("web"))
    site.set_faults({"s500": [story.id]})
    of_site(crawl)
    site.set_faults({})
    ended = Command(
        crawl.folder, "failures", "--retry", "--db", crawl.db, "--base-url", site.base_url, "--delay", 0
    ).end()
    assert ended.status == 0, ended
    assert crawl.query("select * from failures") == []
    assert set(crawl.column("select url from articles")) == told(site).keys()


def test_address_that_the_operator_typed_may_be_private_with_its_port(tmp_path, site):
    start = f"{site.base_url}/portal/triple/"
    ended = Command(
        tmp_path, "crawl", "site", "--start", start, "--limit", 1, "--delay", 0, "--db", tmp_path / "a.db"
    ).end()
    assert ended.status == 0, ended
    assert ended.stdout.startswith("127.0.0.1: ok")


# -- kept sites -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path, site):
    toml = tmp_path / "newscrawl.toml"
    toml.write_text(
        f'delay = 0\n[sites.portal]\nstart = ["{PORTAL}/portal/list/", "{PORTAL}/portal/rss.xml"]\npages = 2\n'
        f'base_url = "{site.base_url}"\n[sources.cls_depth]\nenabled = false\n[sources.cls_telegraph]\nenabled = false\n[sources.eastmoney]\nenabled = false\n'
    )
    return toml


def test_kept_site_is_a_source_like_the_others(kept, crawl, site):
    ended = crawl("portal")
    assert (ended.status, ended.outcomes) == (0, {"portal": "ok"})
    assert crawl.column("select distinct source from articles") == ["portal"]
    assert crawl.query("select count(*) from walks") == [(2,)]
    everything = crawl("--all")
    assert everything.outcomes == {"portal": "nothing_new"}
    listed = Command(crawl.folder, "sources", "--db", crawl.db, "--json").end()
    rows = {row["source"]: row for row in json.loads(listed.stdout)}
    assert (rows["portal"]["enabled"], rows["portal"]["hosts"], rows["portal"]["last_outcome"]) == (
        True,
        ["sample-portal.example"],
        "nothing_new",
    )
    assert rows["nbd"]["enabled"] is False


def test_single_address_of_a_kept_site_is_fetched_as_its_own(kept, crawl, site):
    record = next(iter(told(site).values()))
    assert crawl.fetch("--save", record.url).status == 0
    assert crawl.query("select source, title from articles") == [("portal", record.title)]


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[sites.a]", "sites.a.start is missing"),
        ('[sites.a]\nstart = "ftp://a.example/"', "sites.a.start must be an http or https address"),
        ('[sites.a]\nstart = "https://a.example/"\narticle = "["', "sites.a.article is no regular expression"),
        ('[sites.a]\nstart = "https://a.example/"\nsv = "1"', "unknown key sites.a.sv"),
        ('[sites.eastmoney]\nstart = "https://a.example/"', "sites.eastmoney: there is another source of this name"),
        ('[sites."../a"]\nstart = "https://a.example/"', "a name is made of letters"),
        ("[sources.nbd]\nenabled = true", "sources.nbd is a site"),
        ("[sources.eastmoney]\npages = 3", "unknown key sources.eastmoney.pages"),
    ],
)
def test_what_cannot_be_said_of_a_site(tmp_path, toml, says):
    (tmp_path / "newscrawl.toml").write_text(toml)
    ended = Command(tmp_path, "crawl", "eastmoney").end()
    assert (ended.status, len(ended.stderr.splitlines())) == (2, 1)
    assert says in ended.stderr


# -- bad input: one sentence, nothing written -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--start", f"{PORTAL}/robots.txt"], "is no list of articles, no feed and no sitemap that can be read"),
        (["--start", f"{PORTAL}/img/1.png"], "it calls itself image/png"),
        (["--start", "https://www.cls.cn/v1/roll/get_roll_list"], "it calls itself application/json"),
        (
            ["--start", f"{PORTAL}/portal/list/", "--article", "nothing"],
            "'nothing' matches none of the 78 links of the list page",
        ),
        (["--start", f"{PORTAL}/portal/list/", "--article", "."], "'.' matches all 78 links of the list page"),
        (
            ["--start", f"{PORTAL}/portal/rss.xml", "--article", "nothing"],
            "'nothing' matches none of the 45 links of the RSS feed",
        ),
        (["--start", f"{PORTAL}/portal/list/", "--next", "nothing"], "--next 'nothing' matches none"),
        (["--start", f"{PORTAL}/portal/list/", "--article", "["], "article is no regular expression: '['"),
        (["--start", f"{PORTAL}/portal/list/", "--next", "(?P<a"], "next is no regular expression"),
        (["--start", f"{PORTAL}/portal/list/", "--pages", "0"], "pages '0' is no whole number"),
        (["--start", "nonsense"], "start must be an http or https address, not 'nonsense'"),
        (["--start", "file:///etc/passwd"], "start must be an http or https address"),
        ([], "say which list to read: --start ADDRESS"),
        (["--article", "x"], "say which list to read: --start ADDRESS"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(crawl, site, arguments, says):
    ended = crawl("site", *arguments)
    assert (ended.status, ended.stdout) == (2, "")
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert sorted(path.name for path in crawl.folder.iterdir()) == ["stderr", "stdout"]


def test_articles_page_is_no_start(crawl, site):
    ended = crawl("site", "--start", next(iter(told(site))))
    assert ended.status == 2
    assert "an article's page" in ended.stderr


def test_start_goes_with_the_source_site_only(crawl):
    ended = crawl("eastmoney", "--start", f"{PORTAL}/portal/list/")
    assert ended.status == 2
    assert "--start goes with the source `site`" in ended.stderr


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [("robots_deny", "blocked"), ("list_500", "network"), ("list_empty", "empty"), ("down", "network")],
)
def test_site_that_cannot_be_had_is_a_run_with_its_outcome(crawl, site, fault, outcome):
    of_site(crawl, "portal/rss.xml")
    site.set_faults({fault: 1})
    _, result = of_site(crawl, "portal/rss.xml")
    assert result["outcome"] == outcome
    assert crawl.column("select outcome from runs order by id") == ["ok", outcome]


# -- preview --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "kind", "entries"),
    [("list/", "page", 20), ("rss.xml", "rss", 45), ("atom.xml", "atom", 45), ("sitemap.xml", "sitemapindex", 0)],
)
def test_preview_of_a_list_stores_nothing(crawl, site, start, kind, entries):
    ended = Command(crawl.folder, "preview", f"{PORTAL}/portal/{start}", "--base-url", site.base_url, "--json").end()
    seen = json.loads(ended.stdout)
    assert (ended.status, seen["list"]["kind"], len(seen["list"]["articles"])) == (0, kind, entries)
    assert "article" not in seen
    if kind == "page":
        assert seen["list"]["pattern"] == r"/portal/\d+/\d+/\d+/\d+\.html$"
        assert seen["list"]["next"] == f"{PORTAL}/portal/list/index_2.html"
        assert seen["list"]["articles"][0]["title"] == next(iter(told(site).values())).title
    assert sorted(path.name for path in crawl.folder.iterdir()) == ["stderr", "stdout"]
    text = Command(crawl.folder, "preview", f"{PORTAL}/portal/{start}", "--base-url", site.base_url).end().stdout
    assert f"{PORTAL}/portal/" in text


def test_preview_of_an_article_says_where_each_field_was_read(crawl, site):
    record = next(iter(told(site).values()))
    ended = Command(crawl.folder, "preview", record.url, "--base-url", site.base_url).end()
    assert ended.status == 0
    assert f"title:               {record.title}  (generic)" in ended.stdout
    assert "(generic, confidence 1.00)" in ended.stdout
    assert "list page" not in ended.stdout
    assert sorted(path.name for path in crawl.folder.iterdir()) == ["stderr", "stdout"]


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ([f"{PORTAL}/none"], 1, "gone: HTTP status 404"),
        ([f"{PORTAL}/robots.txt"], 2, "is no list of articles"),
        ([f"{PORTAL}/portal/list/", "--article", "x{"], 2, "matches none"),
        (["nonsense"], 2, "'nonsense' is no http or https address"),
    ],
)
def test_preview_of_nothing(crawl, site, arguments, status, says):
    ended = Command(crawl.folder, "preview", *arguments, "--base-url", site.base_url).end()
    assert (ended.status, ended.stdout) == (status, "")
    assert says in ended.stderr


def test_lists_of_sites_tell_no_gaps(crawl):
    ended = Command(crawl.folder, "backfill", "stcn", "--since", "2026-11-01").end()
    assert ended.status == 2
    assert "stcn: a site's lists can only be read from their top" in ended.stderr
