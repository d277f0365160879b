"""The schema, append-only: a released migration is never edited, a change is a new function at the end.

A later migration must not call sqlite-utils' `transform()` on `articles`: it would drop the generated column.
"""

from sqlite_utils import Database, Migrations
from sqlite_utils.db import DescIndex, ForeignKey

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


def _child_of(parent: str, table: str, column: str, *, on_delete: str = "CASCADE") -> list[ForeignKey]:
    return [ForeignKey(table, column, parent, "id", on_delete=on_delete)]


@migrations()
def m001_articles(db: Database) -> None:
    """The articles themselves."""
    articles = db.table("articles")
    articles.create(
        {
            "id": int,
            "source": str,
            "source_id": str,
            "url": str,
            "kind": str,
            "title": str,
            "published_at": str,
            "published_date": str,
            "published_ts": int,
            "published_precision": str,
            "published_raw": str,
            "modified_at": str,
            "body": str,
            "body_html": str,
            "summary": str,
            "publisher": str,
            "author": str,
            "editor": str,
            "cover_url": str,
            "image_urls": str,
            "provenance": str,
            "content_hash": str,
            "content_since": str,
            "story_id": int,
            "backfilled": int,
            "first_seen_at": str,
            "updated_at": str,
        },
        pk="id",
        not_null=[
            "source", "kind", "body", "body_html", "image_urls", "provenance", "content_hash",
            "content_since", "backfilled", "first_seen_at", "updated_at",
        ],
        strict=True,
    )  # fmt: skip
    # sqlite-utils makes no generated columns.
    db.execute(f"alter table articles add column headline text generated always as ({_HEADLINE}) virtual")
    articles.create_index(["source", "source_id"], unique=True)
    articles.create_index(["url"], unique=True)
    articles.create_index(["published_ts"])
    articles.create_index(["published_date", "source"])
    articles.create_index(["content_hash"])


@migrations()
def m002_parts_of_articles(db: Database) -> None:
    """What belongs to an article and goes with it."""
    db.table("sightings").create(
        {
            "article_id": int,
            "source": str,
            "url": str,
            "publisher": str,
            "published_at": str,
            "first_seen_at": str,
            "last_seen_at": str,
        },
        pk=("article_id", "source", "url"),
        not_null=["article_id", "source", "url", "first_seen_at", "last_seen_at"],
        foreign_keys=_child_of("articles", "sightings", "article_id"),
        strict=True,
    )
    db.table("sightings").create_index(["url"])
    db.table("images").create(
        {
            "article_id": int,
            "position": int,
            "url": str,
            "alt": str,
            "caption": str,
            "width": int,
            "height": int,
        },
        pk=("article_id", "position"),
        not_null=["article_id", "position", "url"],
        foreign_keys=_child_of("articles", "images", "article_id"),
        strict=True,
    )
    db.table("stocks").create(
        {"article_id": int, "code": str, "market": str, "name": str},
        pk=("article_id", "code", "market"),
        not_null=["article_id", "code", "market"],
        foreign_keys=_child_of("articles", "stocks", "article_id"),
        strict=True,
    )
    db.table("stocks").create_index(["code"])
    db.table("tags").create(
        {"article_id": int, "kind": str, "name": str},
        pk=("article_id", "kind", "name"),
        not_null=["article_id", "kind", "name"],
        foreign_keys=_child_of("articles", "tags", "article_id"),
        strict=True,
    )
    db.table("tags").create_index(["name"])


@migrations()
def m003_revisions(db: Database) -> None:
    """Former states, and a view of all states, former and present."""
    db.table("revisions").create(
        {
            "id": int,
            "article_id": int,
            "kind": str,
            "title": str,
            "published_at": str,
            "published_precision": str,
            "published_raw": str,
            "modified_at": str,
            "body": str,
            "body_html": str,
            "summary": str,
            "publisher": str,
            "author": str,
            "editor": str,
            "cover_url": str,
            "images": str,
            "stocks": str,
            "tags": str,
            "provenance": str,
            "content_hash": str,
            "valid_from": str,
            "valid_to": str,
        },
        pk="id",
        not_null=[
            "article_id", "kind", "body", "body_html", "images", "stocks", "tags", "provenance",
            "content_hash", "valid_from", "valid_to",
        ],
        foreign_keys=_child_of("articles", "revisions", "article_id"),
        strict=True,
    )  # fmt: skip
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
    counts = ["found", "fetched", "new", "changed", "unchanged", "duplicate", "failed", "skipped", "gone"]
    db.table("runs").create(
        {
            "id": int,
            "source": str,
            "started_at": str,
            "finished_at": str,
            "outcome": str,
            "exit_status": int,
            **dict.fromkeys(counts, int),
            "skipped_kinds": str,
            "message": str,
            "version": str,
        },
        pk="id",
        not_null=["source", "started_at", "version", "skipped_kinds", *counts],
        defaults={**dict.fromkeys(counts, 0), "skipped_kinds": "{}"},
        strict=True,
    )
    db.table("runs").create_index(["source", DescIndex("id")], index_name="idx_runs_source_id")
    db.table("failures").create(
        {
            "source": str,
            "url": str,
            "kind": str,
            "reason": str,
            "tries": int,
            "first_seen_at": str,
            "last_try_at": str,
            "next_try_at": str,
            "run_id": int,
        },
        pk=("source", "url"),
        not_null=["source", "url", "kind", "reason", "tries", "first_seen_at", "last_try_at"],
        foreign_keys=_child_of("runs", "failures", "run_id", on_delete="SET NULL"),
        strict=True,
    )
    db.table("coverage").create(
        {"source": str, "channel": str, "from_ts": int, "to_ts": int},
        pk=("source", "channel", "from_ts"),
        not_null=["source", "channel", "from_ts", "to_ts"],
        strict=True,
    )


SCHEMA_VERSION = 4
"""How many migrations there are; a database carries the number as PRAGMA user_version."""
