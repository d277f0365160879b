"""What `worker` and `collect` share: the Redis between them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from newscrawl.errors import UsageError

if TYPE_CHECKING:
    from newscrawl.cluster.link import Link

F = TypeVar("F", bound=Callable[..., Any])
_EXTRA = frozenset({"redis", "scrapy_redis"})


def redis_options(command: F) -> F:
    """Adds `--redis`, `--wait` and `--stay`."""
    for option in (
        click.option("--stay", is_flag=True, help="Do not end with the crawl: wait for the next one, until stopped."),
        click.option(
            "--wait",
            type=click.FloatRange(0),
            default=60,
            show_default=True,
            metavar="SECONDS",
            help="End when nobody is heard of at the other end for so long.",
        ),
        click.option(
            "--redis", required=True, metavar="URL", envvar="NEWSCRAWL_REDIS", help="redis://HOST:PORT/NUMBER."
        ),
    ):
        command = option(command)
    return command


def linked(url: str) -> "Link":
    """The Redis at an address. UsageError where it cannot be used, or where the extra is not installed."""
    try:
        from newscrawl.cluster.link import connect  # noqa: PLC0415 - an extra, and Scrapy behind it
    except ModuleNotFoundError as error:
        if error.name in _EXTRA:
            raise UsageError("several machines need the extra `cluster`: pip install 'newscrawl[cluster]'") from error
        raise
    return connect(url)
