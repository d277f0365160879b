"""What is sent to hurt, by the parser that it is meant for: name -> bytes, made when asked for.

Small ones are files beside this one, in a folder of their kind; large ones are made by the functions of `large`.
"""

from pathlib import Path

from tests.hostile.corpus import large

KINDS = ("page", "json", "list", "robots", "warc", "post", "config")
_FOLDER = Path(__file__).parent


def cases():
    """(kind, name, a function that gives the bytes) of every one."""
    for kind in KINDS:
        for file in sorted((_FOLDER / kind).glob("*")):
            if file.is_file():
                yield kind, file.stem, file.read_bytes
        yield from ((kind, name, make) for name, make in large.MADE[kind].items())
