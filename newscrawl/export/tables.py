"""Tables of articles as files: CSV, JSON Lines and Parquet, each written as the rows come."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from importlib import import_module
from itertools import islice
from typing import Any, BinaryIO

from newscrawl.errors import UsageError
from newscrawl.export.cells import cell
from newscrawl.export.columns import COLUMNS

Record = dict[str, Any]
Write = Callable[[BinaryIO, Iterable[Record], Sequence[str]], int]

_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""What some readers take for the end of a line."""
_GROUP = 2_000
"""Rows of a row group of Parquet: what is held in memory."""


def write_csv(file: BinaryIO, records: Iterable[Record], names: Sequence[str]) -> int:
    """UTF-8 with its mark, as spreadsheets want it; no cell is run as a formula. How many rows."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(names)
    count = 0
    for record in records:
        writer.writerow(
            [cell(record[name]) if not isinstance(record[name], date) else _iso(record[name]) for name in names]
        )
        count += 1
    text.flush()
    text.detach()
    return count


def write_jsonl(file: BinaryIO, records: Iterable[Record], names: Sequence[str]) -> int:
    """One object a line, in UTF-8; times in ISO form with their zone, lists as lists. How many rows."""
    count = 0
    for record in records:
        line = json.dumps({name: record[name] for name in names}, ensure_ascii=False, default=_iso)
        file.write(f"{line.translate(_LINE_ENDS)}\n".encode())
        count += 1
    return count


def write_parquet(file: BinaryIO, records: Iterable[Record], names: Sequence[str]) -> int:
    """Typed columns: times in Asia/Shanghai, days, booleans, lists. How many rows."""
    arrow, parquet = parquet_library()
    schema = arrow.schema([(name, _arrow_type(arrow, COLUMNS[name])) for name in names])
    count = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(records):
            writer.write_table(arrow.Table.from_pylist(group, schema=schema))
            count += len(group)
    return count


def parquet_library() -> tuple[Any, Any]:
    """pyarrow and its module for Parquet. UsageError where it is not installed."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise UsageError("Parquet needs pyarrow: pip install 'newscrawl[parquet]'") from error


def _arrow_type(arrow: Any, kind: str) -> Any:
    types = {
        "number": arrow.int64(),
        "text": arrow.string(),
        "list": arrow.list_(arrow.string()),
        "flag": arrow.bool_(),
        "day": arrow.date32(),
        "time": arrow.timestamp("ms", tz="Asia/Shanghai"),
    }
    return types[kind]


def _groups(records: Iterable[Record]) -> Iterator[list[Record]]:
    rest = iter(records)
    while group := list(islice(rest, _GROUP)):
        yield group


def _iso(value: date) -> str:
    """A day, or a time as the database writes it."""
    return str(value)
