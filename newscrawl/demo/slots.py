"""Values for the blanks of a template. Every blank is drawn anew, but for those that make a story one story."""

from collections.abc import Callable, Mapping
from random import Random

from newscrawl.demo.texts import names
from newscrawl.demo.texts.names import Company


class Slots(dict[str, str]):
    """To be used with str.format_map: `{c}` main company, `{cc}` with its code, `{u}`, `{ui}`, `{ug}` unique."""

    def __init__(self, rng: Random, number: int, *, things: tuple[str, ...]) -> None:
        self.rng = rng
        self.companies = rng.sample(names.MAINLAND, 3)
        main, second, third = self.companies
        super().__init__(
            u=f"{number // 10 + 12}.{number % 10}",
            ui=str(10_000 + number),
            ug=f"{4_000 + number // 10}.{number % 10}",
            c=_linked(main),
            c2=_linked(second),
            cc=f"{main.name}（{main.code}.{main.exchange}）",
            cn=main.name,
            cn2=second.name,
            cn3=third.name,
            thing=rng.choice(things),
            p=rng.choice(names.PLACES),
            country=rng.choice(names.COUNTRIES),
            province=rng.choice(names.PROVINCES),
            broker=rng.choice(names.BROKERS),
        )

    def __missing__(self, name: str) -> str:
        return _DRAWN[name](self.rng)

    def fill(self, template: str) -> str:
        """The template with its blanks filled."""
        return template.format_map(self)


def _linked(company: Company) -> str:
    return f"[[{company.name}|{company.market}.{company.code}]]"


def _board(rng: Random) -> str:
    name, ref = rng.choice(names.BOARDS)
    return f"[[{name}|{ref}]]"


_DRAWN: Mapping[str, Callable[[Random], str]] = {
    "pct": lambda rng: f"{rng.randint(11, 3999) / 100:.2f}%",
    "pc": lambda rng: f"{rng.randint(11, 499) / 100:.2f}%",
    "hi": lambda rng: f"{rng.randint(810, 985) / 10:.1f}%",
    "dig": lambda rng: str(rng.randint(2, 9)),
    "dec": lambda rng: f"{rng.randint(21, 899) / 10:.1f}",
    "int": lambda rng: str(rng.randint(3, 48)),
    "int00": lambda rng: f"{rng.randint(6, 40)}00",
    "yi": lambda rng: f"{rng.randint(11, 980) / 10:.1f}亿元",
    "wan": lambda rng: f"{rng.randint(11, 960) / 10:.1f}万",
    "p2": lambda rng: rng.choice(names.PLACES),
    "agency": lambda rng: rng.choice(names.AGENCIES),
    "analyst": lambda rng: rng.choice(names.ANALYSTS),
    "official": lambda rng: rng.choice(names.OFFICIALS),
    "b": _board,
    "b2": lambda rng: rng.choice(names.BOARDS)[0],
}
