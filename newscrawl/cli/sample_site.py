"""`newscrawl sample-site`: serve the sample site on this machine until stopped."""

import signal
from threading import Event

import click

from newscrawl.demo import FAULTS, SampleSite
from newscrawl.errors import UsageError

_EXAMPLES = """\
Sample site with {stories} invented stories: {url}

  newscrawl crawl cls_telegraph --base-url {url} --delay 0
  newscrawl crawl cls_depth --base-url {url} --delay 0
  newscrawl crawl eastmoney --base-url {url} --delay 0
  newscrawl crawl site --start https://www.sample-portal.example/portal/list/ --base-url {url} --delay 0
  newscrawl fetch https://www.cls.cn/detail/{flash} --base-url {url}

Press Ctrl-C to stop."""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed gives other stories.")
@click.option("--stories", type=click.IntRange(1, 1_000_000), default=200, show_default=True)
@click.option("--fault", "faults", multiple=True, metavar="NAME[=WHERE]", help="Switch a fault on; may be repeated.")
@click.option("--list-faults", is_flag=True, help="Name all faults and end.")
def sample_site(port: int, seed: int, stories: int, faults: tuple[str, ...], list_faults: bool) -> None:
    """Serve a small invented news site on 127.0.0.1, in the shapes of cls.cn and East Money.

    The same seed and number of stories give the same pages everywhere. WHERE is a number n for every n-th story,
    or pages, parts (all but the first of a story), lists or all; without it a fault is in every page, or in every list.

    \b
    newscrawl sample-site --port 8000 --seed 1 --stories 200
    newscrawl sample-site --fault s500=5 --fault xss=3
    """
    if list_faults:
        for name, fault in sorted(FAULTS.items()):
            click.echo(f"{name:24} {fault.level:7} {fault.help}")
        return
    switched = dict(_fault(text) for text in faults)
    stopped = _on_signals()
    with _open(port, seed, stories, switched) as site:
        newest = next(site.truth.stories("flash"), None)
        flash = newest.id if newest else "1"
        click.echo(_EXAMPLES.format(stories=stories, url=site.base_url, flash=flash))
        stopped.wait()
    click.echo("Stopped.")


def _on_signals() -> Event:
    """Set by Ctrl-C and SIGTERM from now on."""
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def _open(port: int, seed: int, stories: int, faults: dict[str, int | str]) -> SampleSite:
    try:
        return SampleSite(port=port, seed=seed, stories=stories, faults=faults)
    except OSError as error:
        raise UsageError(f"port {port} cannot be used: {error.strerror}") from error


def _fault(text: str) -> tuple[str, int | str]:
    """s500=5 as ("s500", 5)."""
    name, _, where = text.partition("=")
    if name not in FAULTS:
        raise UsageError(f"no such fault: {name}; newscrawl sample-site --list-faults names them")
    if where in ("", "pages", "parts", "lists", "all") or (where[0] == "#" and where[1:].isdecimal()):
        return name, where or 1
    if not (where.isascii() and where.isdigit() and int(where) > 0):
        raise UsageError(
            f"{text}: say a number from 1 up, pages, parts, lists, all, or #7 for what the seventh request asks for"
        )
    return name, int(where)
