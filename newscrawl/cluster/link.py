"""A Redis whose complaints come out as errors of ours, and the mark by which its keys are known to be newscrawl's."""

from typing import Any
from urllib.parse import urlsplit

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import (
    AuthenticationError,
    ConnectionError,
    NoPermissionError,
    NoScriptError,
    OutOfMemoryError,
    RedisError,
    ResponseError,
    TimeoutError,
)
from redis.retry import Retry
from scrapy_redis.connection import get_redis

from newscrawl.errors import StorageError, UsageError, printable

PREFIX = "newscrawl:"
MARKER = f"{PREFIX}marker"
FORM = b"newscrawl cluster 1"
"""What stands at the marker: who owns the keys under the prefix, and the form of what they hold."""
_SCHEMES = ("redis", "rediss", "unix")
_PATIENCE = Retry(ExponentialBackoff(cap=2, base=0.1), 8)
"""Some nine seconds: a Redis that is being restarted is waited for."""
_SECONDS = 10.0


class RedisFullError(StorageError):
    """The Redis takes nothing more. Exit status 8."""


class Link(Redis):
    """A connection. UsageError for what will never work here, StorageError for what does not work now."""

    name = ""
    """The address without its password."""

    def execute_command(self, *arguments: Any, **options: Any) -> Any:
        """As Redis, but for the errors. What was sent twice after a lost answer does no harm: see scripts."""
        try:
            return super().execute_command(*arguments, **options)  # type: ignore[no-untyped-call]
        except NoScriptError:
            raise  # redis-py loads the script and asks again
        except RedisError as error:
            raise self._told(error) from error

    def _told(self, error: RedisError) -> Exception:
        why = printable(str(error))
        if isinstance(error, OutOfMemoryError):
            return RedisFullError(
                f"the Redis at {self.name} is full (maxmemory), and what is fetched has no place there"
            )
        if isinstance(error, AuthenticationError | NoPermissionError):
            return UsageError(f"the Redis at {self.name} does not let us in: {why}")
        if isinstance(error, ConnectionError | TimeoutError):
            return StorageError(f"the Redis at {self.name} does not answer: {why}")
        if isinstance(error, ResponseError) and "WRONGTYPE" in why:
            return self.foreign(why)
        return StorageError(f"the Redis at {self.name} refuses: {why}")

    def foreign(self, what: str) -> UsageError:
        """Keys under our prefix that are not ours."""
        return UsageError(
            f"the Redis at {self.name} holds keys under {PREFIX} that are none of newscrawl's ({what}): take another"
            " database number, such as redis://HOST:6379/7"
        )


def connect(url: str) -> Link:
    """A connection to a Redis that is ours, or empty under our prefix. UsageError where it is not, or is none."""
    link = _link(url, retry=_PATIENCE)
    at_once = _link(url, retry=Retry(ExponentialBackoff(), 0))
    try:
        at_once.ping()
        _check_policy(at_once)
        _claim(at_once)
    except RedisFullError:
        raise
    except StorageError as error:
        raise UsageError(f"{error}; --redis takes redis://HOST:PORT/NUMBER") from error
    finally:
        at_once.close()
    return link


def _link(url: str, retry: Retry) -> Link:
    try:
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES:
            raise ValueError(f"it begins with none of {', '.join(f'{scheme}://' for scheme in _SCHEMES)}")
        link: Link = get_redis(
            url=url, redis_cls=Link, retry=retry, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS
        )
        where = parts.path if parts.scheme == "unix" else f"{parts.hostname or 'localhost'}:{parts.port or 6379}"
    except ValueError as error:
        raise UsageError(f"--redis: that is no address of a Redis: {printable(str(error))}") from error
    link.name = where + (parts.path if parts.scheme != "unix" and parts.path.strip("/0") else "")
    return link


def _check_policy(link: Link) -> None:
    """UsageError for a Redis that would make room by forgetting requests."""
    memory: Any = link.info("memory")
    policy = str(memory.get("maxmemory_policy", ""))
    if memory.get("maxmemory") and policy.startswith("allkeys"):
        raise UsageError(
            f"the Redis at {link.name} throws keys away when it is full (maxmemory-policy {policy}): a crawl needs"
            " noeviction"
        )


def _claim(link: Link) -> None:
    """Marks the keys under our prefix as ours; UsageError where some are there already that are not."""
    if link.type(MARKER) not in {b"string", b"none"}:
        raise link.foreign(MARKER)
    mark = link.get(MARKER)
    if mark == FORM:
        return
    if mark is not None:
        raise link.foreign(f"{MARKER} says {printable(repr(mark))[:60]}")
    for key in link.scan_iter(match=f"{PREFIX}*", count=1000):
        if key != MARKER.encode():
            raise link.foreign(printable(key.decode(errors="replace"))[:60])
    if not link.set(MARKER, FORM, nx=True):
        _claim(link)  # somebody else was quicker
