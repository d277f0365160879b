"""The plain sites by family: the only ones whose stories may have several parts."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from newscrawl.demo.answers import Answer
from newscrawl.demo.markup import Block
from newscrawl.demo.shapes.gbk import gbk_page, gbk_path
from newscrawl.demo.shapes.web_page import web_page, web_path
from newscrawl.demo.story import Family, Story


class _Path(Protocol):
    def __call__(self, story: Story, part: int = 1) -> str: ...


class _Page(Protocol):
    def __call__(self, story: Story, part: int = 1, blocks: tuple[Block, ...] = (), *, parts: int = 0) -> Answer: ...


class PlainSite(NamedTuple):
    """How one site shows a part of a story."""

    path_of: _Path
    page_of: _Page


PLAIN_SITES: Mapping[Family, PlainSite] = {
    "gbk": PlainSite(gbk_path, gbk_page),
    "web": PlainSite(web_path, web_page),
}
