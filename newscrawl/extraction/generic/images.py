"""Which images of a body are the article's: no icons, charts, codes, adverts, avatars, trackers. Pure."""

import re
from urllib.parse import urlsplit

from newscrawl.extraction.images import image_address
from newscrawl.tree import Element, drop

SMALL = 60
"""Pixels: an image shown lower or narrower is an icon, a rule or a button.

Tried: 30 lets an icon in, 120 drops three pictures, on pages that are not labelled; 90 changes nothing."""
MANY = 500
"""Images of one article; tens of thousands cost seconds to look at. Tried: 50 would do for every page of the sets."""
BANNER = 4.0
"""Times as wide as high: an advert's or a column's strip; panoramas stay below.

Tried: 3 loses one image of gne, 2 loses five; 6 lets one strip in, on a page that is not labelled."""
_FILE = re.compile(
    r"(?:[a-z]{1,6}[-_])?(?:icons?|logos?|favicon|avatars?|qr-?code|code|qr|ewm|erweima|weixin|wechat|spacer|blank|pixel"
    r"|loading|placeholder|arrow|btn|button|sprite|emoji|smiley|banner|ads?|end|share|print|transparent|grey|1x1)"
    r"(?:[-_]?[a-z0-9]{1,8})?\.[a-z]{3,4}",
    re.I,
)
"""The whole name: a photograph called pixel-4-review-by-the-sea.jpg is none of these."""
_FOLDER = re.compile(
    r"/(?:css\d*|templates?|skins?|emotions?|emoji|smil(?:ey|ies)|avatars?|icons?|logos?|ads?|adv|qrcode|k?charts?|kline"
    r"|newchart)/",
    re.I,
)
_ALT = re.compile(r"二维码|公众号|扫一扫|扫码|分享到|关注我们|客户端|\blogo\b|\bQR code\b|\bavatar\b", re.I)
_NAMES = re.compile(r"avatar|logo|icon|qr-?code|emoji|smil(?:ey|ies)|author|tracker|(?<![a-z])ads?(?![a-z])", re.I)
_SIZE = re.compile(r"(?<![a-z0-9])w?(\d{2,4})[xh*](\d{2,4})(?!\d)", re.I)


def drop_ornaments(body: Element, base: str) -> None:
    """Take the images that are not the article's out of a body."""
    for number, element in enumerate(list(body.iter("img"))):
        if number >= MANY or is_ornament(element, base):
            drop(element)


def is_ornament(element: Element, base: str) -> bool:
    """Whether an <img> is furniture of the page, by its address, size and names."""
    url = image_address(element, base)
    if not url:
        return True
    path = urlsplit(url).path
    if _FILE.fullmatch(path.rsplit("/", 1)[-1]) or _FOLDER.search(path):
        return True
    if _NAMES.search(_values(element, "class", "id")) or _ALT.search(_values(element, "alt", "title")):
        return True
    return _is_odd(_pixels(element.get("width")), _pixels(element.get("height"))) or _is_strip(path)


def _values(element: Element, *names: str) -> str:
    return " ".join(value for name in names if (value := element.get(name)))


def _is_odd(width: float | None, height: float | None) -> bool:
    if (width is not None and width < SMALL) or (height is not None and height < SMALL):
        return True
    return width is not None and height is not None and width > BANNER * height


def _is_strip(path: str) -> bool:
    """Whether the address itself tells of a strip: …/w880h180/…"""
    match = _SIZE.search(path)
    return match is not None and _is_odd(float(match[1]), float(match[2]))


def _pixels(value: str | None) -> float | None:
    match = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*", value or "")
    return float(match[1]) if match else None
