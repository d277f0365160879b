"""What a person sees and does, in a real Chromium: search, read, look, follow, go back; on a phone, in the dark, by keys.

`make screenshots` keeps what is photographed here in docs/screenshots.
"""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.web.archive import CHANGED, COPIED, PICTURED, SCRIPTED, build
from tests.web.browser import chromium, watched
from tests.web.conftest import serving

ROOT = Path(__file__).parents[2]
SHOTS = os.environ.get("NEWSCRAWL_SCREENSHOTS")
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DARK = {"color_scheme": "dark"}
PAGES = {
    "newest": "/",
    "search": "/search?q=银行",
    "dashboard": "/dashboard",
    "week": "/dashboard?days=7",
    "article": f"/articles/{CHANGED}",
    "pictures": f"/articles/{PICTURED}",
    "stock": "/stocks/690036.SH",
    "story": f"/stories/{COPIED}",
    "tables": "/newscrawl",
    "table": "/newscrawl/articles",
    "row": f"/newscrawl/articles/{CHANGED}",
    "query": "/newscrawl/who_was_first?first_day=2026-11-20&last_day=2026-11-20",
    "sql": "/newscrawl?sql=select+1",
}
# A red square of one pixel.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)


class Pictures(BaseHTTPRequestHandler):
    """A host that sends one picture, whatever is asked of it."""

    asked: list = []  # noqa: RUF012 - one host for one test module

    def do_GET(self):
        self.asked.append((self.path, self.headers.get("Referer")))
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(PICTURE)))
        self.end_headers()
        self.wfile.write(PICTURE)

    def log_message(self, *told):
        pass


@pytest.fixture(scope="module")
def pictures():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tmp_path_factory, pictures, browser):
    path = build(tmp_path_factory.mktemp("served") / "news.db", picture=f"http://{pictures}/chart.png")
    for served in serving(path):
        yield served.rstrip("/")


@pytest.fixture
def desktop(browser):
    with watched(browser, **DESKTOP) as found:
        yield found


def photograph(page, name, *, whole=False):
    if SHOTS:
        page.screenshot(path=ROOT / SHOTS / f"{name}.png", full_page=whole)


def check_quiet(found, address, *hosts):
    """No error on the console, nothing asked of another host."""
    assert found.complaints == []
    assert found.hosts <= {urlsplit(address).netloc, *hosts}


def test_search_read_look_follow_and_go_back(desktop, address, pictures):
    page = desktop.page
    page.goto(address)
    page.get_by_role("searchbox").fill("银行")
    page.get_by_role("searchbox").press("Enter")
    assert page.locator("mark").first.inner_text() == "银行"
    photograph(page, "search")

    page.get_by_role("link", name="一张图看懂银行业季报").click()
    assert page.locator("h1").inner_text() == "一张图看懂银行业季报"
    assert page.locator("article img").count() == 0
    assert Pictures.asked == []
    check_quiet(desktop, address)

    page.get_by_role("link", name="Show the pictures").click()
    picture = page.locator("article img")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    assert Pictures.asked == [("/chart.png", None)]  # nobody told the host who is reading

    page.get_by_role("link", name="690036.SH").click()
    assert "青禾银行" in page.locator("h1").inner_text()
    assert page.locator("svg rect").count() > 0
    page.go_back()
    assert page.locator("h1").inner_text() == "一张图看懂银行业季报"
    check_quiet(desktop, address, pictures)


def test_a_plot_is_seen_read_as_a_table_and_led_to_its_query(desktop, address):
    page = desktop.page
    page.goto(f"{address}/dashboard")
    photograph(page, "dashboard", whole=True)
    panel = page.get_by_role("region", name="Stories per hour", exact=True)
    bars = panel.locator("svg rect")
    boxes = [bars.nth(number).bounding_box() for number in range(bars.count())]
    assert all(box["height"] > 0 and box["width"] > 0 for box in boxes)
    ground = panel.locator("svg").bounding_box()
    assert max(box["y"] + box["height"] for box in boxes) == pytest.approx(ground["y"] + ground["height"], abs=2)
    assert panel.get_by_role("table").count() == 0  # folded away
    panel.locator("summary").click()
    assert panel.get_by_role("table").get_by_role("row").count() == bars.count() + 1
    panel.get_by_role("link", name="Query").click()
    assert page.locator("table.rows-and-columns tbody tr").count() == len(boxes)
    check_quiet(desktop, address)


def test_what_an_article_says_runs_nothing(desktop, address):
    page = desktop.page
    for look in (f"/articles/{SCRIPTED}", f"/articles/{SCRIPTED}?pictures=1", f"/newscrawl/articles/{SCRIPTED}", "/newscrawl/articles",
                 "/newscrawl?sql=select+body_html+from+articles", "/search?q=年报"):  # fmt: skip
        page.goto(f"{address}{look}")
        page.evaluate("document.querySelectorAll('.body *').forEach(element => element.click())")
        assert page.evaluate("window.ran") is None, look
        page.goto(f"{address}/")
    check_quiet(desktop, address)


def test_even_a_page_that_carries_a_script_does_not_run_it(desktop, address):
    """The policy, not only the sanitiser: a script put into the page as if by a fault of ours."""
    page = desktop.page
    page.route("**/articles/1", _with_script)
    page.goto(f"{address}/articles/1")
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in told for told in desktop.complaints)


def _with_script(route):
    answer = route.fetch()
    body = answer.text().replace(
        "</main>", "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'></main>"
    )
    route.fulfill(response=answer, body=body)


@pytest.mark.parametrize("options", [DESKTOP, {**PHONE, **DARK}], ids=["desktop", "dark phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_is_quiet_and_can_be_read_by_everybody(browser, address, name, options):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    ).Axe()
    with watched(browser, **options) as found:
        page = found.page
        page.goto(f"{address}{PAGES[name]}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, "it scrolls sideways"
        check_quiet(found, address)
    with watched(browser, bypass_csp=True, **options) as found:  # so that axe can be put into the page
        found.page.goto(f"{address}{PAGES[name]}")
        violations = axe.run(found.page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in violations] == []


@pytest.mark.parametrize("name", ["newest", "dashboard", "article", "stock"])
def test_what_the_docs_show(browser, address, name):
    for kind, options in (("", DESKTOP), ("-phone", PHONE), ("-dark", {**DESKTOP, **DARK})):
        with watched(browser, **options) as found:
            found.page.goto(f"{address}{PAGES[name]}")
            assert found.page.locator("h1").is_visible()
            if (name, kind) != ("dashboard", ""):
                photograph(found.page, f"{name}{kind}")


def test_the_docs_have_every_picture_that_is_made_here():
    there = {file.stem for file in (ROOT / "docs" / "screenshots").glob("*.png")}
    made = {f"{name}{kind}" for name in ("newest", "dashboard", "article", "stock") for kind in ("", "-phone", "-dark")}
    assert there == made | {"search", "report"}


def test_the_dark_is_dark_and_the_light_is_light(browser, address):
    grounds = {}
    for scheme in ("light", "dark"):
        with watched(browser, color_scheme=scheme) as found:
            found.page.goto(address)
            colour = found.page.evaluate("getComputedStyle(document.body).backgroundColor")
            grounds[scheme] = sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(",")))
    assert grounds["light"] > 3 * 200
    assert grounds["dark"] < 3 * 60


def test_chinese_is_set_in_a_chinese_font_and_broken_between_characters(browser, address):
    with watched(browser, viewport={"width": 320, "height": 700}) as found:
        found.page.goto(f"{address}/articles/{COPIED}")
        body = found.page.locator(".body p").first
        assert body.evaluate("element => element.closest('[lang]').lang") == "zh-CN"
        session = found.page.context.new_cdp_session(found.page)
        session.send("DOM.enable")
        session.send("CSS.enable")
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": ".body p"})["nodeId"]
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert any("CJK" in font["familyName"] for font in fonts), fonts
        height = body.evaluate("element => parseFloat(getComputedStyle(element).lineHeight)")
        assert body.bounding_box()["height"] > 3 * height  # one unspaced sentence on many lines


def test_the_keyboard_alone_reaches_content_and_search(desktop, address):
    page = desktop.page
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0  # it is seen once it is reached
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.get_by_role("searchbox").focus()
    page.keyboard.type("电池")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert "Search" in page.locator("h1").inner_text()
    check_quiet(desktop, address)


def test_landmarks_tell_where_one_is(desktop, address):
    page = desktop.page
    page.goto(address)
    for role in ("banner", "navigation", "search", "main", "complementary", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    assert "Beijing time" in page.get_by_role("contentinfo").inner_text()
    assert page.get_by_role("link", name="Newest").first.get_attribute("aria-current") == "page"


def test_times_are_beijings_wherever_the_reader_is(desktop, address):
    desktop.page.goto(f"{address}/articles/{CHANGED}")  # the browser believes to be in New York
    assert "2026-11-20 19:01:00 Beijing time" in desktop.page.locator(".meta").inner_text()


def test_a_report_opens_from_a_file_and_asks_for_nothing(browser, tmp_path):
    from newscrawl.storage.database import open_readonly
    from newscrawl.web.report import report_html, span_of

    path = build(tmp_path / "news.db")
    db = open_readonly(path)
    (tmp_path / "report.html").write_text(report_html(db, path, span_of(db, "2026-11-20", 7)), encoding="utf-8")
    db.close()
    with watched(browser, **DESKTOP, offline=True) as found:
        found.page.goto((tmp_path / "report.html").as_uri())
        assert found.page.locator("svg rect").count() > 10
        assert found.page.get_by_text("青禾银行三季度业绩快报（财联社）").count() > 0
        photograph(found.page, "report")
        assert found.complaints == []
        assert found.hosts == {""}
