"""Sites on loopback that answer as they should not, and a trap that must never be asked."""

import threading
from contextlib import contextmanager

from newscrawl.demo import SampleSite
from newscrawl.demo.answers import Answer, Request
from newscrawl.demo.transport import SampleServer

STORY = "<p>青禾电池今日宣布，新工厂已经投产，产能提高一倍，订单排到明年，市场反应平静。</p>" * 3


@contextmanager
def serve(answers):
    """A server that answers by path, or as a function of the request says; gives (its address, the paths asked)."""
    asked = []

    def respond(request):
        asked.append(request.target)
        found = answers(request) if callable(answers) else answers.get(request.path)
        return (
            Answer(b"", status=404) if found is None else found if isinstance(found, Answer) else Answer(found.encode())
        )

    server = SampleServer(0, respond)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.close()
        thread.join()


class ChangedSite(SampleSite):
    """A sample site of which some answers are replaced: `change(route's role, story, request, answer)` gives another."""

    def __init__(self, change, **settings):
        self._change = change
        super().__init__(**settings)

    def _respond(self, request: Request) -> Answer:
        from newscrawl.demo.routes import find_route

        answer = super()._respond(request)
        route = find_route(self.truth, request)
        return self._change(route.role, route.story, request, answer) or answer


def one_each(changes, every=2):
    """A `change` that gives every second story asked for one of `changes`, each of them in turn."""
    given = {}

    def change(role, story, request, answer):
        if role != "page" or story is None:
            return None
        place = given.setdefault(story.id, len(given))
        return changes[place // every] if place % every == 0 and place // every < len(changes) else None

    return change


def article(number, head="", body=""):
    """A page with a story that the generic reader reads."""
    title = f"青禾电池第{number}座工厂投产"
    return (
        f"<html><head><title>{title}_澄州财经网</title>{head}</head><body><h1>{title}</h1><p>2026-11-20 19:55</p>"
        f"<div>{STORY.replace('新工厂', f'第{number}座工厂')}{body}</div></body></html>"
    )
