"""Flashes and long articles of clauses that are put together at random: two of them hardly ever look alike."""

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from tests.benchmarks.invented import lexicon

CLAUSES = tuple(
    """
    {board}板块{when}{up}，{name}涨{pct}
    {when}{board}概念{down}，{name}跌逾{n}%
    {when}{thing}主力合约{up}，报{big}元/吨
    {thing}现货{when}{down}，{place}成交价{big}元
    {company}公告，{deal}{place}{asset}，金额{yi}
    {company}：{when}{deal}{asset}，作价{yi}
    {name}{metric}{when}同比增长{pct}
    {cause}，{name}{metric}下滑{pct}
    {place}{office}{when}发布{thing}{doc}
    {office}印发{doc}，{n}家企业入围
    {country}央行{when}{act}，涉及{yi}
    {country}{when}出口{thing}{big}吨，同比变动{pct}
    {broker}{person}{says}，{thing}需求{outlook}
    {person}{says}：“{metric}的{outlook}。”
    {body}{act}，{name}{outlook}
    {when}，{body}就{asset}{act}
    北向席位{when}净卖出{name}{yi}
    {broker}{act}，{name}{when}{down}
    {place}至{place}的{thing}运价{when}变动{pct}
    {thing}社会库存{big}吨，较上周变动{pct}
    {name}与{broker}设立{yi}的{board}基金
    {place}{n}个{asset}集中开工，总投资{yi}
    {country}议会通过{thing}{doc}，{when}生效
    据{office}，{place}{when}{metric}为{pct}
    {when}{n}只{board}新股申购，{name}募资{yi}
    {company}{metric}{yi}，{cause}
    {person}出任{name}总裁，{body}{says}{outlook}
    {cause}，{thing}报价{when}第{n}次调整
    {place}口岸{when}查获{thing}{big}件
    {broker}：{board}估值{pct}分位，{outlook}
    {name}{thing}产线{when}投产，年产能{big}套
    {country}{body}对{thing}{act}
    {metric}改善{pct}，{name}{when}{up}
    {name}股东{person}{deal}{pct}股份
    {thing}进口配额{big}吨，{place}占{pct}
    {when}成交额{yi}，{board}占比{pct}
    {doc}显示，{name}{metric}连续{n}个季度{down}
    {place}地铁{n}号线{when}开通，途经{place}
    {place}气象台{when}预警，{thing}发运{outlook}
    {country}与{country}就{asset}签署{doc}
    {company}收到{body}{doc}，{cause}
    {n}家{body}联名，要求{name}{act}
    {yi}逆回购{when}到期，利率{pct}
    {person}减持{name}{big}股，均价{dec}元
    {thing}价差走阔至{big}元，{outlook}
    {name}在{place}的{asset}{when}停工
    “{cause}”，{body}{person}{says}
    {broker}下调{country}{metric}预期至{pct}
    {company}{when}新签{thing}合同{yi}
    {board}融资余额{yi}，{when}{up}
    {place}土拍{n}宗地块，{name}溢价{pct}竞得
    {name}称{asset}{outlook}，{body}已{act}
    {country}货币{when}{down}，{thing}随之{up}
    {metric}环比提升{pct}，{cause}
    {office}抽检{thing}，{n}批次不合格
    {name}{n}名高管{when}增持，合计{yi}
    {place}试点{board}{doc}，覆盖{big}户
    {country}{thing}矿罢工{n}天，{outlook}
    {deal}{asset}后，{name}持股降至{pct}
    {when}{name}盘中{up}，换手{pct}
    """.strip().splitlines()
)
_CLAUSES = tuple(clause.strip() for clause in CLAUSES)
_LINKS = ("，", "；", "。", "。", "，同时", "。此外，", "，而", "。其中，", "。另据了解，", "，其后")
_HEADINGS = ("背后的账", "谁在买单", "下一步看什么", "争议仍在", "产业链怎么看", "数据之外")


class Told(NamedTuple):
    """A text and what it names."""

    title: str | None
    paragraphs: tuple[str, ...]
    stocks: tuple[tuple[str, str, str], ...]
    """Code, market, name."""

    @property
    def body(self) -> str:
        return "\n".join(self.paragraphs)


class Writer(dict[str, str]):
    """Fills the blanks of clauses; every blank is drawn anew."""

    def __init__(self, rng: Random) -> None:
        super().__init__()
        self.rng = rng
        self.named: dict[str, tuple[str, str, str]] = {}

    def __missing__(self, name: str) -> str:
        words = _DRAWN.get(name)
        return _PICKED[name](self) if words is None else words[int(self.rng.random() * len(words))]

    def flash(self, dateline: str) -> Told:
        """One paragraph of two to five clauses; four of ten have no title."""
        self.named = {}
        title = self.clause() if self.rng.random() < 0.6 else None
        text = dateline + self.sentence(self.rng.choice((2, 2, 3, 3, 4, 5)))
        if title:
            text = f"【{title}】{text}"
        return Told(title, (text,), tuple(self.named.values()))

    def article(self) -> Told:
        """Four to fourteen paragraphs."""
        self.named = {}
        title = f"{self.clause()} {self.clause()}"
        paragraphs = [self.sentence(self.rng.randint(2, 6)) for _ in range(self.rng.randint(4, 14))]
        if len(paragraphs) > 7:
            paragraphs.insert(4, f"{self['thing']}{self.rng.choice(_HEADINGS)}")
        return Told(title, tuple(paragraphs), tuple(self.named.values())[:6])

    def sentence(self, clauses: int) -> str:
        """So many clauses."""
        parts = [self.clause()]
        for _ in range(clauses - 1):
            parts += [_LINKS[int(self.rng.random() * len(_LINKS))], self.clause()]
        return "".join(parts) + "。"

    def clause(self) -> str:
        """One statement."""
        return _CLAUSES[int(self.rng.random() * len(_CLAUSES))].format_map(self)

    def company(self) -> tuple[str, int]:
        """Few are named often, many seldom."""
        return lexicon.COMPANIES[int(len(lexicon.COMPANIES) * self.rng.random() ** 2.5)]

    def listed(self) -> str:
        """A company with its code, which counts as named."""
        name, number = self.company()
        market, code = ("SH", f"6{90000 + number}") if number % 2 else ("SZ", f"00{7000 + number}")
        self.named[code] = (code, market, name)
        return f"{name}（{code}.{market}）"


def _number(low: int, high: int, form: str, divisor: int = 1) -> Callable[[Writer], str]:
    span = high - low
    if divisor == 1:
        return lambda writer: form % (low + int(writer.rng.random() * span))
    return lambda writer: form % ((low + int(writer.rng.random() * span)) / divisor)


_DRAWN: dict[str, Sequence[str]] = {
    **lexicon.WORDS,
    "place": lexicon.PLACES,
    "country": lexicon.COUNTRIES,
    "broker": lexicon.BROKERS,
    "office": lexicon.OFFICES,
    "person": lexicon.PEOPLE,
}
_PICKED: dict[str, Callable[[Writer], str]] = {
    "name": lambda writer: writer.company()[0],
    "company": Writer.listed,
    "pct": _number(11, 4999, "%.2f%%", 100),
    "n": _number(2, 49, "%d"),
    "big": _number(1_200, 98_000, "%d"),
    "yi": _number(11, 9_800, "%.1f亿元", 10),
    "dec": _number(21, 8_990, "%.2f", 10),
}
