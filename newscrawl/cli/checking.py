"""What `newscrawl check` makes of a list and some articles, field by field, and how that is told. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from newscrawl.cli.common import COLUMNS, table
from newscrawl.cli.fetch import told
from newscrawl.items import Article
from newscrawl.outcomes import Evidence, Outcome, RunResult, decide_outcome
from newscrawl.spiders.paging import Listing
from newscrawl.storage.timetext import length_text, minute_text
from newscrawl.storage.usual import FIELDS, LEAST_RECORD, Usual, traits_of, usual_of

_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLook:
    """One page of a list."""

    channel: str
    rows: int
    odd: int
    """Rows that could not be read."""
    newest: int | None
    """Unix seconds; None where the list tells no time."""
    reaches: int | None
    """The list is complete down to this second."""
    recent: int
    """Rows from then on: editors pin older stories on top."""
    usual: Sequence[int] = ()
    """Stories of the source, all its lists, in the same hours of the weeks before."""

    @property
    def hours(self) -> float | None:
        """How much time the list spans; None where it does not tell, or no time at all."""
        if self.newest is None or self.reaches is None or self.newest <= self.reaches:
            return None
        return (self.newest - self.reaches) / _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLook:
    """One field of the articles of one kind, now and usually."""

    kind: str
    field: str
    read: int
    count: int
    layers: str
    """Where it was read now."""
    usually: float | None
    """The share of the record that has it; None without a record."""
    usual_layer: str | None
    verdict: str
    """ok; missing, short, other layer: of all articles; partly: one of them of some; "" without enough of a record."""
    example: str

    @property
    def is_sign(self) -> bool:
        """Whether the layout must have changed."""
        return self.verdict in {"missing", "short"} or (self.field == "body" and self.verdict == "other layer")

    def __str__(self) -> str:
        of = f"in {self.count} of {self.count}"
        if self.verdict == "short":
            return f"{self.field} much shorter than usual {of}"
        if self.verdict == "missing":
            return f"{self.field} missing {of}, usually there in {self.usually or 0:.0%}"
        return f"{self.field} read by {self.layers} {of}, usually by {self.usual_layer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """All that was seen of one source."""

    source: str
    list: ListLook | None
    """None where no list could be read."""
    articles: Sequence[Article]
    fields: Sequence[FieldLook]
    record: Mapping[str, int]
    """How many articles of each kind there are to compare with."""
    result: RunResult


def look_at_list(channel: str, listing: Listing) -> ListLook:
    """What a list page tells; what is usual is not known here."""
    times = [row.at for row in listing.rows if row.at is not None]
    reaches = listing.reaches
    return ListLook(
        channel=channel,
        rows=len(listing.rows),
        odd=listing.odd,
        newest=max(times, default=None),
        reaches=reaches,
        recent=sum(reaches is not None and at >= reaches for at in times),
    )


def look_at_fields(articles: Sequence[Article], record: Mapping[str, Usual]) -> list[FieldLook]:
    """Every field that these articles have, or the record of their kind."""
    looks: list[FieldLook] = []
    for kind, seen in usual_of(map(traits_of, articles)).items():
        known = record.get(kind)
        of_kind = [article for article in articles if article.kind == kind]
        for field in (*FIELDS, "body"):
            if seen.share(field) or (known and known.share(field)):
                looks.append(_look(kind, field, seen, known, of_kind))
    return looks


def _look(kind: str, field: str, seen: Usual, known: Usual | None, articles: Sequence[Article]) -> FieldLook:
    layers = seen.layers.get(field, {})
    return FieldLook(
        kind=kind,
        field=field,
        read=seen.having.get(field, 0),
        count=seen.count,
        layers="+".join(sorted(layers)),
        usually=known.share(field) if known else None,
        usual_layer=known.layer(field) if known else None,
        verdict=_verdict(field, seen, known),
        example=_example(field, articles),
    )


def _verdict(field: str, seen: Usual, known: Usual | None) -> str:
    if known is None or known.count < LEAST_RECORD:
        return ""
    if known.is_usual(field) and not seen.share(field):
        return "missing"
    if field == "body" and 2 * seen.lengths[-1] < known.shortest:
        return "short"
    layers = seen.layers.get(field, {})
    usual_layer = known.layer(field)
    if layers and usual_layer and usual_layer not in layers:
        return "other layer"
    strays = (known.is_usual(field) and seen.share(field) < 1) or (usual_layer and len(layers) > 1)
    return "partly" if strays else "ok"


def _example(field: str, articles: Sequence[Article]) -> str:
    if field == "body":
        return f"{min(len(article.body) for article in articles)} characters or more"
    if field in {"images", "stocks", "tags"}:
        return ", ".join(str(len(getattr(article, field))) for article in articles)
    return next(filter(None, (told(getattr(article, field)) for article in articles)), "")


def outcome_of(result: RunResult, articles: Sequence[Article], fields: Sequence[FieldLook]) -> Outcome:
    """How a check ended: as its crawl did, or by what is not as usual."""
    if result.exit_status and result.outcome not in {"partial", "layout"}:
        return Outcome(result.outcome, result.advice, _LIST if result.outcome == "empty" else "")
    signs = "; ".join(str(look) for look in fields if look.is_sign)
    if signs or result.outcome == "layout":
        read, refused = [article.url for article in articles], [failure.url for failure in result.failures]
        addresses = [*read, *refused] if signs else [*refused, *read]
        make = f"`newscrawl newfixture {_plain(addresses[0])}` makes a test case of it" if addresses else _LIST
        return Outcome("layout", signs or result.advice, make)
    if result.failures or result.outcome == "partial":
        return _not_read(result, len(articles))
    odd = [look.field for look in fields if look.verdict not in {"", "ok"}]
    if any(look.verdict for look in fields):
        return Outcome("ok", f"not quite as usual: {', '.join(odd)}" if odd else "as usual")
    return Outcome("ok", "read, but there is no record of the last four weeks to compare with")


def _not_read(result: RunResult, read: int) -> Outcome:
    """Where not all pages, or not all of the list could be read."""
    kinds = [failure.kind for failure in result.failures if failure.kind != "gone"]
    if not kinds and not read:
        return Outcome(
            "layout", f"the list names {len(result.failures)} pages, and the site says that none is there", _PAGE
        )
    if kinds:
        evidence = Evidence(
            asked_for=True,
            stored=read,
            failed=len(kinds),
            failure_kinds={kind: kinds.count(kind) for kind in kinds},
        )
        failed = decide_outcome(evidence)
        return Outcome(failed.name, failed.advice, f"`newscrawl preview {_plain(result.failures[0].url)}` shows more")
    return Outcome(result.outcome, result.advice, _LIST if result.exit_status else "")


_LIST = "open the list in a browser; where it shows stories, its rows have changed: report it"
_PAGE = "open one in a browser; where it shows the story, its layout has changed: report it"


def _plain(text: str) -> str:
    """Text that is to be formatted once more."""
    return text.replace("{", "{{").replace("}", "}}")


def as_data(check: Check) -> dict[str, Any]:
    """A check as JSON holds it."""
    listed = check.list
    return {
        "source": check.source,
        "outcome": check.result.outcome,
        "exit_status": check.result.exit_status,
        "advice": check.result.advice,
        "to_do": check.result.to_do,
        "list": {**asdict(listed), "hours": listed.hours} if listed else None,
        "articles": [article.url for article in check.articles],
        "failures": [asdict(failure) for failure in check.result.failures],
        "record": dict(check.record),
        "fields": [asdict(look) | {"sign": look.is_sign} for look in check.fields],
    }


def as_text(check: Check, now: int) -> str:
    """A check as a person reads it, without its closing line."""
    lines = [f"{check.source}, {_list_text(check.list, now)}"] if check.list else [check.source]
    for kind in dict.fromkeys(look.kind for look in check.fields):
        count = sum(article.kind == kind for article in check.articles)
        name = kind if kind == "article" else "flash"
        many = name if count == 1 else {"article": "articles", "flash": "flashes"}[name]
        lines.append(f"{count} {many}, beside {check.record.get(kind, 0)} of the last four weeks:")
        lines += ["", _field_table([look for look in check.fields if look.kind == kind]), ""]
    lines += [f"{failure.url}: {failure.kind}: {failure.reason}" for failure in check.result.failures]
    return "\n".join(lines).rstrip("\n") + "\n"


def _list_text(listed: ListLook, now: int) -> str:
    lines = [f"list {listed.channel}: {listed.rows} rows" + (f" and {listed.odd} unreadable" if listed.odd else "")]
    if listed.newest is not None:
        lines[0] += f", newest {minute_text(listed.newest)} ({length_text(max(now - listed.newest, 0))} ago)"
    if listed.hours:
        lines.append(f"{listed.recent} rows within {listed.hours:.1f} h: {listed.recent / listed.hours:.1f} an hour")
        if listed.usual:
            low, high = (count / listed.hours for count in (min(listed.usual), max(listed.usual)))
            rate = f"{low:.1f}" if low == high else f"{low:.1f} to {high:.1f}"
            lines.append(f"the source's stories in these hours of the weeks before: {rate} an hour")
    return "\n".join(lines)


def _field_table(looks: Sequence[FieldLook]) -> str:
    header = ("field", "read", "by", "usually", "by", "verdict", "e.g.")
    rows = [
        (
            look.field,
            f"{look.read} of {look.count}",
            look.layers or None,
            None if look.usually is None else f"{look.usually:4.0%}",
            look.usual_layer,
            look.verdict.upper() if look.is_sign else look.verdict or None,
            look.example,
        )
        for look in looks
    ]
    return table(header, rows, within=COLUMNS)
