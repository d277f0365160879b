"""The site's own check of the sign, against every published vector."""

from urllib.parse import parse_qsl

import pytest
from sample_client import signed

from newscrawl.demo.sign_check import expected_sign, sign_matches

VECTORS = [
    ("app=CailianpressWeb&last_time=0&os=web&refresh_type=1&rn=20&sv=8.7.9", "e11ef7d616d8f9a2f056e6df1aefc4d4"),
    (
        "app=CailianpressWeb&last_time=1783482113&os=web&refresh_type=1&rn=5&sv=8.7.9",
        "237f3789813b4aeb4bf302c9300c4d69",
    ),
    ("app=CailianpressWeb&os=web&sv=8.7.9", "b02d8f7bc4c45eeb3e86904203597da2"),
    ("app=CailianpressWeb&id=1000&last_time=1785472939&os=web&rn=20&sv=8.7.9", "87c0cda95249170b5c3d166c09a3fdb7"),
    ("app=CailianpressWeb&id=1000&last_time=&os=web&rn=20&sv=8.4.6", "a7aebfb9c660af8779033e0aa8f03a58"),
    ("app=CailianpressWeb&id=1000&last_time=1770380555&os=web&rn=20&sv=8.4.6", "99a466c9961f9fe902c129465993883b"),
    ("app=CailianpressWeb&os=web&sv=8.4.6", "9f8797a1f4de66c2370f7a03990d2737"),
    (
        "app=CailianpressWeb&last_article_time=1765935596&os=web&rn=20&sv=8.4.6&type=2",
        "5b0bd084c16d8d12c07d49d8b453891f",
    ),
    ("appName=CailianpressWeb&category=&hasFirstVipArticle=1&os=web&sv=7.7.5", "a238a5f06453a6fe1e3c33e8f835c19e"),
    ("app=CailianpressWap&last_time=1649657053807&refresh_type=1&rn=10&sv=1", "f73828502cec98a41720ad8aa0f764be"),
    ("app=CailianpressWeb&os=web&sv=7.2.2", "6ac194f4b3b39d45631708474e058b73"),
]


@pytest.mark.parametrize(("query", "sign"), VECTORS)
def test_published_vector(query, sign):
    assert expected_sign(parse_qsl(query, keep_blank_values=True)) == sign


def test_order_of_parameters_is_no_matter():
    query = [("sv", "8.7.9"), ("app", "CailianpressWeb"), ("os", "web")]
    assert expected_sign(query) == "b02d8f7bc4c45eeb3e86904203597da2"
    assert sign_matches([("sign", "b02d8f7bc4c45eeb3e86904203597da2"), *query])


@pytest.mark.parametrize("path", ["/v1/roll/get_roll_list", "/v3/depth/list/1000"])
@pytest.mark.parametrize("query", ["", "?app=CailianpressWeb&os=web&sv=8.7.9", "?app=CailianpressWeb&sign=0123"])
def test_missing_or_wrong_sign_is_told_with_status_200(client, path, query):
    answer, body = client.get(path + query)
    assert answer.status == 200
    assert body.decode() == '{"errno":"10012","msg":"签名错误"}'


def test_one_changed_parameter_breaks_the_sign(client):
    path = signed("/v1/roll/get_roll_list", rn=20)
    assert client.json(path)["errno"] == 0
    assert client.json(path.replace("rn=20", "rn=21"))["errno"] == "10012"


def test_other_names_of_the_front_end_are_signed_alike(client):
    query = [("appName", "CailianpressWeb"), ("category", ""), ("os", "web"), ("rn", "3"), ("sv", "7.7.5")]
    text = "&".join(f"{name}={value}" for name, value in [*query, ("sign", expected_sign(query))])
    assert len(client.json(f"/v1/roll/get_roll_list?{text}")["data"]["roll_data"]) == 3
