"""The search index: brought in step from the queue that triggers fill, in the transaction that changes the articles.

`articles_fts` keeps no texts, so what leaves it must be told its old ones: the triggers put them into `search_queue`,
whoever changes an article. `search_rows` says which row of the index is which article. The rows' numbers run in order
of publication, one a minute and higher ones where a minute is full, so that the newest hits are the last rows.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from sqlite_utils import Database

from newscrawl.storage.rows import as_json
from newscrawl.storage.search_text import tokens

SECONDS = 60
"""Of a row. Finer ones cost a byte a token, coarser ones save nothing and are fuller."""
FURTHEST = 1_000_000
"""How far above its minute a row may stand: a site that tells days only has the stories of a day in one minute."""
_CHUNK = 1_000
_WAITING = """
    select q.article_id from search_queue q left join articles a on a.id = q.article_id
    order by a.published_ts, q.article_id
"""
_CHANGED = """
    select q.number, q.title, q.body, a.id, a.title, a.body, a.published_ts
    from json_each(?) j cross join search_queue q on q.article_id = j.value left join articles a on a.id = q.article_id
    order by j.key
"""
_REMOVE = "insert into articles_fts (articles_fts, rowid, text) values ('delete', ?, ?)"
_ADD = "insert into articles_fts (rowid, text) values (?, ?)"


def feed(db: Database) -> None:
    """Bring the index in step with the articles. Call it inside a transaction."""
    queue = db.execute(_WAITING)  # once for all: sorting what is left for every chunk would take time by its square
    while waiting := queue.fetchmany(_CHUNK):
        changed = db.execute(_CHANGED, [as_json([number for (number,) in waiting])]).fetchall()
        gone = [(number, tokens(title, body)) for number, title, body, *_ in changed if number is not None]
        db.conn.executemany(_REMOVE, gone)
        db.conn.executemany("delete from search_rows where number = ?", ((number,) for number, _ in gone))
        _add(db, [row[3:] for row in changed if row[3] is not None])
        db.conn.executemany("delete from search_queue where article_id = ?", waiting)


def _add(db: Database, articles: Sequence[tuple[int, str | None, str, int | None]]) -> None:
    """Index articles that are in order of publication."""
    numbers = list(_free_rows(db, [second for *_, second in articles]))
    rows = list(zip(numbers, articles, strict=True))
    db.conn.executemany(_ADD, ((number, tokens(title, body)) for number, (_, title, body, _) in rows))
    db.conn.executemany(
        "insert into search_rows (number, article_id) values (?, ?)", ((number, article[0]) for number, article in rows)
    )


def first_row(second: int | None) -> int:
    """The lowest number that an article of this second may have; those without a date come before all others."""
    return max(second or 0, 0) // SECONDS


def _free_rows(db: Database, seconds: Sequence[int | None]) -> Iterator[int]:
    """A free number for each of these seconds, which are in order."""
    last = -1
    for second in seconds:
        number = max(first_row(second), last + 1)
        for (taken,) in db.execute("select number from search_rows where number >= ? order by number", [number]):
            if taken != number:
                break
            number += 1
        last = number
        yield number


def rebuild(db: Database) -> None:
    """Make the index anew from the articles. Call it inside a transaction."""
    db.execute("insert into articles_fts (articles_fts) values ('delete-all')")
    db.execute("delete from search_rows")
    db.execute("delete from search_queue")
    db.execute("insert into search_queue (article_id) select id from articles")
    feed(db)
    db.execute("insert into articles_fts (articles_fts) values ('optimize')")


def faults(db: Database) -> list[str]:
    """What is wrong with the index, a sentence each. Reads every article; writes nothing."""
    return [*_misplaced(db), *_miscounted(db)]


def _misplaced(db: Database) -> Iterator[str]:
    counts = {
        "{} changes of articles that are not in the index yet": "search_queue",
        "{} articles that are not in the index": "articles a left join search_rows r on r.article_id = a.id"
        " where r.number is null and a.id not in (select article_id from search_queue)",
        "{} rows of the index whose article is gone": "search_rows r left join articles a on a.id = r.article_id"
        " where a.id is null and r.number not in (select number from search_queue where number is not null)",
        "{} rows of the index that are not where their time belongs": "search_rows r join articles a on"
        f" a.id = r.article_id where r.number - max(coalesce(a.published_ts, 0), 0) / {SECONDS}"
        f" not between 0 and {FURTHEST} and a.id not in (select article_id from search_queue)",
    }
    for sentence, rows in counts.items():
        if number := db.execute(f"select count(*) from {rows}").fetchone()[0]:
            yield sentence.format(f"{number:,}")


def _miscounted(db: Database) -> Iterator[str]:
    """Whether every token is in the index for as many articles as have it."""
    texts: Counter[str] = Counter()
    for title, body in chain(
        db.execute("select title, body from articles where id not in (select article_id from search_queue)"),
        db.execute("select title, body from search_queue where number is not null"),
    ):
        texts.update(tokens(title, body).split())
    db.execute("create virtual table temp.search_words using fts5vocab('main', 'articles_fts', 'row')")
    try:
        index = dict(db.execute("select term, doc from search_words").fetchall())
    finally:
        db.execute("drop table temp.search_words")
    if wrong := [token for token in texts | index if texts[token] != index.get(token, 0)]:
        told = ", ".join(sorted(wrong)[:5])
        yield f"{len(wrong):,} characters or pairs of them are not in the index as often as in the texts: {told}"
