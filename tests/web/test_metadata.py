"""What Datasette is told."""

from newscrawl.storage.database import open_readonly
from newscrawl.web.metadata import metadata
from tests.web.dictionary import FILE, as_text


def test_the_descriptions_are_those_of_the_data_dictionary():
    assert FILE.read_text(encoding="utf-8") == as_text(), "python -m tests.web.dictionary --write"


def test_what_facets_and_orders_name_is_there(path):
    db = open_readonly(path)
    for name, told in metadata()["databases"]["newscrawl"]["tables"].items():
        columns = {row[1] for row in db.execute(f"pragma table_xinfo({name})")}
        asked = {*told.get("facets", ()), told.get("sort_desc"), told.get("label_column"), *told["columns"]} - {None}
        assert asked <= columns | {"articles_fts"}, name
    db.close()


def test_every_table_that_people_read_is_listed_and_no_inner_one(get):
    page = get("/newscrawl").text
    for name in ("articles", "sightings", "runs", "failures", "coverage", "stories", "gaps"):
        assert f'href="/newscrawl/{name}"' in page
    for name in ("story_bands", "search_queue", "journal"):
        assert f'href="/newscrawl/{name}"' not in page


def test_every_query_answers(get):
    for name in metadata()["databases"]["newscrawl"]["queries"]:
        answer = get(f"/newscrawl/{name}.json?first_day=2026-11-20&last_day=2026-11-20&word=银行")
        assert answer.status_code == 200, name
        assert answer.json()["rows"], name


def test_a_table_groups_by_what_matters_and_says_what_its_columns_mean(get):
    page = get("/newscrawl/articles").text
    for name in ("source", "kind", "publisher", "published_date"):
        assert f'id="facet-{name}"' in page
    assert 'title="the medium that the page names: 财联社, 央视新闻"' in page
