"""Faults of redirects. Whatever they lead to is on loopback."""

from newscrawl.demo.answers import Answer
from newscrawl.demo.faults.kinds import Change, Context, Fault, page

CHAIN = 30


def _to(location: str) -> Answer:
    return Answer(b"", status=302, headers=(("Location", location),))


def _fixed(help_text: str, location: str) -> Fault:
    return page(help_text, lambda _, __: _to(location))


def _ok(answer: Answer, context: Context) -> Answer:
    """Once, to the other address of the same article."""
    request, story = context.request, context.story
    if story is not None and request.path.startswith("/a/"):
        return _to(f"/news/1345,{story.code}.html")
    if request.path.startswith("/news/") or request.get("from"):
        return answer
    return _to(f"{request.path}?from=redirect")


def _step(last: int) -> Change:
    def change(answer: Answer, context: Context) -> Answer:
        hop = context.request.number("hop", 0)
        return answer if hop >= last else _to(f"{context.request.path}?hop={hop + 1}")

    return change


def _loop(_: Answer, context: Context) -> Answer:
    side = "b" if context.request.get("side") == "a" else "a"
    return _to(f"{context.request.path}?side={side}")


def _other_host(_: Answer, context: Context) -> Answer:
    return _to(f"{context.base_url.replace('127.0.0.1', 'localhost')}/internal")


REDIRECTS = {
    "redirect_ok": page("one redirect to the same article", _ok),
    "redirect_loop": page("two addresses that redirect to each other", _loop),
    "redirect_chain": page(f"{CHAIN} redirects before the page", _step(CHAIN)),
    "redirect_none": page("status 302 with no Location", lambda _, __: Answer(b"", status=302)),
    "redirect_file": _fixed("to a file of this machine", "file:///etc/hostname"),
    "redirect_data": _fixed("to a data: address", "data:text/html,<h1>hello</h1>"),
    "redirect_ftp": _fixed("to an ftp: address", "ftp://127.0.0.1/pub"),
    "redirect_internal": page("to another host of this machine", _other_host),
    "redirect_internal_ip": _fixed("to another port of the same host", "http://127.0.0.1:9/internal"),
    "redirect_odd": _fixed("to an address that no parser likes", "http://[::1/x"),
}
