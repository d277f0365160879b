"""The lists of long articles."""

from newscrawl.demo import expected_records
from newscrawl.demo.articles import CHANNELS

FIELDS = (
    "id ctime title brief image level article_tag source reading_num external_link is_ad audio_url ad ex_type c_type "
    "SortScore subjectStib"
).split()


def pages(client, channel):
    """All pages of a channel, by the last row's ctime."""
    cursor = 0
    while rows := client.depth(channel, cursor):
        yield rows
        cursor = rows[-1]["ctime"]


def news(rows):
    return [row for row in rows if not row["is_ad"] and not row["external_link"]]


def test_rows_have_all_fields_in_the_order_of_the_real_body(client):
    assert {tuple(row) for row in client.depth(1000)} == {tuple(FIELDS)}


def test_page_one_is_the_editors_choice_then_time(open_site):
    _, client = open_site(stories=2000)
    rows = news(client.depth(1000))
    chosen = [row for row in rows if row["ex_type"] == 1]
    timed = [row for row in rows if row["ex_type"] == 0]
    assert (len(chosen), len(timed)) == (42, 13)
    assert {row["level"] for row in chosen} == {""}
    assert {row["level"] for row in timed} == {"C"}
    assert [row["ctime"] for row in chosen] != sorted((row["ctime"] for row in chosen), reverse=True)
    assert [row["ctime"] for row in timed] == sorted((row["ctime"] for row in timed), reverse=True)


def test_page_two_has_thirty_rows_and_repeats_some_of_page_one(open_site):
    _, client = open_site(stories=2000)
    first = client.depth(1000)
    second = client.depth(1000, first[-1]["ctime"])
    assert len(second) == 30
    assert {row["id"] for row in first} & {row["id"] for row in second}
    assert all(row["ctime"] < first[-1]["ctime"] for row in second)


def test_all_channels_together_have_every_article(client, site):
    found = {str(row["id"]) for channel in CHANNELS for rows in pages(client, channel) for row in news(rows)}
    assert found == {record.source_id for record in expected_records(site.truth, "cls_depth")}


def test_an_advert_and_an_outside_row_stand_between(client):
    rows = client.depth(1000)
    assert [row["ad"]["adTag"] for row in rows if row["is_ad"]] == ["广告"]
    assert [row["external_link"][:8] for row in rows if row["external_link"]] == ["https://"]


def test_points_cover_and_tag_may_be_absent(client):
    rows = [row for channel in CHANNELS for row in news(client.depth(channel))]
    assert any(row["brief"].startswith("①") and "；\n②" in row["brief"] for row in rows)
    assert any(row["brief"] == "" for row in rows)
    assert any(row["image"] == "" for row in rows)
    assert any(row["article_tag"] is None for row in rows)


def test_an_unknown_channel_has_no_rows(client):
    assert client.depth(9999) == []
