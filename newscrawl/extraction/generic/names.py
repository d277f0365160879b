"""What an element's tag, class and id say about its part on the page. Generic words only, no site's own names. Pure."""

import re

from newscrawl.tree import Element

_ASIDE_TAGS = frozenset({"nav", "aside", "footer"})
_WHOLE = frozenset({"html", "body", "main", "article", "form"})
"""Their names tell of the whole page (body class="has-sidebar"; ASP.NET has one form around all), not of their part."""
_ASIDE = re.compile(
    r"comment|sidebar|related|recommend|share|breadcrumb|copyright|disclaimer|newsletter|promo|subscribe|statement"
    r"|(?<![a-z])(?:nav|menu|foot|footer|side|(?:right)?rail|hot|rank|tags?|ads?|advert\w*|reply|social|pinglun|tuijian|xiangguan)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comment|reply|pinglun|guestbook|feedback", re.IGNORECASE)
_BODY = re.compile(
    r"(?:article|art|post|entry|news|story|detail)[-_]?(?:body|content|text|detail)|artibody|end-?text|articleBody"
    r"|(?:content|main)[-_]?(?:text|body|article)",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"caption|gallery|slideshow|photo-?credit|image-?credit", re.IGNORECASE)


def is_aside(element: Element) -> bool:
    """Whether an element's tag or name says that it stands beside the article: menus, comments, sidebars, adverts."""
    tag = element.tag
    if tag in _ASIDE_TAGS:
        return True
    names = _names(element)
    return names != "" and tag not in _WHOLE and _ASIDE.search(names) is not None


def is_comments(element: Element) -> bool:
    """Whether an aside is the readers' own: it may hold more sentences than the article and is still none."""
    return _COMMENTS.search(_names(element)) is not None


def is_body(element: Element) -> bool:
    """Whether an element says that it is the article's body."""
    return _BODY.search(f"{_names(element)} {element.get('itemprop') or ''}") is not None


def is_caption(element: Element) -> bool:
    """Whether an element holds what is said about a picture, which is the image's and not the article's."""
    if element.tag == "figcaption":
        return True
    names = _names(element)
    return names != "" and element.tag not in _WHOLE and _CAPTION.search(names) is not None


def _names(element: Element) -> str:
    cls, key = element.get("class"), element.get("id")
    if cls and key:
        return f"{cls} {key}"
    return cls or key or ""
