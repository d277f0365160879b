"""The views that analysts read: what the schema's migrations make, and nothing else uses. Pure text.

A released view is never edited: a change is a new name here and a new migration.
"""

_FIRST = "title body published_at content_hash"
_REST = "published_precision published_raw modified_at kind body_html summary publisher author editor cover_url"

_NOW_IMAGES = """(select json_group_array(json_object('position', position, 'url', url, 'alt', alt, 'caption', caption,
        'width', width, 'height', height)) from (select * from images where article_id = a.id order by position))"""
_NOW_STOCKS = """(select json_group_array(json_object('code', code, 'market', market, 'name', name))
        from (select * from stocks where article_id = a.id order by code, market))"""
_NOW_TAGS = """(select json_group_array(json_object('kind', kind, 'name', name))
        from (select * from tags where article_id = a.id order by kind, name))"""


def states(headline: str) -> str:
    """All wordings of all articles; `headline` computes one from `title` and `body`."""
    return f"""
    select r.article_id, {_of("r", _FIRST)}, r.valid_from, r.valid_to,
        a.source, a.source_id, a.url, (select {headline} from (select r.title as title, r.body as body)) as headline,
        substr(r.published_at, 1, 10) as published_date,
        cast(strftime('%s', r.published_at) as integer) as published_ts,
        {_of("r", _REST)}, r.images, r.stocks, r.tags, r.provenance, a.backfilled, a.first_seen_at
    from revisions r join articles a on a.id = r.article_id where r.reason = 'publisher'
    union all
    select a.id, {_of("a", _FIRST)}, a.content_since, null,
        a.source, a.source_id, a.url, a.headline, a.published_date, a.published_ts,
        {_of("a", _REST)}, {_NOW_IMAGES}, {_NOW_STOCKS}, {_NOW_TAGS}, a.provenance, a.backfilled, a.first_seen_at
    from articles a
"""


STORIES_PER_DAY = """
    select published_date, source, count(*) as stories, sum(kind = 'flash') as flashes, sum(backfilled) as backfilled
    from articles where published_date is not null group by published_date, source
"""

STORIES_PER_HOUR = """
    select published_date, cast(substr(published_at, 12, 2) as integer) as hour, source, count(*) as stories,
        sum(backfilled) as backfilled
    from articles where published_date is not null and published_precision != 'day'
    group by published_date, cast(substr(published_at, 12, 2) as integer), source
"""

STORIES_PER_PUBLISHER = """
    select published_date, publisher, count(*) as stories, count(distinct source) as sources
    from articles where published_date is not null group by published_date, publisher
"""

STORIES_PER_STOCK = """
    select s.code, s.market, a.published_date, max(s.name) as name, count(*) as stories
    from stocks s join articles a on a.id = s.article_id
    where a.published_date is not null group by s.code, s.market, a.published_date
"""

# Of several at the same second the one stored last.
LATEST_PER_STOCK = """
    select code, market, name, stories, article_id, published_at, published_date, publisher, headline from (
        select s.code, s.market, s.name, a.id as article_id, a.published_at, a.published_date, a.publisher, a.headline,
            count(*) over (partition by s.code, s.market) as stories,
            row_number() over (partition by s.code, s.market order by a.published_ts desc, a.id desc) as place
        from stocks s join articles a on a.id = s.article_id
    ) where place = 1
"""

DELAYS = """
    select id as article_id, source, publisher, kind, published_date, published_at, published_precision, first_seen_at,
        cast(strftime('%s', first_seen_at) as integer) - published_ts as seconds
    from articles where backfilled = 0 and published_precision != 'day' and published_ts is not null
"""

# From the first second that a list was to be read from, to the newest that any list was.
COVERAGE_PER_HOUR = """
    with recursive channels as (
        select source, channel, min(first) as first, max(last) as last from (
            select source, channel, from_ts as first, to_ts as last from coverage
            union all
            select source, channel, floor_ts, null from lists where floor_ts is not null
        ) group by source, channel
    ), newest(last) as (select max(to_ts) from coverage),
    hours(source, channel, hour_ts, last) as (
        select source, channel, first - (first % 3600), last from channels
        union all
        select source, channel, hour_ts + 3600, last from hours where hour_ts + 3600 <= (select last from newest)
    ), counted as (
        select source, channel, hour_ts, last,
            (select count(*) from articles a where a.published_ts between h.hour_ts and h.hour_ts + 3599
                and a.published_precision != 'day'
                and exists (select 1 from sightings s where s.article_id = a.id and s.source = h.source)) as stories,
            (select coalesce(sum(min(c.to_ts, h.hour_ts + 3599) - max(c.from_ts, h.hour_ts) + 1), 0) from coverage c
                where c.source = h.source and c.channel = h.channel
                and c.from_ts <= h.hour_ts + 3599 and c.to_ts >= h.hour_ts) as seconds
        from hours h
    )
    select source, channel, datetime(hour_ts, 'unixepoch', '+8 hours') || '+08:00' as hour, hour_ts, stories,
        seconds as seconds_read,
        case when seconds = 3600 and stories = 0 then 'quiet' when seconds = 3600 then 'complete'
            when seconds > 0 then 'partly read' when last is null or hour_ts > last then 'not known yet'
            else 'not read' end as known
    from counted
"""


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column}" for column in columns.split())
