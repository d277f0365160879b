"""Moments as the sites print them; everything in Beijing time."""

from datetime import datetime

from newscrawl.demo.story import BEIJING

WEEKDAYS = "一二三四五六日"


def moment(seconds: int) -> datetime:
    """Unix seconds as an aware Beijing time."""
    return datetime.fromtimestamp(seconds, BEIJING)


def day(seconds: int) -> str:
    """11月20日"""
    at = moment(seconds)
    return f"{at.month}月{at.day}日"


def with_weekday(seconds: int) -> str:
    """2026-11-20 21:46 星期五"""
    at = moment(seconds)
    return f"{at:%Y-%m-%d %H:%M} 星期{WEEKDAYS[at.weekday()]}"


def in_chinese(seconds: int) -> str:
    """2026年11月20日 21:46"""
    return f"{moment(seconds):%Y年%m月%d日 %H:%M}"


def in_digits(seconds: int) -> str:
    """2026-11-20 21:46:00"""
    return f"{moment(seconds):%Y-%m-%d %H:%M:%S}"
