"""Every rule and number of the generic reader, and what in its source is to be edited to be without it.

An edit whose text stands there no longer is told by the ablation; correct it with the code.
"""

import re

from tests.quality.switch import Edit, source_of


def _g(module: str, *pairs: str) -> tuple[Edit, ...]:
    """Edits of one module of the generic reader: old, new, old, new."""
    return tuple(
        Edit(f"extraction.generic.{module}", old, new) for old, new in zip(pairs[::2], pairs[1::2], strict=True)
    )


def _e(module: str, old: str, new: str) -> tuple[Edit, ...]:
    return (Edit(module, old, new),)


RULES: dict[str, tuple[Edit, ...]] = {
    # The container.
    "weigh: punctuation counts (STOP)": _g("weigh", "STOP = 10.0", "STOP = 0.0"),
    "weigh: lines without punctuation count nothing": _g("weigh", " if line.stops else 0.0", ""),
    "weigh: lines of links cost (LINK_COST)": _g("weigh", "LINK_COST = 0.3", "LINK_COST = 0.0"),
    "weigh: DAMPING": _g("weigh", "DAMPING = 0.87", "DAMPING = 1.0"),
    "names: asides": _g("names", "    tag = element.tag\n    if tag in _ASIDE_TAGS:\n        return True\n", "    return False\n    tag = element.tag\n"),
    "weigh: what holds most is no aside (MAIN_SHARE)": _g("weigh", "MAIN_SHARE = 0.5", "MAIN_SHARE = 2.0"),
    "weigh: comments are always asides": _g("weigh", " or is_comments(node.element)", ""),
    "weigh: names of bodies (BODY_NAME)": _g("weigh", "BODY_NAME = 2.0", "BODY_NAME = 1.0"),
    "names: tags of asides": _g("names", 'frozenset({"nav", "aside", "footer"})', "frozenset()"),
    "names: words of asides": _g("names", "and _ASIDE.search(names) is not None", "and False"),
    "names: names of the whole page are not read": _g("names", 'frozenset({"html", "body", "main", "article", "form"})', "frozenset()"),
    "names: itemprop of bodies": _g("names", " {element.get('itemprop') or ''}", ""),
    "names: class and id of bodies": _g("names", '_BODY.search(f"{_names(element)} {', '_BODY.search(f"{'),
    "names: captions by tag": _g("names", 'element.tag == "figcaption"', "False"),
    "names: captions by name": _g("names", "and _CAPTION.search(names) is not None", "and False"),
    "blocks: controls are no text": _g("blocks", '"button datalist head input label option optgroup select svg textarea title".split()', '"head title".split()'),
    "blocks: a point in a number or name is no punctuation": _g("blocks", '(?=[\\s\\"”’)]|$)', ""),
    "blocks: Latin punctuation": _g("blocks", '|[.,;!?:](?=[\\s\\"”’)]|$)', ""),
    # What is cut out of it.
    "prune: captions": _g("prune", "if is_caption(node.element):", "if False:"),
    "prune: link lists": _g("prune", "LINK_LIST = 10.0", "LINK_LIST = 1e9"),
    "prune: a paragraph of links stays": _g("prune", "node.element.tag not in _PARAGRAPHS and ", ""),
    "prune: a box with paragraphs is no link list": _g("prune", ' and node.element.find("p") is None', ""),
    "prune: asides in the container": _g("prune", "if node.aside or _is_link_list(node)", "if _is_link_list(node)"),
    "prune: asides without sentences": _g("prune", "return node.score <= 0 and is_aside(node.element)", "return False"),
    "prune: asides without sentences only": _g("prune", "return node.score <= 0 and is_aside", "return is_aside"),
    "prune: signature lines": _g("prune", "(rest if _is(_SIGNATURE, line) else body)", "body"),
    "prune: head of the container": _g("prune", "start, end = _start(lines), ", "start, end = 0, "),
    "prune: headline by <h1>": _g("prune", 'tag == "h1" or ', ""),
    "prune: line of date and source": _g("prune", " or _is(_DATELINE, line)", ""),
    "prune: a heading does not end the head": _g("prune", " and tag not in _HEADINGS", ""),
    "prune: end of the article": _g("prune", "_start(lines), _end(lines)", "_start(lines), len(lines)"),
    "body: images behind the article's end go": _g("body", "for image in _IMAGES_BEHIND(element)", "for image in ()"),
    "body: a caption's images stay": _g("body", 'for image in list(caption.iter("img"))', "for image in ()"),
    "head: title and what is above it": _g("head", "place = _place_of(body, title) if title else None", "place = None"),
    # Images.
    "images: ornaments": _g("images", "number >= MANY or is_ornament(element, base)", "number >= MANY"),
    "images: file names": _g("images", '_FILE.fullmatch(path.rsplit("/", 1)[-1]) or ', ""),
    "images: folders": _g("images", " or _FOLDER.search(path)", ""),
    "images: class and id": _g("images", '_NAMES.search(_values(element, "class", "id")) or ', ""),
    "images: alt and title": _g("images", ' or _ALT.search(_values(element, "alt", "title"))', ""),
    "images: size in the address": _g("images", " or _is_strip(path)", ""),
    # Title.
    "title: a heading that <title> agrees with": _g("title", "for candidates in (headings, _pieces_like", "for candidates in ((), _pieces_like"),
    "title: any text that <title> agrees with": _g("title", "(headings, _pieces_like(names, flat, start))", "(headings,)"),
    "title: agreement at all": _g("title", "for candidates in (headings, _pieces_like(names, flat, start)):", "for candidates in ():"),
    "title: the longest that agrees": _g("title", "[(agreed, _nearness", "[(0, _nearness"),
    "title: the nearest of equals": _g("title", "[(agreed, _nearness(each, start), each)", "[(agreed, 0, each)"),
    "title: meta titles": _g("title", '*(document.meta.get(name) for name in _META_TITLES), ', ""),
    "title: JSON-LD headline": _g("title", ", *linked)", ")"),
    "title: what is behind the name is a site's": _g("title", "(len(key) == len(whole) or _BEFORE_SITE.match(name, _end_of(key, name)))", "True"),
    "title: h2 and h3": _g("title", 'iter("h1", "h2", "h3")', 'iter("h1")'),
    "title: elements called title": _g("title", "if not above and document.tree is not None:", "if False:"),
    "title: six letters of elements called title": _g("title", " and len(_key(h.text)) >= 6]", "]"),
    "title: six letters of <title>": _g("title", "if proper and len(_key(proper)) >= 6:", "if proper:"),
    "title: <title> alone before a heading": _g("title", "if proper and len(_key(proper)) >= 6:", "if False:"),
    "title: headings alone": _g("title", "    if above:\n", "    if False:\n"),
    "title: site's name cut": _g("title", "    if len(parts) < 2:\n", "    if True:\n"),
    "title: names of sites": _g("title", "return len(_key(name)) < _SHORTEST or bool(_SITE_NAME.search(name))", "return len(_key(name)) < _SHORTEST"),
    "title: a short first part": _g("title", " or 2 * len(first) < max(map(len, parts[1:]))", ""),
    "title: first line": _g("title", "if start <= _NEAR else ()", "if False else ()"),
    "title: first line is no sentence": _g("title", " and not _SENTENCE.search(text)", ""),
    # Where the body stands in the page's text.
    "flat: nearest above the body": _g("flat", "(number for number in numbers if number <= start)", "()"),
    "blocks: no <title> in <body>": _g("blocks", '_HIDDEN if tag == "title" else _CONTROL', "_CONTROL"),
    "flat: only <body>": _g("flat", 'body = tree.find("body")', "body = None"),
    "blocks: hidden text is none": _g("blocks", "unseen = set(hidden(root))", "unseen = set()"),
    # Date.
    "when: printed beside the title": _g("when", "    printed = _best(near)\n", "    printed = None\n"),
    "when: printed in the body's first lines": _g("when", ' + " " + _lines(flat, max(start, above), max(start, above) + 3, _SENTENCE)', ""),
    "when: the title's own day": _g("when", "above = title_at + 1 if", "above = title_at if"),
    "when: first lines that are sentences": _g("when", "max(start, above) + 3, _SENTENCE)", "max(start, above) + 3)"),
    "when: machines' time for a printed day": _g("when", "return _finer(printed, machine)", "return printed"),
    "when: machines' midnight is no time": _g("when", " and (at.hour, at.minute) != (0, 0)", ""),
    "when: a printed time before machines": _g("when", 'if printed and printed.dated.precision != "day":', "if False:"),
    "when: machines": _g("when", "machine = list(_machine_dates(document))", "machine = []"),
    "when: JSON-LD and meta": _g("when", "in embedded.dates(document):", "in ():"),
    "when: <time>": _g("when", 'and "<time" in document.text:', "and False:"),
    "when: day and time whose year machines tell": _g("when", "if short and (told := _completed(short, machine)):", "if False and (told := _completed(short, machine)):"),
    "when: printed time over machines'": _g("when", "return told if f\"{at:%H:%M}\" == short[3].zfill(5) else parse_completed(at.year, short)", "return told"),
    "when: above the title": _g("when", "if title_at is not None and (above := ", "if False and (above := "),
    "when: below, signed": _g("when", "return _best(found[0]) if found else None", "return None"),
    "when: below only when signed": _g("when", " if _is_signed(match, below)", ""),
    "when: without year": _g("when", " or _without_year(near, document.page.fetched_at)", ""),
    "when: 3小时前": _g("when", " or _AGO.search(text)", ""),
    "when: words for publication": _g("when", "4 * bool(_PUBLISHED.search(before)) - 8", "0 - 8"),
    "when: words for updates": _g("when", "- 8 * bool(_UPDATED.search(before)) ", ""),
    "when: a date with a time first": _g("when", ' + 2 * (dated.precision != "day")', ""),
    "when: today's date": _g("when", "if not _NEVER.search(before) and ", "if "),
    "when: form 2026年": _g("when", "(?:(?:19|20)\\d\\d\\s?年\\s?\\d{1,2}\\s?月\\s?\\d{1,2}\\s?日", "(?:(?!)"),
    "when: form 2026-11-20": _g("when", '    r"|(?:19|20)\\d\\d([-/.])\\d{1,2}\\1\\d{1,2}(?!\\d{3}|[-/.]\\d)"\n', '    r"|(?!)()"\n'),
    "when: form 11/20/2026": _g("when", '    r"|\\d{1,2}/\\d{1,2}/(?:19|20)\\d\\d(?!\\d)"\n', ""),
    "when: form Nov 20, 2026": _g("when", '    rf"|\\b{_MONTH}\\s\\d{{1,2}}(?:st|nd|rd|th)?,?\\s(?:19|20)\\d\\d"\n', ""),
    "when: form 20 Nov 2026": _g("when", '    rf"|\\b\\d{{1,2}}(?:st|nd|rd|th)?\\s{_MONTH},?\\s(?:19|20)\\d\\d)" + _CLOCK', '    r")" + _CLOCK'),
    # People.
    "people: publisher": _g("people", 'publisher=told.get("publisher") or _agency(opening)', "publisher=_agency(opening)"),
    "people: agency": _g("people", 'publisher=told.get("publisher") or _agency(opening)', 'publisher=told.get("publisher")'),
    "people: author by label": _g("people", 'author=told.get("author") or ', "author="),
    "people: byline above": _g("people", ' or _byline("\\n".join([head, *opening]))', ""),
    "people: byline below": _g("people", " or _byline(foot)", ""),
    "people: editor": _g("people", 'editor=told.get("editor")', "editor=None"),
    "people: foot": _g("people", 'told = dict(_labelled(foot, across=("editor",)))', "told = {}"),
    "people: foot, editors only across boxes": _g("people", '_labelled(foot, across=("editor",))', "_labelled(foot)"),
    "people: head": _g("people", "    told |= dict(_labelled(head))\n", ""),
    "people: reporters": _g("people", '(_DATELINE.search(text) if "者" in text else None) or ', ""),
    "people: 文/": _g("people", ' or (_BYLINE.search(text) if "文" in text else None)', ""),
    "people: the label that follows": _g("people", '_NEXT.sub("", text)', "text"),
    # Refusals.
    "refuse: notices": _g("refuse", "        _refuse_notice(document, text)\n", "        pass\n"),
    "refuse: gone": _g("refuse", "if _GONE.search", "if False and _GONE.search"),
    "refuse: gates": _g("refuse", "if _GATE.search", "if False and _GATE.search"),
    "refuse: only on short pages": _g("refuse", "if len(text) < _SHORT and (not sure or len(text) < _SHORT // 5):", "if True:"),
    "refuse: a sure body beside a notice": _g("refuse", " and (not sure or len(text) < _SHORT // 5)", ""),
    "refuse: a sure body beside a short notice": _g("refuse", " or len(text) < _SHORT // 5)", ")"),
    "refuse: no text": _g("refuse", "    if not text.strip():\n", "    if False:\n"),
    # What pages tell machines.
    "document: JSON-LD": _e("document", 'if "ld+json" in text', "if False"),
    "document: microdata": _e("document", 'if "itemtype" in text', "if False"),
    "embedded: date": _e("extraction.embedded", "raw, dated = next(dates(document), (None, None))", "raw, dated = None, None"),
    "embedded: meta dates": _e("extraction.embedded", ", *(document.meta.get(name) for name in _DATES))", ",)"),
    "embedded: author": _e("extraction.embedded", 'author=_name(ld.get("author"))', "author=None"),
    "embedded: publisher of JSON-LD": _e("extraction.embedded", 'publisher=_name(ld.get("publisher")) or ', "publisher="),
    "embedded: publisher of meta": _e("extraction.embedded", " or _first_meta(meta, _PUBLISHERS)", ""),
    "embedded: cover": _e("extraction.embedded", 'absolute(meta.get("og:image", ""), document.page.url)', "None"),
    "embedded: summary": _e("extraction.embedded", 'summary=meta.get("og:description")', "summary=None"),
    "embedded: 来源： before a publisher": _e("extraction.embedded", '.removeprefix("来源：")', ""),
    "state: where a page shows no story": _e("extraction.assemble", "told = next(state.read(document), None)", "told = None"),
    "state: what the page does not tell": _e("extraction.assemble", "return combine(state.read(document), draft)", "return draft"),
    "state: a story has a title": _e("extraction.state", "any(_text(value, name) for name in _TITLES)", "True"),
    "state: a story has a time": _e("extraction.state", "any(value.get(name) for name in _TIMES)", "True"),
    "state: several stories are none": _e("extraction.state", "if len(contents) == 1", "if contents"),
    "state: long names are none": _e("extraction.state", "if text and len(text) <= 40:", "if text:"),
}  # fmt: skip
"""By name; the part of the reader first."""


CONSTANTS: dict[str, dict[str, tuple[float, ...]]] = {
    "extraction.generic.weigh": {
        "STOP": (0, 5, 20, 40),
        "LINK_COST": (0, 0.15, 0.6, 1),
        "DAMPING": (0.7, 0.8, 0.84, 0.9, 0.95, 1),
        "ASIDE": (0, 0.05, 0.2, 0.5, 1),
        "BODY_NAME": (1, 1.5, 3, 5),
        "MAIN_SHARE": (0.2, 0.35, 0.65, 0.8, 2),
    },
    "extraction.generic.prune": {
        "LINK_LIST": (0, 5, 20, 40),
        "LONG": (50, 100, 400, 10**9),
        "TAIL_SHARE": (0, 0.25, 0.75, 0.9),
        "HEAD_SENTENCE": (0, 7, 30, 60),
    },
    "extraction.generic.body": {"SURE": (20, 40, 160, 320)},
    "extraction.generic.images": {"SMALL": (0, 30, 90, 120, 200), "BANNER": (2, 3, 6, 100), "MANY": (5, 50, 10**9)},
    "extraction.generic.flat": {"_TELLING": (1, 3, 10, 20, 40)},
    "extraction.generic.title": {
        "_LONGEST": (50, 100, 10**9),
        "_NEAR": (0, 2, 10, 100),
        "_MOST": (3, 10, 10**9),
        "_SHORTEST": (1, 2, 3, 6, 8),
    },
    "extraction.generic.when": {"_LINE": (30, 60, 150, 10**9)},
    "extraction.state": {"_LEAST": (10, 40, 160, 320), "_MOST": (200, 2_000, 10**9)},
    "extraction.generic.refuse": {"MIN_CONFIDENCE": (0, 0.25, 0.75, 1), "_SHORT": (500, 1000, 3000, 10**9)},
}
"""By module and name: what else was tried."""


def tried() -> dict[str, tuple[Edit, ...]]:
    """CONSTANTS as rules: what each other value changes."""
    found: dict[str, tuple[Edit, ...]] = {}
    for module, names in CONSTANTS.items():
        source = source_of(module)
        for name, values in names.items():
            line = re.search(rf"^{name} = (.*)$", source, re.MULTILINE)
            old = line[0] if line else f"{name} ="
            for value in values:
                found[f"{module.split('.')[-1]}: {old}: {value:g}"] = (
                    Edit(module, f"\n{old}\n", f"\n{name} = {value}\n"),
                )
    return found
