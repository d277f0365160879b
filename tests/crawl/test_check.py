"""`newscrawl check`, and crawls that notice by themselves that a field went missing."""

import json
from contextlib import closing
from datetime import timedelta

import pytest

from newscrawl.demo import NOW, SampleSite
from newscrawl.extensions.fields import FieldWatch
from newscrawl.storage.database import open_database
from newscrawl.storage.timetext import now_utc
from tests.crawl.support import Command, Crawls


def site_of_today(stories=300):
    """The record is that of the last four weeks, so the site must be of today."""
    return SampleSite(stories=stories, now=now_utc().astimezone(NOW.tzinfo).replace(microsecond=0))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """A site whose sources were crawled once; nothing here changes the database."""
    with site_of_today() as site:
        crawl = Crawls(tmp_path_factory.mktemp("crawled"), site)
        crawl("cls_depth", "cls_telegraph", "eastmoney")
        yield crawl


@pytest.fixture
def check(crawled, tmp_path):
    def run(*arguments, db=crawled.db, text=False, **faults):
        crawled.site.set_faults(faults)
        options = ("--base-url", crawled.site.base_url, "--delay", 0, "--db", db, *([] if text else ["--json"]))
        ended = Command(tmp_path, "check", *arguments, *options).end()
        return ended if text else (ended.status, json.loads(ended.stdout))

    return run


def verdicts(told):
    return {look["field"]: look["verdict"] for look in told["fields"]}


def test_all_as_usual(check, crawled):
    before = crawled.everything(), crawled.query("select * from runs"), crawled.db.read_bytes()
    status, told = check("cls_depth", "cls_telegraph", "eastmoney")
    assert status == 0
    assert [(each["source"], each["outcome"], each["advice"]) for each in told] == [
        ("cls_depth", "ok", "as usual"),
        ("cls_telegraph", "ok", "as usual"),
        ("eastmoney", "ok", "as usual"),
    ]
    assert all(len(each["articles"]) == 3 and each["list"]["rows"] > 20 for each in told)
    assert all(set(verdicts(each).values()) == {"ok"} for each in told)
    after = crawled.everything(), crawled.query("select * from runs"), crawled.db.read_bytes()
    assert after == before, "a check writes nothing"


def test_it_asks_one_list_page_and_so_many_articles(check, crawled):
    asked = len(crawled.site.requests)
    check("cls_depth", "--articles", 2, "--channel", "1003")
    asked = crawled.asked(since=asked)
    assert asked[:2] == ["/robots.txt", "/v3/depth/list/1003"]
    assert len(asked) == 4
    assert all(path.startswith("/detail/") for path in asked[2:])


@pytest.mark.parametrize(
    ("faults", "status", "outcome", "says"),
    [
        ({"layout": "pages"}, 5, "layout", "tags missing in 3 of 3, usually there in 100%; body read by generic"),
        ({"no_date": "pages"}, 5, "layout", "published_at missing in 3 of 3"),
        ({"no_names": "pages"}, 5, "layout", "editor missing in 3 of 3"),
        ({"empty_article": "pages"}, 5, "layout", "the site says that none is there"),
        ({"list_html": True}, 5, "layout", "no JSON"),
        ({"antibot": "pages"}, 4, "blocked", "3 of them as blocked"),
        ({"list_empty": True}, 6, "empty", "nothing in the list 1000"),
        ({"list_500": True}, 7, "network", "HTTP status 500"),
    ],
)
def test_what_is_not_as_usual_is_told(check, faults, status, outcome, says):
    ended, [told] = check("cls_depth", **faults)
    assert (ended, told["outcome"], told["exit_status"]) == (status, outcome, status)
    assert says in told["advice"]
    assert told["to_do"]


def test_one_page_of_another_layout_is_no_verdict_but_told(check):
    _, [told] = check("cls_depth")
    status, [told] = check("cls_depth", layout=[told["articles"][0].rpartition("/")[2]])
    assert (status, told["outcome"]) == (0, "ok")
    assert verdicts(told)["body"] == "partly"
    assert told["advice"].startswith("not quite as usual: ")


def test_it_is_good_to_read_in_80_columns(check):
    ended = check("cls_depth", text=True, no_date="pages")
    lines = ended.stdout.splitlines()
    assert ended.status == 5
    assert lines[0].startswith("cls_depth, list 1000: ")
    assert any(line.split()[:7] == ["published_at", "0", "of", "3", "-", "100%", "rule"] for line in lines)
    assert lines[-1].startswith("cls_depth: layout - published_at missing in 3 of 3")
    assert max(map(len, lines[:-1])) <= 80


def test_without_a_record_it_shows_what_was_read(check, tmp_path):
    status, [told] = check("eastmoney", db=tmp_path / "none.db")
    assert status == 0
    assert "no record" in told["advice"]
    assert {"title", "published_at", "body"} <= set(verdicts(told))
    assert set(verdicts(told).values()) == {""}
    assert not (tmp_path / "none.db").exists()


def test_a_kept_site_is_checked_by_its_name(check, tmp_path):
    config = tmp_path / "sites.toml"
    config.write_text('[sites.portal]\nstart = "https://www.sample-portal.example/portal/list/"\n')
    status, [told] = check("portal", "--config", config)
    assert (status, told["outcome"], len(told["articles"])) == (0, "ok", 3)
    assert told["list"]["rows"] == 20


def test_unknown_names_are_one_sentence(check):
    ended = check("nosuch", text=True)
    assert (ended.status, len(ended.stderr.splitlines())) == (2, 1)
    assert "there is no source 'nosuch'" in ended.stderr


# -- what crawls notice by themselves ----------------------------------------------------------------------------------


@pytest.fixture
def later(tmp_path):
    """A site with a record of cls_depth, and new stories."""
    with site_of_today() as site:
        crawl = Crawls(tmp_path, site)
        crawl("cls_depth")
        site.publish(100)
        yield crawl


def quietly(crawl):
    options = ("--base-url", crawl.site.base_url, "--delay", 0, "--db", crawl.db)
    return Command(crawl.folder, "crawl", "cls_depth", "-q", *options).end()


def test_a_field_that_goes_missing_is_told_once_a_day_even_by_a_quiet_crawl(later):
    later.site.set_faults({"no_names": "pages"})
    ended = quietly(later)
    assert ended.status == 0
    [line] = ended.stdout.splitlines()
    assert line.startswith("cls_depth: ok (")
    [new] = later.column("select new from runs where id = 2")
    assert new >= 5
    assert f"editor missing in {new} of {new}, usually never" in line
    assert line.endswith("newscrawl check cls_depth")
    [message] = later.column("select message from runs where id = 2")
    assert message in line
    with closing(open_database(later.db)) as db:
        watch, soon = FieldWatch(db, "cls_depth"), now_utc() + timedelta(hours=1)
        assert not watch.is_news(soon), "told again within a day, a mail each minute would follow"
        assert watch.is_news(soon + timedelta(days=1))


def test_dates_that_go_missing_are_an_outcome_of_their_own_and_the_stories_are_kept(later):
    later.site.set_faults({"no_date": "pages"})
    before = later.column("select count(*) from articles")[0]
    result = later("cls_depth").results["cls_depth"]
    assert (result["outcome"], result["exit_status"]) == ("layout", 5)
    assert "published_at missing in" in result["advice"]
    assert "newscrawl check cls_depth" in result["to_do"]
    assert later.column("select count(*) from articles")[0] == before + result["counts"]["new"]


def test_ordinary_stories_are_no_sign(later):
    result = later("cls_depth").results["cls_depth"]
    assert (result["outcome"], result["advice"], result["is_news"]) == ("ok", "", False)


def test_a_new_layout_is_told_by_crawls_that_store_a_story_each(tmp_path):
    with SampleSite(stories=40) as site:
        crawl = Crawls(tmp_path, site)
        crawl("eastmoney")
        site.set_faults({"layout": 1})
        outcomes = []
        while len(outcomes) < 3:
            site.publish(1)
            ended = crawl("eastmoney").results["eastmoney"]
            outcomes += [ended["outcome"]] if ended["counts"]["new"] else []
    assert outcomes == ["ok", "ok", "layout"]
    assert "3 of the last articles were read without the site's rule" in ended["advice"]
