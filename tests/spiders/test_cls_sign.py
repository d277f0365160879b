"""The sign of cls.cn's API: all eleven vectors that are published, as SHAPES.md of the corpus lists them."""

import pytest

from newscrawl.spiders.cls_api import sign, signed_url

VECTORS = {
    "app=CailianpressWeb&last_time=0&os=web&refresh_type=1&rn=20&sv=8.7.9": "e11ef7d616d8f9a2f056e6df1aefc4d4",
    "app=CailianpressWeb&last_time=1783482113&os=web&refresh_type=1&rn=5&sv=8.7.9": "237f3789813b4aeb4bf302c9300c4d69",
    "app=CailianpressWeb&os=web&sv=8.7.9": "b02d8f7bc4c45eeb3e86904203597da2",
    "app=CailianpressWeb&id=1000&last_time=1785472939&os=web&rn=20&sv=8.7.9": "87c0cda95249170b5c3d166c09a3fdb7",
    "app=CailianpressWeb&id=1000&last_time=&os=web&rn=20&sv=8.4.6": "a7aebfb9c660af8779033e0aa8f03a58",
    "app=CailianpressWeb&id=1000&last_time=1770380555&os=web&rn=20&sv=8.4.6": "99a466c9961f9fe902c129465993883b",
    "app=CailianpressWeb&os=web&sv=8.4.6": "9f8797a1f4de66c2370f7a03990d2737",
    "app=CailianpressWeb&last_article_time=1765935596&os=web&rn=20&sv=8.4.6&type=2": "5b0bd084c16d8d12c07d49d8b453891f",
    "appName=CailianpressWeb&category=&hasFirstVipArticle=1&os=web&sv=7.7.5": "a238a5f06453a6fe1e3c33e8f835c19e",
    "app=CailianpressWap&last_time=1649657053807&refresh_type=1&rn=10&sv=1": "f73828502cec98a41720ad8aa0f764be",
    "app=CailianpressWeb&os=web&sv=7.2.2": "6ac194f4b3b39d45631708474e058b73",
}


@pytest.mark.parametrize(("query", "expected"), VECTORS.items())
def test_published_vector(query, expected):
    assert sign(query) == expected


def test_signed_url_orders_parameters_by_name_and_signs_what_it_sends():
    url = signed_url("/v1/roll/get_roll_list", {"rn": 20, "refresh_type": 1, "last_time": 0})
    query = "app=CailianpressWeb&last_time=0&os=web&refresh_type=1&rn=20&sv=8.7.9"
    assert url == f"https://www.cls.cn/v1/roll/get_roll_list?{query}&sign={VECTORS[query]}"


def test_signed_url_takes_the_operators_sv():
    assert "&sv=8.4.6&sign=9f8797a1f4de66c2370f7a03990d2737" in signed_url("/x", {}, sv="8.4.6")
