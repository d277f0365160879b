"""What other media make of a story: its text under another dateline, with an editor's changes, shortened, longer."""

from collections.abc import Callable
from random import Random

Rewrite = Callable[[str, Random], str]

_WORDS = (
    ("今日", "周五"),
    ("公告", "发布公告称"),
    ("数据显示", "公布的数据显示"),
    ("预计", "料将"),
    ("较", "比"),
    ("其中", "这其中"),
    ("首批", "第一批"),
    ("约占", "占到"),
    ("公司", "该公司"),
    ("表示", "称"),
    ("截至发稿", "截至目前"),
    ("超", "逾"),
)
_DATELINE = "财联社"
_DATELINES = ("《东澜日报》20日讯，", "据澄州新闻报道，", "每日行情快讯，", "东澜社澄州11月20日电（记者 林青）")
_ENDS = "。！？\n"


def dateline(text: str, rng: Random) -> str:
    """Under the name of another medium, and with a source line."""
    medium = rng.choice(
        ("《东澜日报》20日讯，", "据澄州新闻报道，", "每日行情快讯，", "东澜社澄州11月20日电（记者 林青）")
    )
    return f"{medium}{_without_dateline(text)}（文章来源：财联社）"


def edited(text: str, rng: Random) -> str:
    """With up to four words changed."""
    text = _without_dateline(text)
    for old, new in rng.sample([pair for pair in _WORDS if pair[0] in text] or [("，", "、")], k=1):
        text = text.replace(old, new)
    for old, new in rng.sample(_WORDS, k=3):
        text = text.replace(old, new, 1)
    return text


def shortened(text: str, rng: Random) -> str:
    """Its first sentences; of a single one the first half."""
    text = _without_dateline(text)
    ends = [at for at, character in enumerate(text) if character in _ENDS and at >= len(text) * 0.4]
    commas = [at for at, character in enumerate(text) if character == "，" and at >= len(text) * 0.5]
    at = rng.choice(ends[:-1] or commas or [len(text)])
    return text[:at] + "。"


def longer(text: str, rng: Random) -> str:
    """With a paragraph of its own below, and what the site appends to all."""
    own = f"有分析人士认为，上述消息的影响将在{rng.randint(2, 9)}个月内逐步显现，后续进展仍需关注。"
    return f"{text}\n{own}\n相关报道\n{'多家机构发布策略报告，建议关注盈利改善的方向。' * 8}"


REWRITES: tuple[Rewrite, ...] = (dateline, edited, shortened, longer)


def _without_dateline(text: str) -> str:
    head, separator, rest = text.partition("电，")
    if separator and _DATELINE in head and len(head) < 80:
        return rest
    return text
