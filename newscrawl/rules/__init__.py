"""One module per site: how its pages are read. No Scrapy, no spider in sight.

Each module here that defines `RULE` is found by itself: nothing is registered anywhere else.
"""

import pkgutil
from functools import cache
from importlib import import_module

from newscrawl.document import Document
from newscrawl.extraction.rule import Rule
from newscrawl.urls import belongs_to, host_of


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order of their modules' names."""
    modules = (import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    return tuple(module.RULE for module in modules if hasattr(module, "RULE"))


def rule_for(document: Document) -> Rule | None:
    """By source (--base-url may point elsewhere), then by the public host: a site without code may stand on one that a
    rule reads. By the form only where neither is known."""
    page = document.page
    own = next((rule for rule in all_rules() if page.source in rule.sources), None) if page.source else None
    if own:
        return own
    if host := host_of(page.url):
        return next((rule for rule in all_rules() if belongs_to(host, rule.domains)), None)
    if page.source:
        return None
    return next((rule for rule in all_rules() if rule.recognises(document)), None)
