"""`newscrawl import`: store a folder of Jekyll posts, such as the seed's cron script wrote."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlite_utils import Database

from newscrawl import __version__
from newscrawl.cli.archives import Reading, open_archive
from newscrawl.cli.common import db_option, jobs_option, json_option
from newscrawl.cli.endings import written_down
from newscrawl.cli.post_reads import PostPlace, PostRead, identity_of, post_reader, read_posts
from newscrawl.cli.readers import Readers
from newscrawl.cli.rereading import gone_on_with
from newscrawl.cli.stopping import STOPPED, stoppable
from newscrawl.cli.story_reads import NoArticle
from newscrawl.cli.way_of_reading import way_of_reading
from newscrawl.items import Article, Failure, Page
from newscrawl.outcomes import Evidence, Problem, RunResult, decide_outcome, result_of
from newscrawl.storage.archive import Archive
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.database import open_database
from newscrawl.storage.failures import FailureStore
from newscrawl.storage.lock import SourceLock
from newscrawl.storage.timetext import now_utc
from newscrawl.storage.trails import Trail, TrailLedger, followed, trail_of

SOURCE = "finews"
_TO_DO = "`newscrawl failures {source}` names the posts; mend them and import the folder once more"


@click.command("import")
@click.argument("kind", type=click.Choice([SOURCE]), metavar="finews")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@jobs_option
@db_option
@json_option
def import_(kind: str, folder: Path, jobs: int, db: Path, as_json: bool) -> None:  # noqa: ARG001 - one kind so far
    """Store a folder of Jekyll posts and its subfolders.

    Posts that carry one article number are one article: the fuller text wins, each address becomes a sighting. A second
    import of the same folder changes nothing.

    \b
    newscrawl import finews ~/finews/_posts
    """
    from newscrawl.cli.crawl import say  # noqa: PLC0415 - after the arguments are known to be right

    result = import_posts(folder, db, jobs=jobs)
    say(result, as_json=as_json)
    raise click.exceptions.Exit(result.exit_status)


def import_posts(folder: Path, database: Path, *, jobs: int = 1, clock: Callable[[], datetime] = now_utc) -> RunResult:
    """Store the posts below `folder` as one run of the source finews; the posts themselves go into the archive.

    `jobs` processes read, where there is much to read (see cli.readers). An import that was interrupted or killed is
    gone on with (see storage.trails).

    Raises UsageError for a folder without posts, StorageError, and LockedError while another import is under way.
    """
    from pipelines.posts import find_posts  # noqa: PLC0415 - `newscrawl --help` need not load the parsers

    groups, reading = find_posts(folder), Reading()
    with ExitStack() as resources:
        db = open_database(database)
        resources.callback(db.close)
        resources.enter_context(SourceLock(database, SOURCE))
        archive = open_archive(database)
        resources.callback(archive.close)
        before = trail_of(db, SOURCE, way_of_reading())
        trail, rest = followed(before, lambda: groups, _identity)
        ledger = TrailLedger(db, SOURCE, trail, version=__version__, clock=clock, archive=archive)
        run = _Import(ledger, db, archive, trail)
        readers = Readers(jobs, read_posts, post_reader, tell=reading.warn, weigh=len)
        with stoppable() as is_stopped, written_down(ledger), readers:
            moments = _moments(clock)
            places = ((paths, [PostPlace(path, next(moments)) for path in paths]) for paths in rest)
            for _, posts in reading.each(readers.each(places), len(groups) - trail.taken):
                run.take(posts)
                if is_stopped():
                    break
            return run.finish(STOPPED if is_stopped() else None)


class _Import:
    """One run: group by group, each the posts of one article."""

    def __init__(self, ledger: TrailLedger, db: Database, archive: Archive, trail: Trail) -> None:
        self._ledger, self._archive, self._trail = ledger, archive, trail
        self._articles, self._failing = ArticleStore(db), FailureStore(db)
        self._kinds: Counter[str] = Counter()
        self._failures: list[Failure] = []

    def take(self, posts: Sequence[PostRead]) -> None:
        """Store the article that these posts tell; a post that cannot be read only counts when none of them can."""
        from pipelines.posts import merge  # noqa: PLC0415

        self._archived(posts)
        editions = [post.result for post in posts if isinstance(post.result, Article)]
        if not editions:
            self._fail(posts[0])
        for state in merge(editions, self._known(editions[0])) if editions else ():
            self._ledger.found()
            self._ledger.add(state)
        self._ledger.passed(identity_of((post.path.name, post.page.body) for post in posts))

    def finish(self, ended: Problem | None) -> RunResult:
        """Commit the rest and write the run down."""
        self._ledger.flush()
        counts = self._ledger.counts
        stored = counts.new + counts.changed + counts.duplicate
        evidence = Evidence(
            found=counts.found,
            stored=stored,
            failed=self._trail.failed + counts.failed,
            failure_kinds=self._kinds,
            notes=gone_on_with(self._trail, "stories"),
            ended=ended,
        )
        outcome = decide_outcome(evidence)
        if evidence.failed and not ended:
            outcome = replace(outcome, to_do=_TO_DO)
        self._ledger.finish(outcome.name, outcome.exit_status, outcome.advice or None)
        return result_of(
            outcome,
            SOURCE,
            counts=dict(vars(counts)),
            failures=tuple(self._failures),
        )

    def _archived(self, posts: Sequence[PostRead]) -> None:
        """Keeps the posts as they are; in the archive they are the parts of one story."""
        # An http address, or other tools would not find the headers: .invalid belongs to nobody (RFC 2606).
        urls = [post.page.url or f"http://finews.invalid/{post.path.name}" for post in posts]
        for part, (post, url) in enumerate(zip(posts, urls, strict=True), 1):
            self._ledger.fetched()
            story = {"part_of": urls[0], "part": str(part)} if part > 1 else {}
            self._keep(post.page, url, {"file": post.path.name} | story)

    def _keep(self, page: Page, url: str, context: dict[str, str]) -> None:
        self._archive.write(
            url=url,
            asked=None,
            source=SOURCE,
            role="page",
            status=200,
            reason="OK",
            headers=list(page.headers.items()),
            body=page.body,
            fetched_at=page.fetched_at,
            context=context,
        )

    def _known(self, edition: Article) -> Article | None:
        return self._articles.find(SOURCE, edition.source_id) if edition.source_id else None

    def _fail(self, post: PostRead) -> None:
        assert isinstance(post.result, NoArticle)
        kind, reason = post.result.kind, f"{post.path.name}: {post.result.reason}"
        failure = Failure(url=_address(post.page, post.path), source=SOURCE, kind=kind, reason=reason)
        self._kinds[kind] += 1
        self._failures.append(failure)
        self._ledger.found()
        if self._failing.is_noted(failure):
            self._ledger.fail_again(failure)  # the same file once more is no further try
        else:
            self._ledger.fail(failure)


def _address(page: Page, path: Path) -> str:
    """Where the article stands, by the number in the file's name: its failure is over when a twin is stored."""
    from newscrawl.rules.eastmoney import identify  # noqa: PLC0415

    number, canonical = identify(path.stem)
    return canonical if number else page.url or path.name


def _identity(paths: Sequence[Path]) -> str:
    return identity_of((path.name, path.read_bytes()) for path in paths)


def _moments(clock: Callable[[], datetime]) -> Iterator[datetime]:
    """The present moment again and again, no two the same: by its time a post is found again in the archive."""
    last = clock()
    yield last
    while True:
        last = max(clock(), last + timedelta(microseconds=1))
        yield last
