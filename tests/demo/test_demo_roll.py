"""The telegraph list: shape of its rows, paging, rows that are no news."""

import json
import re

from sample_client import signed

from newscrawl.demo import expected_records

FIELDS = (
    "author_extends assocFastFact depth_extends deny_comment level reading_num content in_roll recommend confirmed "
    "jpush img user_id is_top brief id ctime type title bold sort_score comment_num modified_time status collection "
    "has_img category shareurl share_img share_num sub_titles tags imgs images explain_num stock_list is_ad ad "
    "subjects audio_url author plate_list assocArticleUrl assocVideoTitle assocVideoUrl assocCreditRating "
    "invest_calendar share_content gray_share comment_recommand timeline is_fad disclaimer"
).split()


def all_rows(client, **query):
    """Every row, by the cursor that loses nothing: oldest ctime + 1, repeats told apart by id."""
    rows, cursor = {}, 0
    while True:
        page = client.roll_rows(rn=20, last_time=cursor, **query)
        fresh = {row["id"]: row for row in page if row["id"] not in rows}
        if not fresh:
            return list(rows.values())
        rows |= fresh
        cursor = min(row["ctime"] for row in page) + 1


def is_news(row):
    paid = row["type"] != -1 or row["share_img"].endswith("vip.png") or row["author_extends"]
    return not (row["is_ad"] or row["is_fad"] or paid)


def test_rows_have_all_fields_in_the_order_of_the_real_body(client):
    rows = client.roll_rows(rn=50, last_time=0)
    assert {tuple(row) for row in rows} == {tuple(FIELDS)}


def test_envelope_has_the_real_tail(client):
    answer = client.roll()
    assert list(answer) == ["errno", "msg", "data"]
    assert list(answer["data"]) == ["roll_data", "is_vip", "update_num", "banners", "dynamic_tag"]


def test_ampersands_and_angle_brackets_are_escaped_in_the_body(client):
    bodies = [json.dumps(row, ensure_ascii=False) for row in all_rows(client)]
    assert any("R&amp;D" in body and "《&lt;联合研发&gt;" in body for body in bodies)
    _, raw = client.get(signed("/v1/roll/get_roll_list", rn=50))
    assert b"&" not in raw
    assert b"os=web\\u0026sv=8.7.9\\u0026app=CailianpressWeb" in raw


def test_eight_rows_of_twenty_have_no_title(site):
    flashes = list(site.truth.stories("flash"))[-20:]
    assert sum(not story.title for story in flashes) == 8


def test_a_titled_row_begins_with_its_title_in_brackets(client):
    for row in filter(is_news, all_rows(client)):
        assert row["content"].startswith(f"【{row['title']}】" if row["title"] else "财联社11月20日电，")


def test_brief_is_cut_at_300_and_may_lack_the_title(client):
    rows = [row for row in all_rows(client) if is_news(row)]
    assert all(len(row["brief"]) <= 300 for row in rows)
    assert any(row["title"] and not row["brief"].startswith("【") for row in rows)


def test_rows_fall_in_time_and_some_share_their_second(client):
    times = [row["ctime"] for row in all_rows(client)]
    assert times == sorted(times, reverse=True)
    news = [row["ctime"] for row in all_rows(client) if is_news(row)]
    assert len(set(news)) < len(news)


def test_paging_finds_every_flash_exactly_once(client, site):
    found = [str(row["id"]) for row in all_rows(client) if is_news(row)]
    assert sorted(found, reverse=True) == [record.source_id for record in expected_records(site.truth, "cls_telegraph")]


def test_last_time_empty_or_absent_means_the_newest(client):
    newest = [row["id"] for row in client.roll_rows(rn=5, last_time=0)]
    assert [row["id"] for row in client.roll_rows(rn=5, last_time="")] == newest
    assert [row["id"] for row in client.roll_rows(rn=5)] == newest


def test_rows_are_strictly_older_than_last_time(client):
    moment = client.roll_rows(rn=5)[-1]["ctime"]
    assert all(row["ctime"] < moment for row in client.roll_rows(rn=50, last_time=moment))


def test_rn_goes_up_to_50(client):
    assert len(client.roll_rows(rn=50)) == 50
    assert client.roll(rn=51) | {"data": None} == {"errno": 0, "msg": "", "data": None}
    assert client.roll_rows(rn=51) == []
    assert len(client.roll_rows(rn=1)) == 1


def test_adverts_and_every_form_of_paid_row_are_there(client):
    others = [row for row in all_rows(client) if not is_news(row)]
    assert any(row["is_ad"] for row in others)
    assert any(row["is_fad"] for row in others)
    assert any(row["type"] in {20015, 20026, 20021, 20022, 20087} for row in others)
    assert any(row["share_img"] == "https://img.cls.cn/share/vip.png" for row in others)
    assert any(re.fullmatch(r"s[zh]\d{6}@@[^#]+##s[zh]\d{6}@@.+", row["author_extends"]) for row in others)


def test_red_levels_images_stocks_edits_and_sources_are_there(client):
    rows = [row for row in all_rows(client) if is_news(row)]
    assert {row["level"] for row in rows} == {"A", "B", "C"}
    pictured = [row for row in rows if row["has_img"]]
    assert pictured
    assert all(row["images"] == [row["img"]] for row in pictured)
    assert any(re.fullmatch(r"(sh|sz|bj)\d{6}", stock["StockID"]) for row in rows for stock in row["stock_list"])
    assert any(row["modified_time"] > row["ctime"] for row in rows)
    assert any(row["author"] == "央视新闻" and row["content"].endswith(" （央视新闻）") for row in rows)


def test_some_content_holds_markup(client):
    contents = "".join(row["content"] for row in all_rows(client))
    assert "<br>" in contents
    assert "<em>" in contents


def test_category_filters(client):
    red = all_rows(client, category="red")
    assert red
    assert {row["level"] for row in red} == {"A", "B"}
    fund, watch = (all_rows(client, category=name) for name in ("fund", "watch"))
    assert fund
    assert not {row["id"] for row in fund} & {row["id"] for row in watch}
