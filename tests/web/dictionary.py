"""data/README.md's tables as Datasette's metadata: `python -m tests.web.dictionary --write` after a change there."""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = ROOT / "newscrawl" / "web" / "dictionary.json"
_ROW = re.compile(r"^\| (\w+) \| (.+) \|$", re.MULTILINE)


def dictionary() -> dict[str, dict[str, object]]:
    """Table to its description and its columns', as plain text."""
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## Tables\n")[2].partition("\n## ")[0]
    found = {}
    for part in section.split("\n### ")[1:]:
        name, _, rest = part.partition("\n")
        told = rest.strip().partition("\n\n")[0].replace("\n", " ")
        columns = {column: _plain(meaning) for column, meaning in _ROW.findall(rest) if column != "column"}
        found[name] = {"description": _plain(told), "columns": columns}
    return found


def _plain(text: str) -> str:
    return text.replace("`", "")


def as_text() -> str:
    """The file that is shipped."""
    return json.dumps(dictionary(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__" and "--write" in sys.argv:
    FILE.write_text(as_text(), encoding="utf-8")
