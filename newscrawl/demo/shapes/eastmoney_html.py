"""A story's body as East Money's #ContentBody has it: links into every name, charts and adverts between."""

from newscrawl.demo.answers import esc
from newscrawl.demo.markup import Block, Picture, Run
from newscrawl.demo.pictures import eastmoney_address
from newscrawl.demo.story import Story

STYLE = 'style="border:#d1d1d1 1px solid;padding:3px;margin:5px 0;"'
HIDDEN = '<p style="display:none;height:1px;overflow:hidden;"><br /></p>'


def inline(block: Block, seen: set[str]) -> str:
    """Runs with East Money's links; the first link of a name is a keytip, later ones are bare spans."""
    return "".join(_run(run, seen) for run in block.runs).replace("</strong><strong>", "")


def _run(run: Run, seen: set[str]) -> str:
    if run.text == "\n" or run.raw:
        return run.text if run.raw else "<br />"
    text = _linked(run, seen) if run.ref else esc(run.text)
    return f"<strong>{text}</strong>" if run.strong else text


def _linked(run: Run, seen: set[str]) -> str:
    text, ref = esc(run.text), run.ref
    if ref == "a":
        return f'<a href="http://finance.eastmoney.com/a/202611193899990001.html">{text}</a>'
    if ref.startswith("info."):
        link = f'<a href="http://data.eastmoney.com/zlsj/" class="infokey">{text}</a>'
        return f'<span id="{ref.capitalize()}">{link}</span>'
    target = f'href="http://quote.eastmoney.com/unify/r/{ref}"'
    code = ref.replace(".", ",")
    if ref in seen:
        return f'<span web="1" {target} class="em_stock_key_common" data-code="{code}">{text}</span>'
    seen.add(ref)
    kind, quote = ("bk", "bkquote") if ref.startswith("90.") else ("stock", "quote")
    link = f'<a target="_blank" {target} class="keytip" data-code="{code}">{text}</a>'
    return f'<span id="{kind}_{ref}">{link}</span><span id="{quote}_{ref}"></span>'


def block_html(story: Story, block: Block, seen: set[str], indent: str) -> str:
    """One block; `indent` is what paragraphs begin with."""
    if block.picture:
        return f"<center>{_image(story, block.picture)}</center>"
    text = inline(block, seen)
    if block.kind == "heading":
        return f'<h3 class="emh3">{indent}{text}</h3>'
    align = ' style="text-align:center;"' if block.kind == "caption" else ""
    return f"<p{align}>{indent}{text}</p>"


def _image(story: Story, picture: Picture) -> str:
    source = f'src="{eastmoney_address(story, picture)}"'
    original = f' orginial_src="{eastmoney_address(story, picture, full_size=True)}"' if picture.full_size else ""
    if picture.number == 1:
        return f'<img width="580" {source}{original} alt="image" emheight="{picture.height}" {STYLE} />'
    return f'<img {source} alt="image" width="580"{original} emheight="{picture.height}" {STYLE} />'


def chart(ref: str, letter: str, *, closed: bool = True) -> str:
    """A quote chart, which is no content: letter K for candles, R for the day's line."""
    market, code = ref.split(".")
    host = "webquoteklinepic" if letter == "K" else "webquotepic"
    image = (
        f'<img src="https://{host}.eastmoney.com/GetPic.aspx?nid={ref}&imageType={letter.lower()}&token=0a1b2c3d" '
        f'border="0" alt="{letter}图 {code}_0" data-code="{letter} {code}|{market}|2" '
        f'style="border:#d1d1d1 1px solid;" width="578" height="276" />'
    )
    link = (
        f'<a href="http://quote.eastmoney.com/unify/r/{ref}" data-code="{code}|{market}|2" '
        f'class="EmImageRemark" target="_blank">{image}</a>'
    )
    end = "<!-- EM_StockImg_End -->" if closed else ""
    return f'{HIDDEN}<!-- EM_StockImg_Start --><p style="text-align:center;">{link}</p>{end}'
