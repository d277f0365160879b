"""A small archive of our own invention, in which every page of the site has something to show."""

from datetime import datetime, timedelta
from pathlib import Path

from newscrawl.items import BEIJING, Article, Failure, Image, Stock, Tag
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger

NOW = datetime(2026, 11, 20, 22, 0, tzinfo=BEIJING)
"""The moment at which the pages are looked at."""
BANK = Stock("690036", "SH", "青禾银行")
BATTERY = Stock("300750", "SZ", "沐原电池")
CHANGED, SCRIPTED, PICTURED, COPIED, COPY = 1, 2, 3, 4, 5
"""Numbers of the articles that show something of their own."""
SCRIPT = (
    "<script>window.ran = 'script'</script><p onclick=\"window.ran = 'click'\">年报将在周五公布。</p>"
    '<img src="x" onerror="window.ran = \'error\'"><svg onload="window.ran = \'svg\'"></svg>'
    "<a href=\"javascript:window.ran = 'link'\">点这里</a><iframe srcdoc=\"<script>parent.ran = 'frame'</script>\"></iframe>"
)
_STORY = "青禾银行今日在鹤汀市发布三季度业绩快报，前三季度实现营业收入512.6亿元，同比增长6.3%，不良贷款率为1.12%，拨备覆盖率为318.4%，拟每十股派发现金红利2.4元。"


def build(path: Path, picture: str = "https://pictures.example/chart.png") -> Path:
    """Writes the archive, as crawls of four sources would have; `picture` is the address of one picture."""
    db = open_database(path)
    try:
        _crawl(db, "cls_telegraph", NOW - timedelta(hours=2), [_changed("拟派发"), _scripted(), _pictured(picture)])
        _crawl(db, "cls_depth", NOW - timedelta(hours=1), [_story("cls_depth", 4, 20, "财联社")])
        _crawl(db, "eastmoney", NOW - timedelta(minutes=50), [_story("eastmoney", 5, 27, "云泽日报")])
        _crawl(db, "cls_telegraph", NOW - timedelta(minutes=40), [_changed("决定派发")])
        _crawl(db, "cls_telegraph", NOW - timedelta(minutes=30), [_flash(number) for number in range(100, 145)])
        _failing(db)
        # What another program may have written: nothing of ours lets it through.
        db.execute("update articles set body_html = ? where id = ?", [SCRIPT, SCRIPTED])
        db.conn.commit()
    finally:
        db.close()
    return path


def _crawl(db, source, at, articles):
    ledger = Ledger(db, source, version="0.1.0", clock=lambda: at)
    ledger.found(len(articles))
    ledger.fetched(len(articles))
    for article in articles:
        ledger.add(article)
    ledger.lists.cover("roll", int((at - timedelta(hours=3)).timestamp()), int(at.timestamp()))
    ledger.finish("ok", 0)


def _failing(db):
    at = NOW - timedelta(minutes=20)
    ledger = Ledger(db, "eastmoney", version="0.1.0", clock=lambda: at)
    ledger.found(1)
    ledger.fail(Failure(url="https://www.example.com/a/1", source="eastmoney", kind="http", reason="HTTP status 500"))
    ledger.finish("partial", 1, "1 page could not be read")


def article(number, source="cls_telegraph", **changes):
    """An article that says as little as one may."""
    fields = {
        "source": source,
        "url": f"https://www.example.com/{source}/{number}",
        "source_id": str(number),
        "kind": "article",
        "title": f"第{number}号公告",
        "published_at": NOW - timedelta(hours=3) + timedelta(minutes=number),
        "published_precision": "second",
        "published_raw": None,
        "body": f"第{number}号公告的全文。",
        "body_html": f"<p>第{number}号公告的全文。</p>",
        "publisher": "财联社",
        "fetched_at": NOW,
    }
    return Article(**(fields | changes))


def _changed(word):
    body = f"沐原电池{word}现金红利三亿元。\n其余事项不变。"
    return article(
        1,
        title="沐原电池分红方案",
        body=body,
        body_html="".join(f"<p>{line}</p>" for line in body.split("\n")),
        stocks=(BATTERY,),
        tags=(Tag("subject", "电池"),),
    )


def _scripted():
    return article(2, title="含有 <b>标记</b> 的标题 & 符号", body="年报将在周五公布。点这里")


def _pictured(picture):
    return article(
        3,
        title="一张图看懂银行业季报",
        body="银行业季报汇总。",
        body_html=f'<h3>综述</h3><p>银行业季报汇总。</p><p><img src="{picture}" alt="季报图"></p><h4>附注</h4><p>数据截至三季度末。</p>',
        images=(Image(picture, alt="季报图", caption="季报图"),),
        stocks=(BANK,),
    )


def _story(source, number, minute, publisher):
    return article(
        number,
        source,
        title=f"青禾银行三季度业绩快报（{publisher}）",
        body=f"{publisher}{NOW.month}月{NOW.day}日电，{_STORY}",
        body_html=f"<p>{publisher}{NOW.month}月{NOW.day}日电，{_STORY}</p>",
        published_at=NOW.replace(hour=20, minute=minute),
        publisher=publisher,
        stocks=(BANK,),
    )


def _flash(number):
    stocks = (BATTERY,) if number % 3 else ()
    return article(number, kind="flash", title=None, stocks=stocks, published_at=NOW - timedelta(minutes=number))
