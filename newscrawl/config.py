"""The operator's settings: one optional newscrawl.toml, read once into a frozen Config. No Scrapy.

The environment is read here and nowhere else: NEWSCRAWL_CONFIG names the file, NEWSCRAWL_DB the database, NEWSCRAWL_NOW
what the clock shows when a command begins. Every key is optional. An unknown key or a value of the wrong type is a
UsageError that names it.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from newscrawl.errors import UsageError
from newscrawl.sites import KEYS, MOST_DEPTH, MOST_PAGES, SHARED_KEYS, read_pattern, read_start, shipped

MIB = 1024 * 1024
DEFAULT_DATABASE = Path("data/newscrawl.db")
DEFAULT_CONFIG = Path("newscrawl.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveConfig:
    """Where fetched answers are kept, and how many of them."""

    folder: Path | None = None
    """None: `warc/` beside the database."""
    max_file_mb: int = 100
    max_total_mb: int = 10 * 1024
    """When the folder is larger, its oldest files go."""

    def beside(self, database: Path) -> Path:
        """The folder of the archive that goes with a database."""
        return self.folder or database.parent / "warc"


@dataclass(frozen=True, slots=True, kw_only=True)
class PingConfig:
    """Who is told how crawls end, in the manner of healthchecks.io."""

    url: str | None = None
    """Asked for when a crawl went well, with `/fail` behind its path when not.

    With `{source}` in it, it is one address for each source; else it is that of the whole command.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfig:
    """What an operator may change of one source; of a site without code (`[sites.NAME]`), all that is said of it."""

    enabled: bool = True
    """False: left out of `crawl --all`."""
    base_url: str | None = None
    """Asked instead of the public hosts; stored addresses stay the public ones."""
    sv: str | None = None
    """Version of the front end that cls.cn's signed requests name."""
    hosts: tuple[str, ...] = ()
    """Further public hosts that pages of this source may stand on."""
    channels: tuple[str, ...] = ()
    """Instead of the source's own list of channels."""
    delay: float | None = None
    """Seconds between two requests, for this source only."""
    ping: str | None = None
    """Told how each crawl of this source ended: see PingConfig."""
    start: tuple[str, ...] = ()
    """Of a site: its lists, feeds or sitemaps. What follows is of sites only, too."""
    article: str | None = None
    """Which addresses are articles; None: found out."""
    next: str | None = None
    """Which address is a list's next page; None: found out."""
    pages: int = MOST_PAGES
    """How many pages of a list one crawl reads at most."""
    depth: int = MOST_DEPTH
    """How deep sitemaps may name sitemaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything of newscrawl.toml."""

    database: Path = DEFAULT_DATABASE
    contact: str | None = None
    """An address at which a site's people reach the operator; stands in the user agent."""
    user_agent: str | None = None
    """Replaces the whole user agent."""
    proxy: str | None = None
    delay: float = 1.0
    """Seconds between two requests to one host."""
    concurrency: int = 1
    """Requests under way at once."""
    archive: ArchiveConfig = ArchiveConfig()
    ping: PingConfig = PingConfig()
    sources: Mapping[str, SourceConfig] = field(default_factory=lambda: MappingProxyType(_sites({})))
    """What is said of sources, and the sites without code, those that are shipped among them."""

    def source(self, name: str) -> SourceConfig:
        """What is said of one source; the defaults where nothing is."""
        return self.sources.get(name, SourceConfig())


def load_config(path: Path | None = None) -> Config:
    """The settings in `path`, else in the file that NEWSCRAWL_CONFIG names, else in ./newscrawl.toml if there is one.

    NEWSCRAWL_DB goes before the file's `database`. Relative paths in the file are relative to the file's folder.
    UsageError for a file that is named but missing, and for anything that cannot be read.
    """
    if path is None and os.environ.get("NEWSCRAWL_CONFIG"):
        path = Path(os.environ["NEWSCRAWL_CONFIG"])
    config = Config() if path is None and not DEFAULT_CONFIG.is_file() else _read_file(path or DEFAULT_CONFIG)
    database = os.environ.get("NEWSCRAWL_DB")
    return replace(config, database=Path(database)) if database else config


def told_now() -> datetime | None:
    """The moment at which NEWSCRAWL_NOW has a command begin; UsageError for what is no moment with its zone."""
    text = os.environ.get("NEWSCRAWL_NOW")
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"NEWSCRAWL_NOW: {text!r} is no moment: {error}") from error
    if at.tzinfo is None:
        raise UsageError(f"NEWSCRAWL_NOW: {text!r} tells no zone: write it as 2026-11-20T21:46:00+08:00")
    return at


def _read_file(file: Path) -> Config:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # more than TOMLDecodeError: numbers of 5,000 digits, say
        raise UsageError(f"{file}: not valid TOML: {error}") from error
    try:
        return read_config(table, file.parent)
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from error


def read_config(table: Mapping[str, Any], folder: Path = Path()) -> Config:
    """The settings of a parsed file; `folder` is what its relative paths are relative to."""
    values = dict(table)
    archive = _table(values.pop("archive", {}), "archive")
    ping = _table(values.pop("ping", {}), "ping")
    sources, sites = _table(values.pop("sources", {}), "sources"), _table(values.pop("sites", {}), "sites")
    if twice := sorted(sources.keys() & (sites.keys() | shipped().keys())):
        raise UsageError(f"sources.{twice[0]} is a site: what is said of it stands under [sites.{twice[0]}]")
    return Config(
        **_checked(values, Config, "", folder),
        archive=ArchiveConfig(**_checked(archive, ArchiveConfig, "archive.", folder)),
        ping=PingConfig(**_checked(ping, PingConfig, "ping.")),
        sources=MappingProxyType({name: _source(name, part) for name, part in sources.items()} | _sites(sites)),
    )


def _source(name: str, value: object) -> SourceConfig:
    where = f"sources.{name}"
    known = _known(SourceConfig) - KEYS
    return SourceConfig(**_checked(_table(value, where), SourceConfig, f"{where}.", known=known))


def _sites(told: Mapping[str, object]) -> dict[str, SourceConfig]:
    """The shipped sites and the operator's: what he says of a shipped one goes before what is shipped."""
    sites: dict[str, SourceConfig] = {}
    for name in sorted(shipped().keys() | told.keys()):
        where = f"sites.{name}"
        if not re.fullmatch(r"[\w-][\w.-]*", name, re.ASCII):
            raise UsageError(f"{where}: a name is made of letters, digits and . - _ only")
        values = {**shipped().get(name, {}), **_table(told.get(name, {}), where)}
        sites[name] = SourceConfig(**_checked(values, SourceConfig, f"{where}.", known=KEYS | SHARED_KEYS))
        if not sites[name].start:
            raise UsageError(f"{where}.start is missing: the address of its list, feed or sitemap")
    return sites


def _table(value: object, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{key} must be a table")
    return value


def _known(kind: type) -> frozenset[str]:
    return frozenset(each.name for each in fields(kind)) & _READERS.keys()


def _checked(
    values: Mapping[str, Any], kind: type, prefix: str, folder: Path = Path(), known: frozenset[str] | None = None
) -> dict[str, Any]:
    """The values as `kind` wants them, or a UsageError that names the first key that is wrong or not among `known`."""
    known = known or _known(kind)
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            raise UsageError(f"unknown key {prefix}{key}")
        try:
            checked[key] = _READERS[key](value)
        except ValueError as error:
            raise UsageError(f"{prefix}{key} {error}") from error
        if isinstance(checked[key], Path):
            checked[key] = folder / checked[key].expanduser()
    return checked


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("must be a text of one line")
    return value.strip()


def _path(value: object) -> Path:
    return Path(_text(value))


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("must be a list of one or more texts")
    return tuple(_word(each) for each in value)


def _word(value: object) -> str:
    """What goes into addresses as it stands: hosts, channels, version numbers."""
    text = _text(value)
    if not re.fullmatch(r"[\w.:-]+", text, re.ASCII):
        raise ValueError("must be made of letters, digits and . : - _ only")
    return text


def _proxy(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(r"https?://[^\s/]+/?", text):
        raise ValueError("must be an address such as http://127.0.0.1:3128")
    return text


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("must be a whole number from 1 up")
    return value


def _seconds(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 3600:
        raise ValueError("must be a number of seconds from 0 to 3600")
    return float(value)


def read_base_url(value: object) -> str:
    """Scheme, host and port of an address such as http://127.0.0.1:8000; ValueError for anything else."""
    text = _text(value).rstrip("/")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"is no address: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError("must be an http or https address such as http://127.0.0.1:8000")
    if parts.path or parts.query or parts.fragment:
        raise ValueError("must be scheme, host and port only: it takes the place of theirs")
    return text


def _ping(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s#]*)?", text) or not text.isascii():
        raise ValueError("must be an http or https address such as https://hc-ping.com/your-uuid-here")
    return text


_READERS: Mapping[str, Callable[[object], Any]] = {
    "database": _path,
    "folder": _path,
    "contact": _text,
    "user_agent": _text,
    "proxy": _proxy,
    "sv": _word,
    "hosts": _words,
    "channels": _words,
    "enabled": _flag,
    "base_url": read_base_url,
    "delay": _seconds,
    "ping": _ping,
    "url": _ping,
    "start": read_start,
    "article": read_pattern,
    "next": read_pattern,
    "pages": _count,
    "depth": _count,
    "concurrency": _count,
    "max_file_mb": _count,
    "max_total_mb": _count,
}
