"""Who may import whom: the floors of docs/design.md, and where Scrapy may stand."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = [
    {"__main__"},
    {"cli"},
    {"pipelines"},
    {"cluster"},
    {"registry", "replay", "notebook", "web"},
    {"asked"},
    {"spiders"},
    {"middlewares", "extensions", "progress", "settings", "feeds"},
    {"breaker", "concerns"},
    {"outcomes"},
    {"export"},
    {"rules", "storage", "config", "demo", "listing"},
    {"extraction"},
    {"document", "sites"},
    {"tree"},
    {"decode", "shape", "json_text", "dates", "urls"},
    {"items", "errors", ""},
]
# Beside its own floor and those above: what a module must not know for a reason of its own.
ONLY = {
    "storage": {"items", "errors", "storage", ""},
    "demo": {"demo", ""},
    "export": {"items", "errors", "storage", "export", ""},
}
HEAVY = {"scrapy", "twisted", "pandas", "numpy", "bs4", "w3lib.url"}
WITH_SCRAPY = {
    "registry",
    "spiders",
    "middlewares",
    "extensions",
    "progress",
    "settings",
    "feeds",
    "breaker",
    "cluster",
    "cli",
}
FLOOR_OF = {name: level for level, names in enumerate(FLOORS) for name in names}


def modules():
    for package in ("newscrawl", "pipelines"):
        yield from sorted((ROOT / package).rglob("*.py"))


def part_of(dotted):
    """The part that a dotted name belongs to: newscrawl.rules.cls -> rules, pipelines.clean -> pipelines."""
    names = dotted.split(".")
    return names[0] if names[0] == "pipelines" else (names[1] if len(names) > 1 else "")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module == "newscrawl":
                yield from (
                    f"newscrawl.{alias.name}" if alias.name != "__version__" else "newscrawl" for alias in node.names
                )
            else:
                yield node.module


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", list(modules()), ids=name_of)
def test_imports_point_downwards(path):
    if name_of(path) == "newscrawl":
        return  # its `open` loads what it needs when it is called; see test_loading_it_loads_no_scrapy
    own = part_of(name_of(path))
    assert own in FLOOR_OF, f"{own} stands on no floor"
    for name in imports(path):
        if name.split(".")[0] not in {"newscrawl", "pipelines"}:
            continue
        other = part_of(name)
        assert other == own or FLOOR_OF[own] < FLOOR_OF[other], f"{own} must not import {other}"
        assert other in ONLY.get(own, {other}), f"{own} must not know {other}"


@pytest.mark.parametrize("path", list(modules()), ids=name_of)
def test_only_the_fetching_side_imports_scrapy(path):
    own = part_of(name_of(path))
    found = {name for name in imports(path) if name.split(".")[0] in {"scrapy", "twisted"}}
    inside = own == "pipelines" and path.name == "step.py"  # where it is needed, not when the module is loaded
    assert not found or own in WITH_SCRAPY or inside, f"{own} imports {found}"


@pytest.mark.parametrize(
    "module",
    [
        "pipelines",
        "newscrawl.storage.ledger",
        "newscrawl.rules",
        "newscrawl.notebook",
        "newscrawl.cli",
        "newscrawl.cli.replay",
        "newscrawl.cli.rebuild",
        "newscrawl.cli.status",
        "newscrawl.cli.restore",
        "newscrawl.cli.backup",
        "newscrawl.cli.serve",
        "newscrawl.cli.report",
        "newscrawl.web.site",
        "newscrawl.web.report",
        "newscrawl.cli.search",
        "newscrawl.cli.show",
        "newscrawl.cli.export",
        "newscrawl.cli.export_tables",
        "newscrawl.cli.export_jekyll",
    ],
)
def test_loading_it_loads_no_scrapy(module):
    code = f"import sys, {module}; print(sorted(m for m in sys.modules if m in ('scrapy', 'twisted')))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["search", "公司"], ["show", "1"], ["export", "csv", "-"], ["runs"], ["status"]],
    ids=lambda arguments: arguments[0],
)
def test_a_command_that_does_not_crawl_loads_nothing_heavy(arguments, tmp_path):
    database = shutil.copy(ROOT / "data" / "sample.db", tmp_path)
    given = [*arguments, "--db", database] if arguments != ["--help"] else arguments
    code = (
        "import sys; from newscrawl.cli import main\n"
        f"try: main({given!r}, prog_name='newscrawl')\n"
        f"except SystemExit: print(sorted({HEAVY!r} & sys.modules.keys()), file=sys.stderr)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout
    assert found.stderr.splitlines()[-1] == "[]"


def test_sqlite_utils_is_loaded_without_what_it_does_not_need():
    code = "import sys, newscrawl.storage, sqlite_utils.db as db; print(db.np, db.pd, 'numpy' in sys.modules); import numpy"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.split() == ["None", "None", "False"]


def test_the_top_level_is_the_users():
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    top = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    assert top <= {
        ".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "constraints.txt", "data",
        "docs", "newscrawl", "pipelines", "pyproject.toml", "scrapy.cfg", "tests",
    }  # fmt: skip
