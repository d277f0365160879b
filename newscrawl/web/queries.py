"""The questions of the dashboard as SQL, for pages, reports and Datasette's own query pages alike. Pure text.

`:first_day` and `:last_day` are Beijing days, both inside. Each reads of the articles only those days (or thirty): what
it costs does not grow with the database.
"""

from newscrawl.storage.derived import copies_of

_IN_SPAN = "published_date between :first_day and :last_day"
_COPIES = copies_of(f"select story_id from articles where {_IN_SPAN}")

STORIES_BY_HOUR = f"""
select substr(published_at, 1, 13) || ':00' as hour, source, count(*) as stories
from articles
where {_IN_SPAN} and published_precision != 'day'
group by 1, 2 order by 1, 2
"""

STORIES_BY_DAY = """
select published_date as day, source, count(*) as stories
from articles
where published_date between date(:last_day, '-29 days') and :last_day
group by 1, 2 order by 1, 2
"""

SHARE_BY_SOURCE = f"""
select source, count(*) as stories, round(100.0 * count(*) / sum(count(*)) over (), 1) as percent
from articles
where {_IN_SPAN}
group by source order by stories desc
"""

SHARE_BY_PUBLISHER = f"""
select coalesce(publisher, '(not named)') as publisher, count(*) as stories,
    round(100.0 * count(*) / sum(count(*)) over (), 1) as percent
from articles
where {_IN_SPAN}
group by 1 order by stories desc limit 20
"""

# Stories with one copy only have no first.
WHO_WAS_FIRST = f"""
with told as (
    select *, count(*) over (partition by story_id) as copies,
        lead(minutes) over (partition by story_id order by place) as ahead
    from ({_COPIES})
)
select coalesce(publisher, '(not named)') as publisher, source, sum(place = 1) as first, sum(place > 1) as later,
    round(avg(ahead) filter (where place = 1), 1) as minutes_ahead,
    round(avg(minutes) filter (where place > 1), 1) as minutes_behind
from told
where copies > 1
group by 1, 2 order by first desc, later desc limit 20
"""

LATEST_COPIED = f"""
select story_id, max(headline) filter (where place = 1) as headline, max(publisher) filter (where place = 1) as first,
    max(published_at) filter (where place = 1) as published_at, count(*) as copies,
    group_concat(minutes) filter (where place > 1) as minutes_later
from (select * from ({_COPIES}) order by story_id, place)
group by story_id having count(*) > 1
order by published_at desc limit 20
"""

MOST_NAMED_STOCKS = f"""
with named as (
    select s.code, s.market, max(s.name) as name, count(*) as stories
    from articles a join stocks s on s.article_id = a.id
    where {_IN_SPAN}
    group by 1, 2 order by stories desc, code limit 20
), before as (
    select s.code, s.market, count(*) / 7.0 as a_day
    from articles a join stocks s on s.article_id = a.id
    where published_date between date(:first_day, '-7 days') and date(:first_day, '-1 day')
    group by 1, 2
)
select code, market, name, stories, round(coalesce(a_day, 0), 1) as a_day_in_the_week_before
from named left join before using (code, market)
order by stories desc, code
"""

# One step a source: `select distinct` would read all of the index.
FRESHNESS = """
with recursive each(source) as (
    select min(source) from runs
    union all
    select (select min(source) from runs where source > each.source) from each where source is not null
), newest as (
    select source, (
        select published_date from articles
        where +source = each.source and published_date > '' order by 1 desc limit 1
    ) as day
    from each where source is not null
)
select source,
    (select max(published_at) from articles where +source = newest.source and published_date = day) as newest_story,
    (select finished_at from runs where source = newest.source and outcome in ('ok', 'nothing_new')
        order by id desc limit 1) as last_read_well,
    (select started_at from runs where source = newest.source order by id desc limit 1) as last_run,
    (select coalesce(outcome, 'under way or killed') from runs where source = newest.source order by id desc limit 1)
        as last_outcome
from newest order by newest_story desc
"""

COVERAGE = """
with span as (
    select cast(strftime('%s', :first_day || ' 00:00:00+08:00') as integer) as since,
        cast(strftime('%s', :last_day || ' 23:59:59+08:00') as integer) as until
), stretches as (
    select source, channel, 'complete' as state, from_ts, to_ts from coverage
    union all
    select source, channel, 'missing', from_ts, to_ts from gaps
)
select source, channel, state, max(from_ts, since) as from_ts, min(to_ts, until) as to_ts,
    datetime(max(from_ts, since), 'unixepoch', '+8 hours') as begins,
    datetime(min(to_ts, until), 'unixepoch', '+8 hours') as ends
from stretches, span
where from_ts <= until and to_ts >= since
order by source, channel, from_ts
"""

FAILURES_BY_KIND = """
select kind, source, count(*) as pages, sum(next_try_at is not null) as tried_again, max(last_try_at) as last_try
from failures
group by 1, 2 order by pages desc
"""

LAST_RUNS = """
select id, source, started_at, outcome, exit_status, found, new, changed, failed, message
from runs order by id desc limit 100
"""

# The function newscrawl_match is known on these pages only: elsewhere use `newscrawl search`.
SEARCH = """
select a.id, a.published_at, a.publisher, a.headline
from articles_fts f join search_rows r on r.number = f.rowid join articles a on a.id = r.article_id
where f.articles_fts match newscrawl_match(:word) and (instr(a.body, :word) or instr(coalesce(a.title, ''), :word))
order by f.rowid desc limit 100
"""
