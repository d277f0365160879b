"""What commands need that is installed only where it is wanted."""

from importlib.util import find_spec

from newscrawl.errors import UsageError


def needs_web(command: str) -> None:
    """UsageError where the packages of newscrawl[web] are missing."""
    missing = [name for name in ("datasette", "jinja2") if find_spec(name) is None]
    if missing:
        raise UsageError(f"`newscrawl {command}` needs {' and '.join(missing)}: pip install 'newscrawl[web]'")
