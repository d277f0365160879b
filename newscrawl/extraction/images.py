"""The images of a body: which address, which size, which caption. Pure."""

import re
from collections.abc import Iterator

from newscrawl.extraction.text import line_text
from newscrawl.items import Image
from newscrawl.tree import Element
from newscrawl.urls import absolute

# Where pages keep the full-size or lazily loaded address; `orginial_src` is East Money's spelling.
_ADDRESSES = (
    "orginial_src", "original_src", "data-original", "data-origin", "data-src", "data-lazy-src", "data-actualsrc",
    "data-url", "data-lazyload", "data-lazy", "data-echo", "zoomfile", "src",
)  # fmt: skip
# image.cls.cn/…_1649x1106.png, dfscdn.dfcfw.com/…_w832h618.jpg
_SIZE_IN_NAME = re.compile(r"_w?(\d{2,5})[xh](\d{2,5})(?:_o)?\.\w{3,4}$")
_CANDIDATE = re.compile(r"([^\s,]\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)[wx])?")
_NO_ALT = frozenset({"image", "img", "图片", ""})
_CAPTION = re.compile(r"[（(].{1,80}[）)]|图[：:源]?.{1,80}|.{0,20}(?:来源|摄影|供图)[：:].{1,60}")


def body_images(body: Element, base: str) -> tuple[Image, ...]:
    """Every image of `body` once, in order; an odd address (data:, javascript:, a broken one) is left out."""
    found: dict[str, Image] = {}
    for element in body.iter("img"):
        url = image_address(element, base)
        if url and url not in found:
            width, height = _size(element, url)
            alt = (element.get("alt") or "").strip()
            found[url] = Image(
                url,
                alt=None if alt in _NO_ALT else alt,
                caption=_caption(element),
                width=width,
                height=height,
            )
    return tuple(found.values())


def image_address(element: Element, base: str) -> str | None:
    """The best http(s) address that an <img> gives; as written when the page has no address of its own."""
    for name in _ADDRESSES:
        value = (element.get(name) or "").strip()
        if value and (url := absolute(value, base)):
            return url
    return absolute(_largest(element.get("srcset") or element.get("data-srcset") or ""), base)


def settle_images(body: Element) -> None:
    """Leave every image no other address than its `src`."""
    for element in body.iter("img"):
        for name in (*_ADDRESSES, "srcset", "data-srcset"):
            if name != "src":
                element.attrib.pop(name, "")


def _largest(srcset: str) -> str:
    """The candidate of the greatest width or density."""
    candidates = [(float(size or 1), url) for url, size in _CANDIDATE.findall(srcset)]
    return max(candidates, default=(0.0, ""), key=lambda candidate: candidate[0])[1]


def _size(element: Element, url: str) -> tuple[int | None, int | None]:
    """Pixels of the image itself, by its name; else as the page shows it."""
    if match := _SIZE_IN_NAME.search(url):
        return int(match[1]), int(match[2])
    return _pixels(element.get("width")), _pixels(element.get("height"))


def _pixels(value: str | None) -> int | None:
    match = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*", value or "")
    return int(match[1]) if match else None


def _caption(element: Element) -> str | None:
    """<figcaption>, or the line right behind the image that has a caption's form: cls.cn's <h3>（来源：…）</h3>."""
    for candidate in _caption_candidates(element):
        text = line_text(candidate)
        if text and (candidate.tag == "figcaption" or "caption" in (candidate.get("class") or "")):
            return text
        if candidate.tag in {"h3", "h4", "h5", "h6"} and _CAPTION.fullmatch(text):
            return text
    return None


def _caption_candidates(element: Element) -> Iterator[Element]:
    figure = next(element.iterancestors("figure"), None)
    if figure is not None:
        yield from figure.iter("figcaption")
    block = element
    while (parent := block.getparent()) is not None and len(parent) == 1 and not line_text(parent):
        block = parent
    following = block.getnext()
    if following is not None:
        yield following
