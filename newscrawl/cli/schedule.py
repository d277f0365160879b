"""`newscrawl schedule`: crawls without anybody there, by cron or systemd."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import click

from newscrawl.cli import crontab
from newscrawl.cli.common import safe
from newscrawl.cli.crawl import chosen
from newscrawl.cli.intervals import parse_interval
from newscrawl.cli.plan import Plan, program, surroundings
from newscrawl.cli.units import UnitFolder, units
from newscrawl.config import DEFAULT_CONFIG, Config, load_config
from newscrawl.errors import UsageError

_LINGER = Path("/var/lib/systemd/linger")


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE[=INTERVAL]]...")
@click.option("--all", "every", is_flag=True, help="Every source that newscrawl.toml does not switch off.")
@click.option("--cron", "kind", flag_value="cron", help="Lines of a crontab; the default where there is crontab(1).")
@click.option("--systemd", "kind", flag_value="systemd", help="Timers and services.")
@click.option("--system", is_flag=True, help="With --systemd: of the machine, run as the owner of the database.")
@click.option("--into", type=click.Path(path_type=Path), metavar="DIR", help="With --systemd: write the units there.")
@click.option("--install", "action", flag_value="install", help="Put it into force, in place of what was there before.")
@click.option("--remove", "action", flag_value="remove", help="Take everything away that runs on this database.")
@click.option("--db", type=click.Path(path_type=Path), metavar="FILE", help="The database.", envvar="NEWSCRAWL_DB")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="In place of ./newscrawl.toml.")
@click.option("-v", "verbose", is_flag=True, help="The crawls write Scrapy's log beside the database.")
def schedule(  # noqa: PLR0917
    sources: tuple[str, ...],
    every: bool,
    kind: str | None,
    system: bool,
    into: Path | None,
    action: str | None,
    db: Path | None,
    config: Path | None,
    verbose: bool,
) -> None:
    """Print what lets cron or systemd run the crawls; with --install, put it into force.

    An interval is 30s, 10m, 2h or 1d; without one cls_telegraph is crawled every minute, cls_depth and eastmoney every
    ten, others every half hour. Several databases may be scheduled side by side. Nothing else in a crontab is touched,
    installing twice changes nothing, and --remove leaves what was there before.

    \b
    newscrawl schedule --all
    newscrawl schedule cls_telegraph=1m cls_depth=10m --install
    newscrawl schedule --all --systemd --install
    newscrawl schedule --remove
    """
    settled = load_config(config)
    database = os.path.abspath(db or settled.database)
    by_systemd = kind == "systemd" or system or into is not None
    if by_systemd and kind == "cron":
        raise UsageError("--system and --into go with --systemd")
    if kind is None and not by_systemd:
        by_systemd = not shutil.which("crontab") and bool(shutil.which("systemctl"))
    if action == "remove":
        if sources or every:
            raise UsageError("--remove takes away all of a database; to change it, --install what is to be left")
        told = _folder(system, into).remove(database) if by_systemd else _without_lines(database)
        click.echo("removed" if told else f"nothing is scheduled for {safe(database)}")
        return
    plan = Plan(
        program=program(),
        folder=os.getcwd(),
        database=database,
        config=_config_file(config),
        environment=surroundings(),
        every=intervals(sources, every, settled),
        verbose=verbose,
    )
    plan.check()
    if by_systemd:
        _systemd(plan, system=system, into=into, install=action == "install")
    else:
        _cron(plan, install=action == "install")


def intervals(asked: tuple[str, ...], every: bool, config: Config) -> Mapping[str, int]:
    """Source to seconds. UsageError for a source that does not exist, and for what is no interval."""
    from newscrawl import registry  # noqa: PLC0415 - loads Scrapy
    from newscrawl.cli.runner import check_jobs  # noqa: PLC0415

    check_jobs([], config)
    given = [each.partition("=") for each in asked]
    typed = {name: parse_interval(text) if sign else None for name, sign, text in given}
    if len(typed) < len(given):
        raise UsageError("a source is named twice")
    registry.check_names(typed, config)
    known = registry.sources(config)
    names = [*typed, *chosen((), every, config)] if every else chosen(tuple(typed), every, config)
    if not names:
        raise UsageError("newscrawl.toml switches every source off")
    return {name: typed.get(name) or known[name].every for name in names}


def _config_file(config: Path | None) -> str | None:
    """The file that was read just now."""
    file = config or os.environ.get("NEWSCRAWL_CONFIG") or (DEFAULT_CONFIG if DEFAULT_CONFIG.is_file() else None)
    return os.path.abspath(file) if file else None


def _cron(plan: Plan, *, install: bool) -> None:
    lines = crontab.block(plan)
    if not install:
        click.echo(lines, nl=False)
        return
    before = crontab.read()
    after = crontab.replaced(before, plan.database, lines)
    if after != before:
        crontab.write(after)
    click.echo(_installed(plan, "your crontab", changed=after != before))


def _without_lines(database: str) -> bool:
    before = crontab.read()
    after = crontab.replaced(before, database, "")
    if after != before:
        crontab.write(after)
    return after != before


def _systemd(plan: Plan, *, system: bool, into: Path | None, install: bool) -> None:
    files = units(plan, system=system)
    folder = _folder(system, into)
    if not install and into is None:
        click.echo("\n".join(f"# {folder.path / name}\n{text}" for name, text in files.items()), nl=False)
        return
    changed = folder.install(plan.database, files)
    click.echo(_installed(plan, str(folder.path), changed=changed))
    if not system and into is None and not (_LINGER / os.environ.get("USER", "")).is_file():
        click.echo("They run while you are logged in; always, after: loginctl enable-linger")


def _folder(system: bool, into: Path | None) -> UnitFolder:
    if into is not None:
        return UnitFolder(into, None)
    if system:
        return UnitFolder(Path("/etc/systemd/system"), ("systemctl",))
    own = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return UnitFolder(own / "systemd/user", ("systemctl", "--user"))


def _installed(plan: Plan, where: str, *, changed: bool) -> str:
    count = f"{len(plan.every)} source{'s' if len(plan.every) > 1 else ''}"
    return f"installed: {count} in {safe(where)}" if changed else f"nothing to change: {count} in {safe(where)} already"
