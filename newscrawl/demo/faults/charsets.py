"""Faults of the character encoding: labels that are right, missing or wrong."""

import re
from dataclasses import replace

from newscrawl.demo.answers import Answer
from newscrawl.demo.faults.kinds import Context, Fault, page

_META = re.compile(r"<meta[^>]*charset[^>]*>", re.IGNORECASE)


def text_of(answer: Answer) -> str:
    """The page as text: UTF-8, or GBK for the site that sends it."""
    try:
        return answer.body.decode()
    except UnicodeDecodeError:
        return answer.body.decode("gb18030", "replace")


def _label(help_text: str, encoding: str, header: str, meta: str) -> Fault:
    """The page in `encoding`, labelled `header` in its header and `meta` in its head ("" for no label)."""
    media_type = f"text/html; charset={header}" if header else "text/html"
    tag = f'<meta charset="{meta}">' if meta else ""

    def change(answer: Answer, _: Context) -> Answer:
        text = _META.sub("", text_of(answer)).replace("<head>", f"<head>{tag}", 1)
        return replace(answer, body=text.encode(encoding, "replace"), content_type=media_type)

    return page(help_text, change)


def _bad_byte(answer: Answer, _: Context) -> Answer:
    place = len(answer.body) // 2
    while answer.body[place] >= 0x80:  # between two characters
        place += 1
    return replace(answer, body=answer.body[:place] + b"\xff" + answer.body[place:])


CHARSETS = {
    "gbk_declared": _label("GBK, labelled so everywhere", "gb18030", "gbk", "gbk"),
    "gbk_meta_only": _label("GBK, labelled in the head only", "gb18030", "", "gb2312"),
    "no_charset": _label("UTF-8 with no label", "utf-8", "", ""),
    "utf16": _label("UTF-16 with a byte order mark", "utf-16", "", ""),
    "utf8_one_bad_byte": page("UTF-8 with one wrong byte in the middle", _bad_byte),
    "gbk_as_utf8": _label("GBK, labelled UTF-8", "gb18030", "utf-8", "utf-8"),
    "utf8_as_gbk": _label("UTF-8, labelled GBK", "utf-8", "gbk", "gbk"),
    "utf8_as_latin1": _label("UTF-8, labelled ISO-8859-1", "utf-8", "iso-8859-1", ""),
}
