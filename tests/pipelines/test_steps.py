"""The thin classes: what a step refuses ends in the ledger and in the statistics, never in silence."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector
from scrapy.utils.test import get_crawler

from newscrawl.errors import BlockedPage, LayoutError, StorageError
from newscrawl.items import BEIJING, Article, Page
from pipelines import read_page
from pipelines.clean import CleanPipeline
from pipelines.extract import ExtractPipeline, is_within
from pipelines.store import StorePipeline
from pipelines.validate import ValidatePipeline

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class FakeLedger:
    """Remembers what it is told, as the real one would write it."""

    def __init__(self):
        self.articles, self.failures, self.skipped = [], [], []

    def add(self, article):
        self.articles.append(article)

    def fail(self, failure):
        self.failures.append(failure)

    def skip(self, kind, url):
        self.skipped.append(kind)


@pytest.fixture
def ledger():
    return FakeLedger()


@pytest.fixture
def crawler(ledger):
    crawler = get_crawler()
    crawler.spider = SimpleNamespace(ledger=ledger, name="cls_telegraph")
    crawler.stats = StatsCollector(crawler)
    return crawler


def row(**fields):
    import json

    story = {"id": 2600001, "ctime": 1790274888, "title": "", "content": "财联社9月25日电，示例。", **fields}
    return page(json.dumps(story).encode(), "application/json")


def page(body, content_type="text/html; charset=utf-8"):
    return Page(
        url="https://www.cls.cn/detail/2600001",
        source="cls_telegraph",
        body=body,
        headers={"content-type": content_type},
        fetched_at=NOW,
    )


def run_all(crawler, item):
    for step in (CleanPipeline, ExtractPipeline, ValidatePipeline, StorePipeline):
        item = step.from_crawler(crawler).process_item(item)
    return item


def test_a_good_page_passes_every_step(crawler, ledger):
    article = run_all(crawler, row())
    assert isinstance(article, Article)
    assert ledger.articles == [article]
    assert not ledger.failures


@pytest.mark.parametrize(
    ("item", "kind", "step"),
    [
        (page(b""), "empty", "clean"),
        (page(b'{"id":', "application/json"), "layout", "clean"),
        (page(b'<html><meta name="aliyun_waf_aa"></html>'), "blocked", "clean"),
        (page(bytes(range(128, 256)) * 40), "encoding", "clean"),
        (page(b"<p " + b" ".join(b"a%d=1" % i for i in range(5000)) + b">"), "too_complex", "clean"),
        (page(b"<html><body><div class='detail-content'>text"), "truncated", "extract"),
        (page(b"<html><body><p>x</p></body></html>"), "layout", "extract"),
        (page(b'<html><script id="__NEXT_DATA__">{"props":{"pageProps":{"articleDetail":{}}}}</script></html>'), "gone", "extract"),
        (row(content="  "), "layout", "extract"),
        (row(content="<br>"), "layout", "validate"),
    ],
)  # fmt: skip
def test_a_refused_page_is_dropped_and_kept_as_a_failure(crawler, ledger, item, kind, step):
    with pytest.raises(DropItem):
        run_all(crawler, item)
    ((failure),) = ledger.failures
    assert (failure.kind, failure.url, failure.source) == (kind, item.url, "cls_telegraph")
    assert failure.reason
    assert crawler.stats.get_value(f"newscrawl/{step}/{kind}") == 1
    assert not ledger.articles


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"is_ad": 1}, "advert"),
        ({"is_fad": 7}, "advert"),
        ({"type": 20015}, "paid"),
        ({"type": "20026"}, "paid"),
        ({"share_img": "https://img.cls.cn/share/vip.png"}, "paid"),
        ({"author_extends": "sz002245@@示例股份"}, "paid"),
    ],
)
def test_adverts_and_paid_rows_are_counted_and_not_stored(crawler, ledger, fields, kind):
    with pytest.raises(DropItem):
        run_all(crawler, row(**fields))
    assert ledger.skipped == [kind]
    assert not ledger.articles
    assert not ledger.failures


def test_a_fault_of_ours_loses_no_page(crawler, ledger, caplog):
    class Broken(ExtractPipeline):
        def run(self, item):
            raise ZeroDivisionError("ours")

    with pytest.raises(DropItem):
        Broken(crawler).process_item(CleanPipeline(crawler).process_item(row()))
    ((failure),) = ledger.failures
    assert (failure.kind, failure.url) == ("error", "https://www.cls.cn/detail/2600001")
    assert "ZeroDivisionError" in failure.reason
    assert "step extract failed" in caplog.text


def test_a_storage_error_is_not_a_fault_of_the_page(crawler, ledger):
    def refuse(article):
        raise StorageError("disk full")

    ledger.add = refuse
    with pytest.raises(StorageError):
        run_all(crawler, row())
    assert not ledger.failures


def test_a_date_that_cannot_be_is_emptied_and_counted(crawler):
    for value in (1990274888, 0, "2026-13-45"):
        article = run_all(crawler, row(ctime=value))
        assert article.published_at is None
        assert article.published_raw == str(value)
    assert crawler.stats.get_value("newscrawl/validate/no_date") == 3


def test_an_article_that_only_the_generic_reader_reads_is_counted(crawler, ledger):
    paragraphs = "".join(
        f"<p>青禾电池今日宣布，第{n}座工厂在澄州投产，年产能三吉瓦时，首批产品将于下月交付。</p>" for n in range(8)
    )
    head = "<h1>青禾电池新工厂投产</h1><div>2026-11-20 19:55</div>"
    html = f"<html><head><title>青禾电池新工厂投产</title></head><body>{head}<div>{paragraphs}</div></body></html>"
    article = run_all(crawler, page(html.encode()))
    assert article.provenance["body"] == "generic"
    assert crawler.stats.get_value("newscrawl/extract/moved") == 1


@pytest.mark.parametrize(
    ("within", "kept"),
    [
        ((None, None), True),
        ((1790274888, 1790274888), True),
        ((1790274889, None), False),
        ((None, 1790274887), False),
    ],
)
def test_an_article_of_another_time_than_was_asked_for_is_left_out_and_counted(crawler, ledger, within, kept):
    if kept:
        run_all(crawler, replace(row(), within=within))
    else:
        with pytest.raises(DropItem):
            run_all(crawler, replace(row(), within=within))
    assert (len(ledger.articles), ledger.skipped) == ((1, []) if kept else (0, ["other time"]))


@pytest.mark.parametrize(("hour", "kept"), [(0, True), (12, True), (23, True), (24, False)])
def test_an_article_of_a_day_is_of_all_its_hours(hour, kept):
    day = datetime(2026, 11, 20, tzinfo=BEIJING)
    article = SimpleNamespace(published_at=day, published_precision="day")
    since = int(day.timestamp()) + 3600 * hour
    assert is_within(article, (since, None)) is kept
    assert is_within(SimpleNamespace(published_at=None), (since, None))


FRAME = "".join(f'<li><a href="/c/{number}">栏目{number}</a></li>' for number in range(300))
GUARD = '<script src="/aliyun_waf_aa.js"></script>'


def test_a_slider_in_the_sites_own_frame_is_a_block_and_no_other_layout():
    whole = f"<html><head><title>验证</title>{GUARD}</head><body><ul>{FRAME}</ul><div id='nc'></div></body></html>"
    with pytest.raises(BlockedPage, match="slider"):
        read_page(page(whole.encode()))
    with pytest.raises(LayoutError):
        read_page(page(whole.replace(GUARD, "").encode()))


def test_a_story_whose_comments_have_a_slider_is_read():
    told = "青禾电池今日宣布，新工厂已经投产，产能提高一倍，订单排到明年，市场反应平静。"
    body = f"<h1>青禾电池投产</h1><p>2026-11-20 10:00</p><div>{f'<p>{told}</p>' * 4}</div>"
    article = read_page(page(f"<html><head>{GUARD}</head><body><ul>{FRAME}</ul>{body}</body></html>".encode()))
    assert told in article.body
