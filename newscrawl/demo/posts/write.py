"""Writes the folders, and tells what an import of them must give."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newscrawl.demo.posts.cases_bodies import body_posts
from newscrawl.demo.posts.cases_later import fetched_again
from newscrawl.demo.posts.cases_old import old_posts
from newscrawl.demo.posts.cases_twins import twin_posts
from newscrawl.demo.posts.collect import Collection, ExpectedPost
from newscrawl.demo.posts.seed_twin import DATE, NUMBER, TITLE, seed_images, seed_lines, seed_twin
from newscrawl.demo.posts.stories import PostStories
from newscrawl.demo.world import World

_NOTICE = (
    '---\nlayout: post\ntitle: "新站上线"\ndate: 2021-12-01 13:33:50\ncategories: sitenews\ntags: 站长消息\n---\n\n'
)


@dataclass(frozen=True, slots=True)
class Posts:
    """What a folder of posts holds, and what its import must make of it."""

    files: tuple[str, ...]
    """Paths below the folder."""
    articles: tuple[ExpectedPost, ...]
    """One per article number."""
    refused: tuple[str, ...]
    """Files that cannot become an article: no title, and no twin that has one."""
    changed: tuple[str, ...] = ()
    """For later versions: the numbers whose visible text differs from the first."""


def write_posts(folder: Path, world: World) -> Posts:
    """The posts under folder/_posts and folder/old_post, the same for the same seed."""
    found, _, refused, _ = _collect(world.seed)
    return _write(folder, found, refused, ())


def write_versions(folder: Path, world: World) -> Posts:
    """Later versions of some of these posts, to be imported after them: folder/_posts and folder/old_post."""
    _, later, _, changed = _collect(world.seed)
    return _write(folder, later, (), changed)


def _collect(seed: int) -> tuple[Collection, Collection, tuple[str, ...], tuple[str, ...]]:
    stories, found, later = PostStories(seed), Collection(), Collection()
    old_posts(found, stories)
    refused = twin_posts(found, stories)
    body_posts(found, stories)
    changed = fetched_again(found, later, stories)
    _single_posts(found)
    return found, later, refused, changed


def _single_posts(found: Collection) -> None:
    """The seed's twin, and the notice with which the script's site opened: the only post with no number."""
    seed_path, notice_path = f"_posts/2022-03-29-NW{NUMBER}.md", "_posts/2021-12-01-init.md"
    found.files[seed_path] = seed_twin().text()
    found.articles[NUMBER] = ExpectedPost(
        number=NUMBER,
        title=TITLE,
        body="\n".join(seed_lines()),
        published_at=datetime.fromisoformat(DATE),
        publisher="财联社",
        image_urls=seed_images(),
        files=(seed_path,),
    )
    found.files[notice_path] = f"{_NOTICE}样例站点今天开放。\n"
    found.articles["2021-12-01-init"] = ExpectedPost(
        number="2021-12-01-init",
        title="新站上线",
        body="样例站点今天开放。",
        published_at=datetime.fromisoformat("2021-12-01 13:33:50+08:00"),
        publisher=None,
        files=(notice_path,),
    )


def _write(folder: Path, found: Collection, refused: tuple[str, ...], changed: tuple[str, ...]) -> Posts:
    for path, text in found.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return Posts(tuple(found.files), tuple(found.articles.values()), refused, changed)
