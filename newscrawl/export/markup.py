"""Stored text as Markdown and YAML hold it, so that neither reads, nor Liquid runs, what is only text. Pure.

Characters that would mean something become character references: browsers and `newscrawl import` read them back.
"""

import json
import re
from collections.abc import Iterator
from html import escape

# nh3 writes every attribute in double quotes, so a tag is known by its form.
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+=\"[^\"]*\")*)\s*/?>")
_LIQUID = re.compile(r"\{(?=[{%])")
_MARKDOWN = re.compile(r"""[\\`*_{}\[\]()#+\-.!|:~^$=<>"'&]""")
_INDENT = re.compile(r"\n[ ]*(?:[ ]{4}|\t)[ \t]*")
"""Where Markdown would see code."""
_REFERENCE_OR_ANY = re.compile(r"&(?:#\w+|\w+);|.", re.DOTALL)
_VOID = frozenset({"br", "hr", "img", "col"})
_SPAN = frozenset("a b br code del em i img ins small span strong sub sup u".split())
"""Elements that begin no block of HTML where they stand at the start of a line, as kramdown has them."""
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_PLAIN = re.compile(r"[^\W_][\w（）()·.-]*(?: [^\W_][\w（）()·.-]*)*")
_NUMBER_LIKE = re.compile(r"[0-9a-fxo_.:+ -]*", re.IGNORECASE)
_WORDS_OF_YAML = frozenset("null true false yes no on off y n".split())


def quoted(text: str) -> str:
    """A YAML scalar in double quotes: JSON's form, which YAML shares, but for a few characters that are escaped."""
    return _NOT_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def scalar(text: str) -> str:
    """A YAML scalar, in quotes only where a plain one would be read as something else than this text."""
    plain = _PLAIN.fullmatch(text) and not _NUMBER_LIKE.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    return text if plain else quoted(text)


def no_liquid(html: str) -> str:
    """HTML in which Liquid finds no tag of its own."""
    return _LIQUID.sub("&#123;", html)


def line(text: str) -> str:
    """One line of text that Markdown shows as it is."""
    return _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", " ".join(text.split()))


def html_text(text: str) -> str:
    """Text within an element."""
    return no_liquid(escape(text, quote=False))


def post_body(html: str, images: "dict[str, str] | None" = None) -> str:
    """Sanitised HTML as a Markdown file holds it: void elements closed, text outside of blocks kept from Markdown.

    `images` gives what is to stand behind the attributes of the image with an address.
    """
    return no_liquid("".join(_pieces(html, images or {})))


def _pieces(html: str, images: dict[str, str]) -> Iterator[str]:
    depth = end = 0
    in_line = False
    for tag in _TAG.finditer(html):
        text, end = html[end : tag.start()], tag.end()
        closing, name, attributes = tag.groups()
        yield _between(text, depth)
        in_line = not depth and (in_line or bool(text.strip()) or name in _SPAN)
        if in_line and name not in _SPAN:
            yield "\n\n"  # or a block would be text to Markdown
            in_line = False
        if name in _VOID:
            yield f"<{name}{attributes}{_added(attributes, images) if name == 'img' else ''} />"
            continue
        yield tag[0]
        if name not in _SPAN:
            depth += -1 if closing else 1
    yield _between(html[end:], depth)


def _between(text: str, depth: int) -> str:
    """Text between two tags: within a block it is HTML's alone, outside Markdown would read it."""
    if depth > 0:
        return text
    text = _INDENT.sub("\n", text)
    return _REFERENCE_OR_ANY.sub(_reference, text.rstrip("\n")) if text.strip() else text


def _reference(match: re.Match[str]) -> str:
    """A character reference stays; a character that Markdown knows becomes one."""
    piece = match[0]
    return f"&#{ord(piece)};" if len(piece) == 1 and _MARKDOWN.match(piece) else piece


_SOURCE = re.compile(r'\ssrc="([^"]*)"')


def _added(attributes: str, images: dict[str, str]) -> str:
    found = _SOURCE.search(attributes)
    return images.get(found[1], "") if found else ""
