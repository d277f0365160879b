"""What `crawl` and `worker` can be asked alike: options that are told to a spider as they are typed."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
_OPTIONS = (
    click.option("--recheck", metavar="HOURS", help="Ask again for stored articles younger than this."),
    click.option(
        "--start", metavar="ADDRESS", help="With the source `site`: its list page, RSS or Atom feed, or sitemap."
    ),
    click.option("--article", metavar="REGEX", help="With --start: which addresses are articles. Found out otherwise."),
    click.option("--next", "following", metavar="REGEX", help="With --start: which address is a list's next page."),
    click.option("--pages", metavar="N", help="With --start: read at most N pages of the list (default 20)."),
    click.option("--now", is_flag=True, help="Ask although the source is let alone after refusing."),
    click.option("--base-url", metavar="URL", help="Ask this scheme, host and port in place of the public hosts."),
)


def asked_options(command: F) -> F:
    """Adds `--recheck`, `--start`, `--article`, `--next` (as `following`), `--pages`, `--now` and `--base-url`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
