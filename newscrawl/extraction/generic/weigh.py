"""How much lines speak for an article or against it, summed up over the tree. Pure."""

from newscrawl.extraction.generic.blocks import Line, Node, Outline
from newscrawl.extraction.generic.names import is_aside, is_body, is_comments

STOP = 10.0
"""A mark of punctuation is worth as much as ten Han characters: a menu may be long, but it has no commas.

Tried: 0 loses 25 points on short pages of cx163, 40 loses 0.4 of aeb; 5 and 20 lose nothing."""
LINK_COST = 0.3
"""What a line of links takes from its block, by Han character.

Tried: 0 loses a point of aeb, 1 loses 15 and 25 on short pages of cwced and cx163; 0.6 loses nothing."""
DAMPING = 0.87
"""What a block's score is worth one level up: a parent must add a seventh to be preferred to its best child.

Tried: 0.8 loses pages whose article stands in two cells (2.5 of cwced), 0.9 takes in teasers and comments (0.4 of aeb)
and 1 many of them (2.5 of aeb, 3.6 of cwced); 0.84 loses nothing."""
ASIDE = 0.1
"""What a block's score is worth when its name says comments, sidebar, related.

Tried: 0.05 and 0.5 each lose one page of cwced (2.5); 0.2 loses nothing."""

BODY_NAME = 2.0
"""How much a name like article-body is worth where containers compete.

Tried: 1.5 loses 0.7 of aeb, 5 loses 1.4; 3 loses nothing."""
MAIN_SHARE = 0.5
"""With this share of the page's sentences in it, an element is no aside, whatever its name (with-sidebar).

Tried: 0.35 and 0.8 each lose one page of gne (1.1 and 1.4); 0.65 loses nothing."""


def line_score(line: Line) -> float:
    """Han characters that speak for the line; negative for lines of links, nothing for labels."""
    if line.links > line.weight:
        return -LINK_COST * line.links
    return line.weight + STOP * line.stops if line.stops else 0.0


def weigh(page: Outline) -> None:
    """Fill each node's sums: over its own lines and those of its descendants, scores damped level by level."""
    sentences = 0.0
    for line in page.lines:
        block = line.block
        block.score += line_score(line)
        block.weight += line.weight
        block.links += line.links
        if line.stops:
            sentences += line.weight
    for node in reversed(page.nodes):
        if not node.weight and not node.links:
            continue  # no text in it
        if node.score > 0:
            _judge(node, MAIN_SHARE * sentences)
        if (parent := node.parent) is not None:
            parent.score += DAMPING * node.score
            parent.weight += node.weight
            parent.links += node.links


def _judge(node: Node, main: float) -> None:
    """Take from a node that stands beside the article what its sentences are worth."""
    if is_aside(node.element) and (node.weight <= main or is_comments(node.element)):
        node.aside = True
        node.score *= ASIDE


def heaviest(page: Outline) -> Node | None:
    """The element with the largest score; None when nothing speaks for an article."""
    nodes = page.nodes
    top = max((node.score for node in nodes), default=0.0)
    if top <= 0:
        return None
    near = [node for node in nodes if node.score * BODY_NAME >= top]
    return max(near, key=lambda node: node.score * (BODY_NAME if is_body(node.element) else 1))
