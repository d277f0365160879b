"""The database and the archive: everything that lasts. Knows records and errors, nothing of fetching or reading."""

import sys

_HEAVY = [name for name in ("numpy", "pandas") if name not in sys.modules]
"""sqlite-utils imports these wherever they are installed, to know their kinds of numbers and times: 0.4 s and 80 MiB
for every command. No row of ours holds one."""
sys.modules.update(dict.fromkeys(_HEAVY))  # type: ignore[arg-type]
try:
    import sqlite_utils  # noqa: F401
finally:
    for _name in _HEAVY:
        del sys.modules[_name]
