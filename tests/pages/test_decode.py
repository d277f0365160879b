"""Bytes of any label become the text that was meant, or are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.decode import clean_text, decode
from newscrawl.errors import EncodingError

TEXT = "<html><head>{meta}<title>东湖证券：镕基与喆理的季度观察</title></head><body><p>央行今日开展逆回购操作。</p></body></html>"


def page(meta=""):
    return TEXT.replace("{meta}", meta)


@pytest.mark.parametrize(
    ("charset", "header", "meta"),
    [
        ("gb18030", "text/html; charset=gbk", ""),
        ("gb18030", "text/html; charset=gb2312", ""),
        ("gb18030", "text/html", '<meta charset="gb2312">'),
        ("gb18030", "text/html", ""),
        ("gb18030", "text/html; charset=utf-8", ""),
        ("gb18030", "text/html; charset=iso-8859-1", ""),
        ("gb18030", "text/html; charset=no-such", ""),
        ("utf-8", "text/html; charset=gbk", ""),
        ("utf-8", "text/html; charset=iso-8859-1", ""),
        ("utf-8", "", ""),
        ("utf-16", "text/html", ""),
        ("utf-8-sig", "text/html; charset=gbk", ""),
        ("big5", "text/html; charset=big5", ""),
    ],
)
def test_reads_right_whatever_the_label_says(charset, header, meta):
    text = (
        page(meta) if charset != "big5" else "<p>中央銀行今日開展逆回購操作，市場流動性充裕，分析師認為影響有限。</p>"
    )
    assert decode(text.encode(charset), header) == text


def test_a_few_characters_of_gbk_that_are_valid_utf8_go_by_their_label():
    body = "联通".encode("gbk")
    assert body.decode("utf-8", "replace") != "联通"
    assert decode(body, "text/html; charset=gbk") == "联通"


def test_a_damaged_character_is_no_reason_to_lose_a_page():
    body = page().encode().replace("操".encode(), b"\xe6\x93", 1)
    assert decode(body, "text/html; charset=utf-8").count("\ufffd") == 1


def test_bytes_of_no_charset_are_refused():
    with pytest.raises(EncodingError, match="no charset"):
        decode(bytes(range(128, 256)) * 40, "text/html; charset=utf-8")


def test_western_pages_keep_their_charset():
    text = "<p>Les marchés européens s'élèvent à São Paulo – déjà vu</p>" * 3
    assert decode(text.encode("cp1252"), "text/html; charset=windows-1252") == text


def test_control_characters_and_surrogates_do_not_pass():
    assert clean_text("a\x00b\x1b[31mc\x85d\ud800e\tf\n") == "abc\x85d?e\tf\n"


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_control_characters_of_a_page_are_left_out(charset):
    odd = page().replace("央行", "央\0行\x1b[31m\x7f")
    assert decode(odd.encode(charset), f"text/html; charset={charset}") == page()


@given(
    st.binary(max_size=300), st.sampled_from(["", "text/html; charset=gbk", "text/html; charset=utf-16", "x;charset=?"])
)
def test_any_bytes_give_text_or_a_refusal_of_ours(body, header):
    try:
        text = decode(body, header)
    except EncodingError:
        return
    assert text.encode().decode() == text
