"""The category of a medium: its name in pinyin, as the seed's addresses have it."""

import re
from functools import cache

SEEDS_OWN = {"央行网站": "yangxingwangzhan"}
"""Media that the seed spelt character by character, otherwise than the word is read: their addresses stay."""
_LONGEST = 80


@cache
def pinyin(medium: str) -> str:
    """Latin letters and digits for a medium's name, "" when there is nothing to spell.

    >>> pinyin("财联社"), pinyin("36氪"), pinyin("长江商报 e公司")
    ('cailianshe', '36ke', 'changjiangshangbaoegongsi')
    """
    if medium in SEEDS_OWN:
        return SEEDS_OWN[medium]
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - loads its dictionaries

    return re.sub("[^A-Za-z0-9]", "", "".join(lazy_pinyin(medium)))[:_LONGEST]
