"""Faults of lists: JSON ones of all APIs alike, through the one place where each keeps its rows."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from newscrawl.demo.answers import Answer, html_answer, json_answer
from newscrawl.demo.faults.kinds import Context, Fault, listing
from newscrawl.demo.faults.lists_html import change_html_list
from newscrawl.demo.sign_check import CURSORS

Rows = list[dict[str, Any]]
RowsChange = Callable[[Rows, Context], Rows]
_ROW_KEYS = ("roll_data", "list", "fastNewsList")


def _rows(help_text: str, change: RowsChange, html: str = "") -> Fault:
    """Changes the rows of a JSON list; an HTML or XML list gets the change that `html` names."""

    def apply(answer: Answer, context: Context) -> Answer:
        if "json" not in answer.content_type:
            return change_html_list(answer, context, html)
        whole = json.loads(answer.body)
        data = whole.get("data")
        if isinstance(data, list):
            whole["data"] = change(data, context)
        for key in _ROW_KEYS:
            if isinstance(data, dict) and key in data:
                data[key] = change(data[key], context)
        return json_answer(whole)

    return listing(help_text, apply)


def _plain(help_text: str, answer: Answer) -> Fault:
    return listing(help_text, lambda _, __: answer)


def _null(answer: Answer, _: Context) -> Answer:
    if "json" not in answer.content_type:
        return replace(answer, body=b"")
    return json_answer(json.loads(answer.body) | {"data": None})


def _endless(rows: Rows, context: Context) -> Rows:
    """Always full, always older: the rows of the newest page under ever earlier times."""
    back = context.asked * 86_400
    return [_moved(row, back) for row in rows] or [{"id": 1, "ctime": 1, "title": "", "content": "", "code": "0" * 18}]


def _moved(row: dict[str, Any], back: int) -> dict[str, Any]:
    return row | {key: row[key] - back for key in ("ctime", "sort_score") if isinstance(row.get(key), int)}


def _odd(rows: Rows, _: Context) -> Rows:
    """Rows that are none between the good ones."""
    return [*rows[:1], {}, *rows[1:2], {"id": None, "ctime": "soon", "code": "../../etc", "showTime": None}, *rows[2:]]


def _schemes(rows: Rows, _: Context) -> Rows:
    hostile = {"id": "javascript:alert(1)", "code": "file:///etc/hostname", "url": "file:///etc/hostname"}
    return [*rows[:1], *(row | hostile for row in rows[:1]), *rows[1:]]


def _stale(answer: Answer, context: Context) -> Answer:
    return context.kept.setdefault(context.request.target, answer)


def _short(rows: Rows, context: Context) -> Rows:
    newest = ("", "0", "1")
    return rows if all(context.request.get(name) in newest for name in CURSORS) else []


def _pinned(rows: Rows, _: Context) -> Rows:
    """A story of years ago on top: the oldest time of the page is no cursor any more."""
    return [row | {"is_top": 1, "ctime": 1_500_000_000, "showTime": "2017-07-14 10:40:00"} for row in rows[-1:]] + rows[
        :-1
    ]


LISTS = {
    "list_500": _plain("status 500", Answer(b"Internal Server Error", "text/plain", 500)),
    "list_empty": _rows("no rows", lambda _, __: [], "empty"),
    "list_html": _plain("an HTML page in place of JSON", html_answer("<html><body><h1>系统维护中</h1></body></html>")),
    "list_null": listing("data is null", _null),
    "list_cut": listing("JSON that ends in the middle", lambda a, _: replace(a, body=a.body[: len(a.body) // 2])),
    "list_stale": listing("lists stand still: each page as it was when it was first asked for", _stale),
    "list_short": _rows("lists have forgotten what stood behind their newest page; lists of links have not", _short),
    "list_endless": _rows("a next page for ever", _endless, "endless"),
    "list_dup": _rows("every row three times", lambda rows, _: [row for row in rows for _ in range(3)], "dup"),
    "list_odd": _rows("rows that are none between the good ones", _odd, "odd"),
    "list_schemes": _rows("rows with odd and hostile addresses", _schemes, "odd"),
    "pinned_old": _rows("a story of 2017 on top", _pinned),
    "errno_string": _plain("errno as text", json_answer({"errno": "10012", "msg": "签名错误"})),
    "errno_number": _plain("errno as a number", json_answer({"errno": 50101, "msg": "小财正在加载中..."})),
}
"""`list_repeats` (a list that ignores its cursor) is in `table`, since it needs the site."""
