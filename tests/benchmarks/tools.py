"""The extractors side by side, each as one function from a page to a Reading, each as its own documents advise.

What is not installed is left out and named; nothing here installs anything.
"""

import re
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from lxml import html as lxml_html

from newscrawl.extraction.text import visible_text
from tests.quality.floors import reading, record
from tests.quality.score import Extract, Reading

_HAN = re.compile("[一-鿿]")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")


def newscrawl(html: str, url: str) -> Reading:
    """A refusal is an empty answer."""
    return reading(record(html, url))


def trafilatura() -> Extract:
    """Its most thorough mode, which asks two other extractors where it is not sure; comments left out."""
    from trafilatura import bare_extraction

    def read(html: str, url: str) -> Reading:
        found: Any = bare_extraction(html, url=url, with_metadata=True, include_comments=False, include_images=True)
        if found is None:
            return Reading()
        pictures = [graphic.get("src", "") for graphic in found.body.iter("graphic")]
        return Reading(found.title, found.date, _PICTURE.sub("", found.text or ""), pictures)

    return read


def readability() -> Extract:
    """Its summary as visible text; it looks for no date."""
    from readability import Document

    def read(html: str, url: str) -> Reading:
        document = Document(html, url=url or None)
        body = lxml_html.document_fromstring(document.summary())
        pictures = [image.get("src", "") for image in body.iter("img")]
        return Reading(document.short_title(), None, visible_text(body), pictures)

    return read


def newspaper() -> Extract:
    """Told the language: it reads nothing of most Chinese pages else."""
    from newspaper import Article

    def read(html: str, url: str) -> Reading:
        language = "zh" if len(_HAN.findall(html)) > 100 else "en"
        article: Any = Article(url, language=language, fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return Reading(article.title, article.publish_date or None, article.text, sorted(article.images))

    return read


def gne() -> Extract:
    """Made for Chinese news."""
    from gne import GeneralNewsExtractor

    extractor = GeneralNewsExtractor()

    def read(html: str, url: str) -> Reading:
        found = extractor.extract(html, host=url)
        return Reading(found["title"], found["publish_time"], found["content"], found["images"])

    return read


_OTHERS: dict[str, Callable[[], Extract]] = {
    "trafilatura": trafilatura,
    "readability-lxml": readability,
    "newspaper4k": newspaper,
    "gne": gne,
}


def tools() -> tuple[dict[str, Extract], list[str]]:
    """Name -> extractor, newscrawl first; and the names of those that are not installed."""
    found: dict[str, Extract] = {"newscrawl": newscrawl}
    missing = []
    for name, load in _OTHERS.items():
        try:
            found[name] = load()
        except ImportError:
            missing.append(name)
    return found, missing


def version_of(package: str) -> str:
    """As installed; "" when it is not."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
