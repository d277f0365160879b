"""Bodies as pages show them."""

import pytest

from newscrawl.errors import TooComplexPage
from newscrawl.web.body import differences, marked, shown, shown_or_text
from tests.hostile.test_hostile_xss import check_inert
from tests.hostile.vectors import vectors
from tests.web.archive import SCRIPT


def test_pictures_are_addresses_until_they_are_asked_for():
    html = '<p>前<img src="https://pictures.example/1.png" alt="图一">后</p>'
    told = '<p>前<a href="https://pictures.example/1.png" rel="noopener noreferrer">[图一]</a>后</p>'
    assert shown(html) == told
    assert '<img src="https://pictures.example/1.png" alt="图一">' in shown(html, True)


@pytest.mark.parametrize("pictures", [False, True])
def test_a_script_is_not_shown(pictures):
    html = shown(SCRIPT, pictures)
    assert "年报将在周五公布。" in html
    for word in ("script", "onclick", "onerror", "onload", "srcdoc", "window.ran"):
        assert word not in html


@pytest.mark.parametrize("pictures", [False, True])
def test_no_vector_that_we_know_gets_through(pictures):
    for vector in vectors():
        check_inert(shown(f"<p>前</p>{vector}", pictures))


def test_headings_come_below_the_pages_own_and_leave_no_step_out():
    assert shown("<h3>a</h3><h5>b</h5><h3>c</h3>") == "<h2>a</h2><h3>b</h3><h2>c</h2>"
    assert shown("<h1>a</h1><h2>b</h2>") == "<h2>a</h2><h3>b</h3>"


def test_what_a_sanitiser_takes_minutes_for_is_refused_at_once(monkeypatch):
    monkeypatch.setattr("newscrawl.web.body.sanitised", lambda html: pytest.fail("it was sanitised"))
    with pytest.raises(TooComplexPage):
        shown("<div>" * 40_000)


def test_a_body_that_no_parser_is_given_is_shown_as_text():
    assert shown_or_text("<div>" * 40_000, "一<行>\n二行") == "<p>一&lt;行&gt;</p><p>二行</p>"


def test_text_outside_of_elements_stays():
    assert shown("前<p>中</p>后") == "前<p>中</p>后"


def test_what_went_and_what_came():
    assert differences([("=", "工厂"), ("-", "<今>"), ("+", "明")]) == "工厂<del>&lt;今&gt;</del><ins>明</ins>"


def test_words_are_marked_as_they_stand_there():
    assert marked("ETF与etf <b>", ["etf"]) == "<mark>ETF</mark>与<mark>etf</mark> &lt;b&gt;"
    assert marked("银行业", ["银行", "银行业"]) == "<mark>银行业</mark>"
    assert marked(None, ["a"]) == ""
