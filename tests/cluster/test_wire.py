"""What goes through Redis comes out as it went in; what somebody else put there, or into the database, does nothing."""

import json
import pickle
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.cluster.state import lists_of, state_of, take_up
from newscrawl.cluster.wire import Serializer, Unit, article_of, article_record, pack, unpack
from newscrawl.errors import UsageError
from newscrawl.items import BEIJING, Article, Image, Stock, Tag
from newscrawl.spiders.cls_depth import ClsDepthSpider
from newscrawl.spiders.paging import Listing, Row, Walk

TEXT = st.text()
MOMENTS = st.none() | st.datetimes(timezones=st.sampled_from([UTC, BEIJING]))
ARTICLES = st.builds(
    Article,
    source=TEXT,
    url=TEXT,
    source_id=st.none() | TEXT,
    kind=st.sampled_from(["flash", "article"]),
    title=st.none() | TEXT,
    published_at=MOMENTS,
    published_precision=st.sampled_from([None, "second", "day"]),
    published_raw=st.none() | TEXT,
    body=TEXT,
    body_html=TEXT,
    fetched_at=st.datetimes(timezones=st.just(UTC)),
    modified_at=MOMENTS,
    images=st.lists(st.builds(Image, TEXT, alt=st.none() | TEXT, width=st.none() | st.integers()), max_size=3).map(
        tuple
    ),
    stocks=st.lists(st.builds(Stock, TEXT, TEXT, st.none() | TEXT), max_size=3).map(tuple),
    tags=st.lists(st.builds(Tag, st.sampled_from(["subject", "level"]), TEXT), max_size=3).map(tuple),
    seen_at=st.lists(TEXT, max_size=3).map(tuple),
    provenance=st.dictionaries(st.sampled_from(["body", "title", "date"]), TEXT),
    backfilled=st.booleans(),
)


@given(ARTICLES)
def test_article_comes_out_as_it_went_in(article):
    [[_, record]] = unpack(pack(Unit(events=[["add", article_record(article)]]))).events
    assert article_of(record) == article


@given(st.binary(), st.binary(), st.dictionaries(TEXT, TEXT), st.datetimes(timezones=st.just(UTC)))
def test_answer_comes_out_as_it_went_in(body, other, context, at):
    answers = [{"body": each, "context": context, "fetched_at": at} for each in (body, other, body)]
    assert unpack(pack(Unit(answers=answers, request=other))).answers == answers


@given(st.binary(max_size=300) | st.binary(max_size=300).map(zlib.compress))
def test_what_no_worker_wrote_is_told(sent):
    with pytest.raises(UsageError):
        unpack(sent)


@pytest.mark.parametrize("told", ["[]", "null", '{"other": 1}', '{"body": 9}', "[" * 10_000])
def test_unit_of_another_shape_is_told(told):
    head = json.dumps([len(told)])
    with pytest.raises(UsageError):
        unpack(zlib.compress(f"{head}\n{told}".encode()))


def test_unit_that_bursts_is_cut_off():
    with pytest.raises(UsageError):
        unpack(zlib.compress(b"[1]\n" + bytes(200 * 1024 * 1024), 9))


def spider_with_walk():
    spider = ClsDepthSpider()
    walk = Walk(channel="1000", since=5)
    walk.read(Listing(rows=[Row(url="https://www.cls.cn/detail/1", at=9)], cursor="9", reaches=9))
    spider.walks.append(walk)
    return spider, walk


def test_request_comes_out_as_it_went_in():
    spider, walk = spider_with_walk()
    books, worker = Serializer(spider.walks), Serializer()
    request = spider.list_request(walk, "9")
    text = books.dumps(request.to_dict(spider=spider))
    again = books.loads(text)
    assert again["cb_kwargs"]["walk"] is walk
    assert (again["headers"], again["meta"]) == (dict(request.headers), request.meta)
    assert worker.loads(text)["cb_kwargs"] == {"walk": {"walk": 0}}


@given(st.recursive(TEXT | st.binary() | st.none() | st.integers() | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner)))  # fmt: skip
def test_values_of_a_request_come_out_as_they_went_in(value):
    assert Serializer().loads(Serializer().dumps({"meta": value})) == {"meta": value}


class Run:
    def __init__(self):
        self.problems, self.notes, self.empty_lists = [], ["a note"], []
        self.listed_at, self.ended, self.wish = {"a": "b"}, None, timedelta(hours=1)


class Ledger:
    def __init__(self):
        self.failure_kinds, self.failures = {"http": 2}, []
        self.fields = Fields()


class Fields:
    def __init__(self):
        self._traits, self._last = [], 7


def test_state_is_taken_up_by_fresh_books():
    spider, walk = spider_with_walk()
    state, lists = state_of(Run(), Ledger(), crashes=3), lists_of(spider)
    other, run, ledger = ClsDepthSpider(), Run(), Ledger()
    run.notes, ledger.fields._last = [], 0
    assert take_up(state, lists, other, run, ledger) == {"crashes": 3}
    assert (run.notes, run.wish, ledger.failure_kinds, ledger.fields._last) == (
        ["a note"],
        timedelta(hours=1),
        {"http": 2},
        7,
    )
    [again] = other.walks
    assert (again.channel, again.pages, again.oldest) == (walk.channel, walk.pages, walk.oldest)
    assert again.read(Listing(rows=[Row(url="https://www.cls.cn/detail/1", at=9)], cursor="9", reaches=9)) is None


class Evil:
    def __reduce__(self):
        return (print, ("a database that somebody handed over ran this",))


@pytest.mark.parametrize("state", [pickle.dumps(Evil()), pickle.dumps(datetime), b"", b"nothing", pickle.dumps(17)])
def test_state_that_is_none_runs_nothing(state, capsys):
    lists = lists_of(ClsDepthSpider())
    with pytest.raises(UsageError, match="cannot be read"):
        take_up(state, lists, ClsDepthSpider(), Run(), Ledger())
    with pytest.raises(UsageError, match="cannot be read"):
        take_up(state, state, ClsDepthSpider(), Run(), Ledger())
    assert capsys.readouterr().out == ""
