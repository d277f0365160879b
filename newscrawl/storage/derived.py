"""What the schema keeps or computes beside its tables: the SQL of its triggers and of the views of gaps and stories.

Pure text. What was released is never edited: a change is a new name here and a new migration.
"""

# What is covered, and below it the second to which a record was meant to go back, each with the latest second below.
GAPS = """
    with known as (
        select source, channel, from_ts, to_ts from coverage
        union all
        select source, channel, floor_ts, floor_ts from lists l
        where floor_ts < (select min(from_ts) from coverage c where c.source = l.source and c.channel = l.channel)
    ), placed as (
        select source, channel, lag(to_ts) over (partition by source, channel order by from_ts) + 1 as from_ts,
               from_ts - 1 as to_ts
        from known
    )
    select source, channel, from_ts, to_ts, to_ts - from_ts + 1 as seconds,
           datetime(from_ts, 'unixepoch', '+8 hours') || '+08:00' as missing_from,
           datetime(to_ts, 'unixepoch', '+8 hours') || '+08:00' as missing_to,
           coalesce(to_ts >= ends_ts, 1) as reachable
    from placed left join lists using (source, channel)
    where from_ts <= to_ts
"""
_OLD = "old.id, (select number from search_rows where article_id = old.id), old.title, old.body"
QUEUED = {
    "inserted": ("after insert on articles", "new.id, null, null, null"),
    "updated": (
        "after update of title, body, published_ts on articles when old.title is not new.title"
        " or old.body is not new.body or old.published_ts is not new.published_ts",
        _OLD,
    ),
    "deleted": ("after delete on articles", _OLD),
}
"""What brings an article into the queue of the search index, and with which text it stands in the index."""
_MOVES = ("title", "body", "published_ts", "published_precision")
STORY_QUEUED = {
    "inserted": ("after insert on articles", "new.id"),
    "updated": (
        f"after update of {', '.join(_MOVES)} on articles"
        f" when {' or '.join(f'old.{name} is not new.{name}' for name in _MOVES)}",
        "new.id",
    ),
    "deleted": ("after delete on articles", "old.id"),
    "named": ("after insert on stocks", "new.article_id"),
    "unnamed": ("after delete on stocks", "old.article_id"),
}
"""What may move an article to another story. (An upsert would not heed `insert or ignore` in a trigger.)"""
# One row an article and source: the earliest address there. Who prints minutes or days only is never taken for earlier
# than who prints seconds.
STORY_COPIES = """
    with met as (
        select a.story_id, a.id as article_id, a.headline, a.published_precision, s.source, s.url, s.first_seen_at,
               coalesce(s.publisher, a.publisher) as publisher,
               case when s.source = a.source then a.published_at else coalesce(s.published_at, a.published_at) end
                   as published_at
        from articles a join sightings s on s.article_id = a.id
        where a.backfilled = 0 and not exists (
            select 1 from sightings o where o.article_id = s.article_id and o.source = s.source
            and (coalesce(o.published_at, '9'), o.first_seen_at, o.url)
              < (coalesce(s.published_at, '9'), s.first_seen_at, s.url)
        )
    ), timed as (
        select *, strftime('%s', published_at) + 0 as second,
               strftime('%s', published_at) + case when published_precision = 'day' then 86399
                   when published_precision = 'minute' or published_at like '%:00+08:00' then 59 else 0 end as latest
        from met
    )
    select story_id, row_number() over story as place, article_id, headline, source, publisher, url, published_at,
           case when published_precision != 'day' and first_value(published_precision) over story != 'day'
                then (second - first_value(second) over story) / 60 end as minutes,
           first_seen_at
    from timed
    window story as (partition by story_id order by latest is null, latest, article_id, source)
"""


def copies_of(stories: str) -> str:
    """STORY_COPIES of those stories alone whose numbers this query names: the view would first number all copies."""
    return STORY_COPIES.replace("where a.backfilled = 0", f"where a.story_id in ({stories}) and a.backfilled = 0")


STORIES_OF_10 = """
    select story_id,
           max(headline) filter (where place = 1) as headline,
           max(source) filter (where place = 1) as source,
           max(publisher) filter (where place = 1) as publisher,
           max(published_at) filter (where place = 1) as published_at,
           count(*) as copies,
           count(distinct source) as sources,
           json_group_array(minutes) filter (where place > 1) as minutes
    from (select * from story_copies order by story_id, place)
    group by story_id
"""
# The same rows, but a query for one story reads that one alone: SQLite hands `story_id = ?` on through partitions, not
# through groups.
STORIES = """
    select story_id, headline, source, publisher, published_at, copies, sources, all_minutes as minutes
    from (
        select *, count(*) over story as copies, max(nth_source) over story as sources,
               json_group_array(minutes) filter (where place > 1) over story as all_minutes
        from (select *, dense_rank() over (partition by story_id order by source) as nth_source from story_copies)
        window story as (partition by story_id order by place rows between unbounded preceding and unbounded following)
    )
    where place = 1
"""
