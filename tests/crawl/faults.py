"""What a site can do wrong, and what must come of it: the data of test_crawl_faults and of docs/faults.md.

python -m tests.crawl.faults --write
"""

import argparse
from collections.abc import Iterator
from typing import NamedTuple

from newscrawl.demo import FAULTS
from newscrawl.outcomes import EXIT_STATUS
from tests.quality.tables import keep, table

ONE, ALL = "one page", "all pages"
LISTS = "the lists"
RIGHT = "stored right"
AS_SHOWN = "stored, with what the site adds made harmless"
NO_TIME = "stored without its time"
NEARLY = "stored as the generic reader reads it, without captions"
NOTHING = "nothing is stored, and nothing lost"
DEPTH, ROLL, EAST = "cls_depth", "cls_telegraph", "eastmoney"
SITE, SITE_OF_LINKS = "portal", "portal-gbk"
"""Sites without code: read from a feed, and from a list of links."""
SLOW = frozenset({"hang", "stall", "slow_body", "robots_hang"})
"""Faults of which a test waits for no more than a moment."""


class Row(NamedTuple):
    """One fault at one place."""

    fault: str
    where: str
    source: str
    seen: str
    """RIGHT, AS_SHOWN, NO_TIME, NEARLY, NOTHING, or the kind under which the faulty pages wait."""
    outcome: str


ROWS = [
    # refusals and errors told by the status
    *(Row(fault, ONE, EAST, "http", "partial") for fault in ("s500", "s502", "s503_html")),
    *(Row(fault, ONE, EAST, "blocked", "partial") for fault in ("s403", "s418")),
    *(Row(fault, ONE, EAST, "gone", "ok") for fault in ("s404", "s404_with_article")),
    Row("s410", ONE, DEPTH, "gone", "ok"),
    *(Row(fault, ONE, EAST, RIGHT, "ok") for fault in ("s500_once", "s429_retry_after", "s429_retry_after_date")),
    Row("s503_retry_long", ONE, EAST, "http", "network"),
    *(Row(fault, ONE, EAST, "blocked", "blocked") for fault in ("s429_retry_long_date", "s403_retry_long")),
    Row("s429_always", ONE, EAST, "blocked", "partial"),
    Row("s500", ALL, EAST, "http", "network"),
    Row("s403", ALL, DEPTH, "blocked", "blocked"),
    Row("s403", LISTS, DEPTH, NOTHING, "blocked"),
    Row("s429_retry_long_date", LISTS, ROLL, NOTHING, "blocked"),
    # the connection
    *(
        Row(fault, ONE, EAST, "network", "partial")
        for fault in (
            *("hang", "stall", "slow_body", "close_before_headers", "reset", "garbage_status"),
            *("truncated_cl", "truncated_chunked", "bad_chunk", "not_gzip"),
        )
    ),
    Row("bad_gzip", ONE, DEPTH, "network", "partial"),
    Row("hang", ALL, DEPTH, "network", "network"),
    Row("hang", LISTS, ROLL, NOTHING, "network"),
    Row("reset", ALL, EAST, "network", "network"),
    Row("truncated_cl", LISTS, ROLL, NOTHING, "network"),
    *(
        Row(fault, ONE, source, "truncated", "partial")
        for source in (DEPTH, EAST)
        for fault in ("short_cl", "no_cl_close", "truncated_gzip")
    ),
    Row("short_cl", LISTS, ROLL, NOTHING, "layout"),
    *(
        Row(fault, ONE, EAST, "too_complex", "partial")
        for fault in ("endless_body", "gzip_bomb", "deflate_bomb", "huge_text", "deep_nesting", "many_tags")
    ),
    Row("gzip_bomb", LISTS, ROLL, NOTHING, "layout"),
    Row("many_attrs", ONE, DEPTH, "too_complex", "partial"),
    Row("deep_nesting", ONE, ROLL, "too_complex", "partial"),
    Row("gzip", ONE, EAST, RIGHT, "ok"),
    Row("unknown_encoding", ONE, EAST, "encoding", "partial"),
    # characters
    *(
        Row(fault, ONE, EAST, RIGHT, "ok")
        for fault in ("gbk_declared", "gbk_meta_only", "no_charset", "utf16", "utf8_as_gbk", "utf8_as_latin1")
    ),
    *(Row("gbk_as_utf8", ONE, source, RIGHT, "ok") for source in (DEPTH, EAST)),
    # pages that are not what they were
    *(Row(fault, ONE, EAST, "empty", "partial") for fault in ("empty", "blank", "meta_refresh_internal")),
    Row("empty", ALL, DEPTH, "empty", "empty"),
    Row("soft404", ONE, EAST, "gone", "ok"),
    Row("antibot", ONE, DEPTH, "blocked", "partial"),
    Row("antibot", ALL, DEPTH, "blocked", "blocked"),
    *(Row("antibot", LISTS, source, NOTHING, "blocked") for source in (ROLL, EAST)),
    Row("empty_article", ONE, DEPTH, "gone", "ok"),
    Row("empty_article", ONE, EAST, "layout", "partial"),
    Row("empty_article", ALL, EAST, "layout", "layout"),
    Row("layout", ONE, EAST, AS_SHOWN, "ok"),
    Row("layout", ALL, EAST, AS_SHOWN, "layout"),
    Row("layout_half", ALL, EAST, RIGHT, "ok"),
    Row("layout_half", ALL, DEPTH, NEARLY, "layout"),
    *(Row(fault, ONE, DEPTH, NO_TIME, "ok") for fault in ("no_date", "bad_date", "redos_date")),
    # redirects
    Row("redirect_ok", ONE, EAST, RIGHT, "ok"),
    *(
        Row(f"redirect_{fault}", ONE, EAST, "http", "partial")
        for fault in ("loop", "chain", "none", "file", "data", "ftp")
    ),
    *(Row(f"redirect_{fault}", ONE, EAST, "refused", "partial") for fault in ("odd", "internal", "internal_ip")),
    # lists
    Row("list_500", LISTS, ROLL, NOTHING, "network"),
    *(Row("list_empty", LISTS, source, NOTHING, "empty") for source in (ROLL, DEPTH, EAST)),
    Row("list_null", LISTS, ROLL, NOTHING, "empty"),
    Row("list_html", LISTS, ROLL, NOTHING, "layout"),
    Row("list_cut", LISTS, DEPTH, NOTHING, "layout"),
    Row("errno_string", LISTS, ROLL, NOTHING, "layout"),
    Row("errno_number", LISTS, DEPTH, NOTHING, "blocked"),
    Row("list_dup", LISTS, EAST, RIGHT, "ok"),
    Row("list_odd", LISTS, ROLL, RIGHT, "partial"),
    Row("list_schemes", LISTS, EAST, RIGHT, "partial"),
    Row("list_untagged", LISTS, ROLL, RIGHT, "ok"),
    # robots.txt, and the whole site
    *(Row(fault, "robots.txt", ROLL, NOTHING, "blocked") for fault in ("robots_deny", "robots_500")),
    Row("robots_hang", "robots.txt", ROLL, NOTHING, "network"),
    *(
        Row(f"robots_{fault}", "robots.txt", ROLL, RIGHT, "ok")
        for fault in ("404", "403", "html", "huge")
    ),
    Row("down", "everything", ROLL, NOTHING, "network"),
    # what a story may hold
    *(
        Row(fault, ONE, source, AS_SHOWN, "ok")
        for source, faults in (
            (DEPTH, ("xss", "images_hostile", "long_title", "misnested", "sql_title", "bidi")),
            (EAST, ("xss", "nul_bytes", "entity_bomb", "csv_title", "utf8_one_bad_byte")),
            (ROLL, ("xss", "log_title", "fts_title", "unclosed")),
        )
        for fault in faults
    ),
    Row("unclosed", ONE, EAST, "truncated", "partial"),
    # a site without code
    *(Row(fault, ONE, SITE, "truncated", "partial") for fault in ("short_cl", "no_cl_close", "truncated_gzip")),
    Row("gbk_as_utf8", ONE, SITE, RIGHT, "ok"),
    Row("antibot", ONE, SITE, "blocked", "partial"),
    Row("xss", ONE, SITE, AS_SHOWN, "ok"),
    *(Row(fault, LISTS, SITE, RIGHT, "ok") for fault in ("list_dup", "list_schemes")),
    Row("list_500", LISTS, SITE, NOTHING, "network"),
    *(Row(fault, LISTS, SITE_OF_LINKS, NOTHING, "network") for fault in ("short_cl", "truncated_gzip")),
    Row("antibot", LISTS, SITE_OF_LINKS, NOTHING, "blocked"),
    Row("list_empty", LISTS, SITE, NOTHING, "empty"),
    *(Row("deep_nesting_cut", ONE, source, "too_complex", "partial") for source in (DEPTH, EAST, ROLL)),
]  # fmt: skip

ELSEWHERE = {
    "no_names": (
        "stored without; told once a day, and by `newscrawl check`",
        "test_a_field_that_goes_missing_is_told_once_a_day_even_by_a_quiet_crawl",
    ),
    "list_endless": ("a list, a calendar or a pager without end ends", "test_list_without_end_ends"),
    "list_repeats": ("no stretch is called complete", "test_list_that_ignores_its_cursor_is_not_taken_for_complete"),
    "list_short": (
        "nothing is called complete; had when the lists show it again",
        "test_list_that_has_forgotten_what_stood_behind_its_newest_page_is_not_called_complete",
    ),
    "list_stale": (
        "nothing is called complete; had when the lists show it again",
        "test_list_that_stands_still_is_not_called_complete",
    ),
    "list_edited": (
        "the edit is found by the next run",
        "test_story_edited_between_two_list_pages_is_stored_as_edited",
    ),
    "pinned_old": ("its time is no cursor", "test_old_story_pinned_on_top_is_no_cursor"),
    "outage": (
        "given up after five, the rest fetched next time",
        "test_dead_site_is_let_alone_and_the_next_run_fetches_the_rest_only",
    ),
    "silence": (
        "while it is waited for, another run says that one is running",
        "test_crawl_and_backfill_of_one_source_keep_out_of_each_others_way",
    ),
    "pager_lost": (
        "the story is a failure",
        "test_part_without_the_pager_that_the_first_one_has_is_not_taken_for_the_last",
    ),
    "pager_loops": ("the story is whole", "test_pager_that_leads_back_ends_the_story"),
    "pager_repeats": ("the story is whole", "test_pager_that_does_not_know_its_end_is_asked_once_too_often"),
    "pager_endless": ("the story is a failure", "test_story_without_an_end_is_cut_nowhere_but_refused"),
}
"""Faults that need a test of their own: what comes of them, and the test that shows it."""


def document() -> str:
    """The tables of docs/faults.md."""
    head = ["fault", "what the site does", "where", "source", "what becomes of the stories", "outcome", "exit status"]
    elsewhere = ([f"`{fault}`", FAULTS[fault].help, told] for fault, (told, _) in sorted(ELSEWHERE.items()))
    return "\n\n".join([table(head, _lines()), table(["fault", "what the site does", "what comes of it"], elsewhere)])


def _lines() -> Iterator[list[str]]:
    for row in ROWS:
        seen = f"waiting as `{row.seen}`" if " " not in row.seen else row.seen
        told = FAULTS[row.fault].help
        yield [f"`{row.fault}`", told, row.where, row.source, seen, f"`{row.outcome}`", str(EXIT_STATUS[row.outcome])]


def main() -> None:
    """Print the tables, or put them into docs/faults.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/faults.md")
    if parser.parse_args().write:
        keep("faults.md", document())
    else:
        print(document())


if __name__ == "__main__":
    main()
