"""JSON values by chance, and answers in a site's shape with something changed in them.

The suite looks shortly and always alike; NEWSCRAWL_FUZZ=N looks at N examples of each, other ones every time.
"""

import copy
import json
import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

_OFTEN = int(os.environ.get("NEWSCRAWL_FUZZ", "0"))
fuzz = settings(
    max_examples=_OFTEN or 60,
    derandomize=not _OFTEN,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

ODD_TEXTS = [
    "", " ", "\0", "\ud800", "\x1b[31m", "\u202e", "０１２", "-1", "1e999", "9" * 400, "../../x", "//[::1", "javascript:x", "None", "null",
    "<p>" * 50, "&#0;&#xD800;", "】【", "2026-13-45 25:99", "0000-00-00", "A" * 3000, "'; drop table articles; --", "=1+1", "https://[::1",
    "https://a.cn:99999999999/x", "\r\nX: y", "http://\ud800.cn/\u0000",
]  # fmt: skip
TEXTS = st.sampled_from(ODD_TEXTS) | st.text(max_size=30)
NUMBERS = st.sampled_from([0, -1, 1, 10**30, -(10**30), 2**63, 1e300, float("nan"), float("inf"), 0.5, 9999999999999])
SCALARS = st.none() | st.booleans() | NUMBERS | st.integers() | st.floats() | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)


def paths(value, before=()):
    """The way to every node of a JSON value."""
    yield before
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from paths(child, (*before, key))


@st.composite
def mutated(draw, value):
    """`value` with one to three of its nodes replaced, dropped, doubled, renamed or wrapped."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(paths(value))[1:] or [()]))
        if not path:
            return draw(VALUES)
        *above, key = path
        parent = value
        for each in above:
            parent = parent[each]
        match draw(st.sampled_from(["replace", "replace", "drop", "double", "rename", "wrap"])):
            case "replace":
                parent[key] = draw(VALUES)
            case "drop":
                del parent[key]
            case "double" if isinstance(parent, list):
                parent.insert(key, copy.deepcopy(parent[key]))
            case "rename" if isinstance(parent, dict):
                parent[draw(TEXTS)] = parent.pop(key)
            case _:
                parent[key] = [parent[key]]
    return value


def as_bytes(value):
    """As a server would send it; half surrogate pairs as escapes, NaN and Infinity as Python writes them."""
    return json.dumps(value).encode()
