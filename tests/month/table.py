"""docs/month.md, from the calendar: `python -m tests.month.table` writes it, a test compares."""

from pathlib import Path

from tests.month.events import EVENTS, SOURCES, WELL

DOC = Path(__file__).parents[2] / "docs" / "month.md"
_HEAD = """\
# A simulated month

`tests/month` lives through thirty days on the sample site: its time is moved on, stories appear when they are due, and cron
runs `newscrawl crawl cls_telegraph cls_depth eastmoney` as a process of its own, three times a day, with the clock of that
moment. What goes wrong meanwhile stands below; outside of it every run must end with 0. Behind it the tests ask:

- Did each run end as its hour was, and did a run that said all is well have everything that its lists showed?
- Is every article as the site told it at the moment it was last read, and every revision a wording that the site had?
- Is all there that the site still has, without a gap in coverage, and is no failure left but of pages that are gone?
- Did coverage, after each single command, claim nothing that was neither stored nor noted as a failure?
- Was a source that refused hardly asked, and one that was to be let alone not at all?
- Is the database that `newscrawl rebuild` makes of the month's archive the same, ids included?

`NEWSCRAWL_MONTH=dense python -m pytest tests/month` lets cron run every two hours.

| from | until | what happens | cls_telegraph | cls_depth | eastmoney | what is seen of it |
| --- | --- | --- | --- | --- | --- | --- |
"""


def document():
    return _HEAD + "\n".join(_row(event) for event in EVENTS) + "\n"


def _row(event):
    times = [f"{day}, {hour:02d}:00" for day, hour in (event.first, event.last)]
    ends = [_ends(event, source) for source in SOURCES]
    return f"| {' | '.join([*times, event.name, *ends, event.seen])} |"


def _ends(event, source):
    """How a source's runs may end; "" where none is made."""
    if not event.run:
        return ""
    outcomes = event.ends.get(source, WELL)
    return "well" if outcomes == WELL else " or ".join(sorted(outcomes))


if __name__ == "__main__":
    DOC.write_text(document(), encoding="utf-8")
