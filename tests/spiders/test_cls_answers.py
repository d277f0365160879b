"""What cls.cn answers besides stories."""

import pytest

from newscrawl.errors import BlockedPage, EmptyPage, LayoutError
from newscrawl.spiders.cls_api import answer_data
from tests.spiders.support import answer

SLIDER = '<meta name="aliyun_waf_aa" content="1"><script src="https://o.alicdn.com/AliyunCaptcha.js"></script>'


@pytest.mark.parametrize("errno", [0, "0"])
def test_errno_zero_is_success_as_number_and_as_text(errno):
    assert answer_data(answer({"errno": errno, "data": [1]})) == [1]


def test_older_answers_name_it_error():
    assert answer_data(answer({"error": 0, "data": {"roll_data": []}})) == {"roll_data": []}


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        ({"errno": "10012", "msg": "签名错误"}, LayoutError, "10012: 签名错误"),
        ({"errno": 10012, "msg": "签名错误"}, LayoutError, "10012: 签名错误"),
        ({"errno": 50101, "msg": "小财正在加载中..."}, BlockedPage, "50101"),
        (SLIDER, BlockedPage, "slider"),
        ("<!DOCTYPE html><div id=__next></div>", LayoutError, "no JSON"),
        ("[]", LayoutError, "no JSON object"),
        ("", LayoutError, "no JSON"),
        (b"\xff\xfe\x00", LayoutError, "no JSON"),
        ({"errno": 0}, EmptyPage, "no data"),
        ({"errno": 0, "data": None}, EmptyPage, "no data"),
    ],
)
def test_what_is_no_answer_is_refused_by_kind(body, error, says):
    with pytest.raises(error, match=says):
        answer_data(answer(body))
