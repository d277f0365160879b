"""Text as the search index holds it: its characters and its pairs of neighbours, so that any part of it can be found.

No tokeniser of SQLite's own finds every Chinese word: unicode61 takes an unspaced text for one word, trigram knows none
of two characters. Pairs are as exact as longer pieces once every hit is looked at again in the text itself, and cost
half the size of an index that tells where each character stands. Pure.
"""

import re
import sys
import unicodedata
from array import array

_BLANKS = re.compile(r"[^\S\n]+")
_PLAIN = re.compile("[0-9a-z\u3041-\u3096\u30a1-\u30fa\u3400-\u4db5\u4e00-\u9fcc]")
"""What SQLite takes for a part of a word. Its tables are those of Unicode 6.1, which know fewer Han characters."""

_TWO_BYTES = f"utf-16-{'le' if sys.byteorder == 'little' else 'be'}"


def fold(text: str) -> str:
    """The text as words are compared loosely: width, capitals and the width of blanks are nothing."""
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return _BLANKS.sub(" ", text.casefold())


def tokens(*texts: str | None) -> str:
    """Every token of these texts once, in no order, blanks between: the letters, figures and Han characters, and each
    two that follow each other, whatever stands between them."""
    written = [text.translate(_LETTERS) for text in texts if text]
    return _apart(set().union(*map(_pairs, written))) + " ".join(set().union(*written))


def _pairs(letters: str) -> set[int]:
    """Each two letters that follow each other, as one number: an article has hundreds, and as texts they cost thrice as
    much. A letter has two bytes, see _known."""
    coded = memoryview(letters.encode(_TWO_BYTES))
    first, second = coded[: len(coded) & ~3], coded[2 : 2 + (len(coded) - 2 & ~3)]
    return {*first.cast("I"), *second.cast("I")} if first else set()


def _apart(pairs: set[int]) -> str:
    """These pairs of letters as text, a blank behind each."""
    letters = array("H", array("I", pairs).tobytes())
    spaced = array("H", [ord(" ")]) * (3 * len(pairs))
    spaced[::3], spaced[1::3] = letters[::2], letters[1::2]
    return spaced.tobytes().decode(_TWO_BYTES)


def needed(word: str) -> list[str]:
    """The tokens that every text with this word has: its pairs, or its only letter; none for punctuation alone."""
    found = sorted(tokens(word).split())
    return [token for token in found if len(token) > 1] or found


def holds(text: str | None, word: str) -> bool:
    """Whether a text, folded, holds a folded word."""
    return text is not None and (word in text or word in fold(text))


class _Letters(dict[int, str]):
    """What each character is in the index, found out when it is first met: letters without accents, or nothing.

    Each by itself, so that a text has the letters of all its parts, also where a part ends before an accent.
    """

    def __missing__(self, number: int) -> str:
        letters = unicodedata.normalize("NFKD", chr(number)).casefold()
        self[number] = "".join(_known(letter) for letter in letters if letter.isalnum())
        return self[number]


def _known(letter: str) -> str:
    """The letter, or another one that SQLite knows: it may then be found in vain, but is never missed."""
    return letter if _PLAIN.match(letter) else chr(0x3400 + ord(letter) % 6_000)


_LETTERS = _Letters()
