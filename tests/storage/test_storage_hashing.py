from hypothesis import given
from hypothesis import strategies as st

from newscrawl.storage.hashing import content_hash, squeeze

BLANKS = " \t\n\r\v\f\u00a0\u2003\u3000\u200b\u200d\ufeff\u2060\u00ad"
texts = st.text(alphabet="青禾电池投产，。abc019" + BLANKS, max_size=40)


@given(texts, texts, st.lists(st.tuples(st.integers(0, 40), st.sampled_from(BLANKS)), max_size=8))
def test_white_space_and_invisible_characters_never_change_the_hash(
    title: str, body: str, blanks: list[tuple[int, str]]
) -> None:
    spaced = body
    for place, blank in blanks:
        spaced = spaced[:place] + blank + spaced[place:]
    assert content_hash(title, spaced) == content_hash(title, body)
    assert content_hash(spaced, body) == content_hash(body, body)


@given(texts, texts, texts, texts)
def test_hashes_are_equal_only_for_the_same_visible_title_and_body(a: str, b: str, c: str, d: str) -> None:
    same = (squeeze(a), squeeze(b)) == (squeeze(c), squeeze(d))
    assert (content_hash(a, b) == content_hash(c, d)) is same


def test_a_character_moved_from_title_to_body_is_another_text() -> None:
    assert content_hash("青禾电池", "投产") != content_hash("青禾", "电池投产")


def test_no_title_is_an_empty_title() -> None:
    assert content_hash(None, "投产") == content_hash("", "投产")


def test_the_hash_names_its_version_and_stays_what_it_was() -> None:
    # A change of this value changes every article of every database: give the rule a new version instead.
    assert content_hash("青禾电池投产", "今日，工厂投产。") == (
        "1:3e4ef3f714eabf63abceaaa78160e1fcf341b8c79d41b820bb4f86c146c678b5"
    )


def test_half_of_a_surrogate_pair_is_hashed_like_any_other_character() -> None:
    assert content_hash(None, "a\ud83d") != content_hash(None, "a")
