"""The schema, append-only: a released migration is never edited, a change is a new function at the end.

A later migration must not call sqlite-utils' `transform()` on `articles`: it would drop the generated column.
"""

from sqlite_utils import Database, Migrations
from sqlite_utils.db import ForeignKey

from newscrawl.storage import derived, views
from newscrawl.storage.linking import link
from newscrawl.storage.search_index import rebuild
from newscrawl.storage.story_marks import WITHIN

SCHEMA_VERSION = 14
"""How many migrations there are; a database carries the number as PRAGMA user_version."""

migrations = Migrations("newscrawl")

_HEADLINE = """
    coalesce(
        nullif(title, ''),
        case when substr(body, 1, 1) = '【' and instr(body, '】') between 3 and 122
             then substr(body, 2, instr(body, '】') - 2) end,
        rtrim(substr(body, 1, min(
            60,
            instr(body || '。', '。'),
            instr(body || '！', '！'),
            instr(body || '？', '？'),
            instr(body || char(10), char(10))
        )), '。' || char(10))
    )
"""
_COUNTS = ["found", "fetched", "new", "changed", "unchanged", "duplicate", "failed", "skipped", "gone"]


@migrations()
def m001_articles(db: Database) -> None:
    """The articles themselves."""
    articles = db.table("articles")
    articles.create(
        _columns(
            "id:int source source_id url kind title published_at published_date published_ts:int published_precision"
            " published_raw modified_at body body_html summary publisher author editor cover_url image_urls provenance"
            " content_hash content_since story_id:int backfilled:int first_seen_at updated_at"
        ),
        pk="id",
        not_null=(
            "source kind body body_html image_urls provenance content_hash content_since backfilled first_seen_at"
            " updated_at"
        ).split(),
        strict=True,
    )
    # sqlite-utils makes no generated columns.
    db.execute(f"alter table articles add column headline text generated always as ({_HEADLINE}) virtual")
    articles.create_index(["source", "source_id"], unique=True)
    articles.create_index(["url"], unique=True)
    for columns in (["published_ts"], ["published_date", "source"], ["content_hash"]):
        articles.create_index(columns)


@migrations()
def m002_parts(db: Database) -> None:
    """What belongs to an article and goes with it."""
    _create_part(
        db,
        "sightings",
        "article_id:int source url publisher published_at first_seen_at last_seen_at",
        key="article_id source url",
        not_null="first_seen_at last_seen_at",
        index="url",
    )
    _create_part(
        db,
        "images",
        "article_id:int position:int url alt caption width:int height:int",
        key="article_id position",
        not_null="url",
    )
    _create_part(db, "stocks", "article_id:int code market name", key="article_id code market", index="code")
    _create_part(db, "tags", "article_id:int kind name", key="article_id kind name", index="name")


@migrations()
def m003_revisions(db: Database) -> None:
    """Former states, and a view of all states, former and present."""
    db.table("revisions").create(
        _columns(
            "id:int article_id:int kind title published_at published_precision published_raw modified_at body body_html"
            " summary publisher author editor cover_url images stocks tags provenance content_hash valid_from valid_to"
        ),
        pk="id",
        not_null=(
            "article_id kind body body_html images stocks tags provenance content_hash valid_from valid_to"
        ).split(),
        foreign_keys=[_reference("revisions", "article_id", "articles", on_delete="CASCADE")],
        strict=True,
    )
    db.table("revisions").create_index(["article_id", "valid_from"])
    db.create_view(
        "states",
        "select article_id, title, body, published_at, content_hash, valid_from, valid_to from revisions"
        " union all "
        "select id, title, body, published_at, content_hash, content_since, null from articles",
    )


@migrations()
def m004_account(db: Database) -> None:
    """What was done: runs, failures, coverage."""
    counts = " ".join(f"{name}:int" for name in _COUNTS)
    db.table("runs").create(
        _columns(
            f"id:int source started_at finished_at outcome exit_status:int {counts} skipped_kinds message version"
        ),
        pk="id",
        not_null=["source", "started_at", "version", "skipped_kinds", *_COUNTS],
        defaults={**dict.fromkeys(_COUNTS, 0), "skipped_kinds": "{}"},
        strict=True,
    )
    db.table("runs").create_index(["source", "id"])
    db.table("failures").create(
        _columns("source url kind reason tries:int first_seen_at last_try_at next_try_at run_id:int"),
        pk=("source", "url"),
        not_null="source url kind reason tries first_seen_at last_try_at".split(),
        foreign_keys=[_reference("failures", "run_id", "runs", on_delete="SET NULL")],
        strict=True,
    )
    db.table("coverage").create(
        _columns("source channel from_ts:int to_ts:int"),
        pk=("source", "channel", "from_ts"),
        not_null="source channel from_ts to_ts".split(),
        strict=True,
    )


@migrations()
def m005_lists(db: Database) -> None:
    """How far each list was read and goes back, and a view of what is missing."""
    db.table("lists").create(
        _columns("source channel read_at floor_ts:int ends_ts:int ended_at"),
        pk=("source", "channel"),
        not_null=["source", "channel"],
        strict=True,
    )
    # A stretch of one second was how such a mark was kept before there was a table for it.
    db.execute(
        "insert into lists (source, channel, floor_ts)"
        " select source, channel, min(from_ts) from coverage where from_ts = to_ts group by source, channel"
    )
    db.execute("delete from coverage where from_ts = to_ts")
    db.create_view("gaps", derived.GAPS)


@migrations()
def m006_readings(db: Database) -> None:
    """Whose a change is: the publisher's, or that of our reading. Which answer a state was read from."""
    db.table("revisions").add_column("reason", str, not_null_default="publisher")
    db.table("articles").add_column("reread_at", str)
    db.table("sightings").add_column("read_at", str)
    db.table("runs").add_column("reread", int, not_null_default=0)
    db.execute("drop view states")
    db.create_view(
        "states",
        "select article_id, title, body, published_at, content_hash, valid_from, valid_to from revisions"
        " where reason = 'publisher'"
        " union all "
        "select id, title, body, published_at, content_hash, content_since, null from articles",
    )
    db.table("journal").create(_columns("id:int last"), pk="id", not_null=["id"], strict=True)


@migrations()
def m007_walks(db: Database) -> None:
    """How far the lists of sites without code were read, and by what their servers tell whether they have changed."""
    db.table("walks").create(
        _columns("source channel reading complete_at last_article:int under_way:int"),
        pk=("source", "channel"),
        not_null="source channel reading last_article under_way".split(),
        strict=True,
    )
    db.table("listings").create(
        _columns("source channel url etag last_modified read_at"),
        pk=("source", "channel", "url"),
        not_null="source channel url read_at".split(),
        strict=True,
    )


@migrations()
def m008_breakers(db: Database) -> None:
    """Which sources are let alone, and until when."""
    db.table("breakers").create(
        _columns("source kind reason opened_at until times:int"),
        pk="source",
        not_null="source kind reason opened_at until times".split(),
        strict=True,
    )


@migrations()
def m009_search(db: Database) -> None:
    """The search index, filled from the articles that are there (see storage.search_index)."""
    db.execute(
        "create virtual table articles_fts using"
        " fts5(text, content = '', detail = none, tokenize = 'unicode61 remove_diacritics 0')"
    )
    db.execute("create table search_rows (number integer primary key, article_id integer not null unique) strict")
    db.execute(
        "create table search_queue (article_id integer primary key, number integer, title text, body text) strict"
    )
    for name, (event, row) in derived.QUEUED.items():
        db.execute(
            f"create trigger search_{name} {event} begin"
            " insert into search_queue (article_id, number, title, body)"
            f" select {row} where not exists (select 1 from search_queue where article_id = {row.split(',')[0]}); end"
        )
    rebuild(db)


@migrations()
def m010_stories(db: Database) -> None:
    """Stories, found of the articles that are there (see storage.linking), and what became of each."""
    db.execute("create table story_queue (article_id integer primary key) strict")
    db.execute(
        "create table story_sketches (article_id integer primary key, at_ts integer not null, story_id integer,"
        " sketch blob not null) strict"
    )
    db.execute(
        "create table story_bands (key integer not null, at_ts integer not null, article_id integer not null,"
        " primary key (key, at_ts, article_id)) strict, without rowid"
    )
    for name, (event, number) in derived.STORY_QUEUED.items():
        db.execute(
            f"create trigger story_{name} {event} begin insert into story_queue (article_id)"
            f" select {number} where not exists (select 1 from story_queue where article_id = {number}); end"
        )
    db.execute("update articles set story_id = id")
    db.table("articles").create_index(["story_id"])
    db.create_view("story_copies", derived.STORY_COPIES)
    db.create_view("stories", derived.STORIES_OF_10)
    db.execute("insert into story_queue (article_id) select id from articles")  # m012 looks for their stories


@migrations()
def m011_views(db: Database) -> None:
    """What analysts ask again and again; `states` tells all that was known of an article, in each of its wordings."""
    db.execute("drop view states")
    for name, sql in {
        "states": views.states(_HEADLINE),
        "stories_per_day": views.STORIES_PER_DAY,
        "stories_per_hour": views.STORIES_PER_HOUR,
        "stories_per_publisher": views.STORIES_PER_PUBLISHER,
        "stories_per_stock": views.STORIES_PER_STOCK,
        "latest_per_stock": views.LATEST_PER_STOCK,
        "delays": views.DELAYS,
        "coverage_per_hour": views.COVERAGE_PER_HOUR,
    }.items():
        db.create_view(name, sql)


@migrations()
def m012_scale(db: Database) -> None:
    """What a million articles need: bands of sketches in order of time, so that a new article's stand beside those of
    its day and not all over the table; the newest of a source that has few; one story of many."""
    db.execute("alter table story_bands rename to former_bands")
    db.execute(
        "create table story_bands (key integer not null, article_id integer not null,"
        " primary key (key, article_id)) strict, without rowid"
    )
    period = f"(at_ts - ((at_ts % {WITHIN}) + {WITHIN}) % {WITHIN}) / {WITHIN}"  # as Python divides what is below 0
    db.execute(
        "insert into story_bands (key, article_id)"
        f" select {period} << 32 | (key & 4294967295), article_id from former_bands order by 1, 2"
    )
    db.execute("drop table former_bands")
    link(db)
    db.table("articles").create_index(["source"])
    db.execute("drop view stories")
    db.create_view("stories", derived.STORIES)


@migrations()
def m013_trails(db: Database) -> None:
    """How far replays and imports have come that were cut short."""
    db.table("trails").create(
        _columns("source reading taken:int chain failed:int lost:int"),
        pk="source",
        not_null="source reading taken chain failed lost".split(),
        strict=True,
    )


@migrations()
def m014_cluster(db: Database) -> None:
    """Crawls by several workers that are under way: how far the stream of their results is committed."""
    db.execute(
        "create table cluster_crawls (crawl text primary key, run_id integer not null references runs(id)"
        " on delete cascade, entry text not null, state blob, lists blob) strict"
    )


def _columns(names: str) -> dict[str, type]:
    """Columns by name, in order: `name` holds text, `name:int` whole numbers."""
    return {name.removesuffix(":int"): int if name.endswith(":int") else str for name in names.split()}


def _create_part(db: Database, table: str, columns: str, *, key: str, not_null: str = "", index: str = "") -> None:
    db.table(table).create(
        _columns(columns),
        pk=tuple(key.split()),
        not_null=[*key.split(), *not_null.split()],
        foreign_keys=[_reference(table, "article_id", "articles", on_delete="CASCADE")],
        strict=True,
    )
    if index:
        db.table(table).create_index([index])


def _reference(table: str, column: str, parent: str, *, on_delete: str) -> ForeignKey:
    return ForeignKey(table, column, parent, "id", on_delete=on_delete)
