"""JSON as sites send it -> plain values that everything behind can hold. Pure."""

import json
import re
from typing import Any

from newscrawl.errors import LayoutError, TooComplexPage

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def _nothing(_: str) -> None:
    return None


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if abs(number) != float("inf") else None


_DECODER = json.JSONDecoder(parse_constant=_nothing, parse_float=_finite)
_LENIENT = json.JSONDecoder(parse_constant=_nothing, parse_float=_finite, strict=False)


def read_json(text: str | bytes, *, strict: bool = True, start: int | None = None) -> Any:
    """The value of a JSON text; with `start` the one that begins there, whatever stands behind it.

    NaN and infinities are no JSON and become None, half a surrogate pair becomes a question mark: neither a database
    nor UTF-8 can hold them. Without `strict` line ends may stand in texts.
    LayoutError for what is no JSON, TooComplexPage for what nests too deep.
    """
    decoder = _DECODER if strict else _LENIENT
    try:
        text = text if isinstance(text, str) else text.decode(json.detect_encoding(text))
        value = decoder.decode(text) if start is None else decoder.raw_decode(text, start)[0]
        if _SURROGATE.search(text):
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError:
        raise TooComplexPage("JSON nested deeper than a parser follows") from None
    except ValueError as error:
        raise LayoutError(f"this is no JSON: {error}") from None
    return value
