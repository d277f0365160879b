"""`newscrawl serve`: the archive in the browser."""

import socket
from ipaddress import ip_address
from pathlib import Path

import click

from newscrawl.cli.common import db_option, one_line
from newscrawl.cli.extras import needs_web
from newscrawl.errors import UsageError
from newscrawl.storage.database import open_readonly


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines look, too.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes a free one.")
@click.option("--open", "opens", is_flag=True, help="Open the first page in a browser.")
@click.option("--allow-host", "names", multiple=True, metavar="NAME", help="Behind a proxy: its host name.")
@db_option
def serve(host: str, port: int, opens: bool, names: tuple[str, ...], db: Path) -> None:
    """Show the archive in the browser: what is new, what moved, who was first, whether the crawls are well.

    Search, articles, stocks, stories, a dashboard, and every table by Datasette. The database is only read, crawls go
    on meanwhile, and no page loads anything from elsewhere. Whoever reaches the address may read everything: to show it
    to others put a server with a login in front. Ctrl-C ends it.

    \b
    newscrawl serve
    newscrawl serve --port 8080 --open
    """
    open_readonly(db).close()
    needs_web("serve")
    import uvicorn  # noqa: PLC0415 - an extra

    from newscrawl.web.headers import for_hosts  # noqa: PLC0415
    from newscrawl.web.site import make_site  # noqa: PLC0415

    listening = _listen(host, port)
    address = _address(host, listening.getsockname()[1])
    click.echo(f"{one_line(str(db))} at {address} (Ctrl-C ends it)")
    if opens:
        click.launch(address)
    app = make_site(db.absolute()).app()
    if ip_address(listening.getsockname()[0]).is_loopback:
        app = for_hosts(app, {name.lower() for name in names})
    config = uvicorn.Config(app, log_level="warning", lifespan="on", server_header=False)
    with listening:
        uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """A socket that is bound already: a port in use is told before anything is loaded. UsageError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, where = found[0]
        bound = socket.socket(family, kind, protocol)  # without it asyncio lets each answer wait for 40 ms (Nagle)
    except (OSError, UnicodeError) as error:
        raise UsageError(f"host: {host!r} is no address of this machine ({error})") from error
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(where)
        bound.listen(128)
    except OSError as error:
        bound.close()
        raise UsageError(f"port {port} of {host} cannot be had: {error.strerror}; --port names another") from error
    return bound


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/"
