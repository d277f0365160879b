"""How much one line of text speaks for an article, or against it. Pure."""

from newscrawl.extraction.generic.blocks import Line

_STOP = 5.0
_LABEL = 12.0
_LABEL_COST = 2.0


def line_score(line: Line) -> float:
    """Han characters that speak for the line; negative for links, menus and labels."""
    if line.link_weight > line.weight:
        return -line.link_weight
    if line.stops:
        return line.weight + _STOP * line.stops - line.link_weight
    if line.weight < _LABEL:
        return -_LABEL_COST
    return 0.3 * line.weight - line.link_weight
