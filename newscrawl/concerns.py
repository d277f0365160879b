"""What of a database's state needs a person, in words. Pure."""

from datetime import datetime

from newscrawl.outcomes import Outcome, what_to_do
from newscrawl.storage.health import GOOD, Health, SourceHealth
from newscrawl.storage.timetext import from_text, to_text


def concerns(health: Health) -> list[str]:
    """What needs a person, a line each: the source or the thing, what is wrong, what to do. Pure."""
    told: list[str] = []
    for source in health.sources:
        told += _source_concerns(source, health)
    for each in health.resting:
        until = to_text(each.until)[:16]
        told.append(f"{each.source}: let alone until {until} ({each.kind}): `newscrawl crawl {each.source} --now` asks")
    lost: dict[str, int] = {}
    for row in health.failures:
        if row["state"] == "given up" and row["lately"]:
            lost[row["source"]] = lost.get(row["source"], 0) + row["lately"]
    for name, count in lost.items():
        pages = "1 page was" if count == 1 else f"{count} pages were"
        told.append(f"{name}: {pages} given up within a day: `newscrawl failures {name}`, then --retry")
    return told


def _source_concerns(source: SourceHealth, health: Health) -> list[str]:
    told = [f"{source.source}: {words}" for words in (_bad_end(source, health), _sign(source)) if words]
    if source.crawled:
        words = (_stopped(source, health.at), _nothing_new(source))
        told += [f"{source.source}: {each}" for each in words if each]
    return told


def _bad_end(source: SourceHealth, health: Health) -> str:
    """Ends that do not mend themselves count at once, the others when they last."""
    streak = source.streak
    outcome = streak[0]["outcome"] if streak else "ok"
    least = {"layout": 1, "storage": 1, None: 2}.get(outcome, 3)
    waits = any(row["source"] == source.source and row["state"] in {"due", "later"} for row in health.failures)
    if outcome in GOOD or len(streak) < least or (outcome == "partial" and waits):
        return ""
    many = f"its last {len(streak)} runs" if len(streak) > 1 else "its last run"
    if outcome is None:
        return f"{many} were killed, since {streak[-1]['started_at'][:16]}: out of memory?"
    words = (streak[0]["message"] or "").rstrip("."), what_to_do(Outcome(outcome), source.source)
    return f"{many} ended {outcome}, since {streak[-1]['started_at'][:16]}: {'; '.join(filter(None, words))}"


def _sign(source: SourceHealth) -> str:
    """A field that went missing is told by a run that ended well."""
    for run in source.ended[:1]:
        if run["outcome"] in GOOD and "newscrawl check" in (run["message"] or ""):
            return str(run["message"])
    return ""


def _stopped(source: SourceHealth, now: datetime) -> str:
    """Where runs came regularly, and come no more."""
    since = (now - from_text(source.runs[0]["started_at"])).total_seconds()
    if source.interval is None or source.running or since < max(10 * source.interval, 3600):
        return ""
    return f"no run since {source.runs[0]['started_at'][:16]}: is its cron job or timer switched off?"


def _nothing_new(source: SourceHealth) -> str:
    """Told by the last good run: what came since then nobody knows."""
    if source.longest_pause is None or source.newest is None or source.last_good is None:
        return ""
    pause = from_text(source.last_good).timestamp() - source.newest
    if pause < max(2 * source.longest_pause, 3600):
        return ""
    return f"nothing new for far longer than usual: `newscrawl check {source.source}`"
