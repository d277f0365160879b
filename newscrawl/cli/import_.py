"""`newscrawl import`: store a folder of Jekyll posts, such as the seed's cron script wrote."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from newscrawl import __version__
from newscrawl.cli.archives import open_archive
from newscrawl.cli.common import db_option, json_option
from newscrawl.cli.endings import written_down
from newscrawl.cli.stopping import STOPPED, stoppable
from newscrawl.errors import PageError
from newscrawl.items import Article, Failure, Page
from newscrawl.outcomes import Evidence, Problem, RunResult, decide_outcome, result_of
from newscrawl.storage.archive import Archive
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.database import open_database
from newscrawl.storage.failures import FailureStore
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.lock import SourceLock
from newscrawl.storage.timetext import now_utc

SOURCE = "finews"
_TO_DO = "`newscrawl failures {source}` names the posts; mend them and import the folder once more"


@click.command("import")
@click.argument("kind", type=click.Choice([SOURCE]), metavar="finews")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@db_option
@json_option
def import_(kind: str, folder: Path, db: Path, as_json: bool) -> None:  # noqa: ARG001 - one kind so far
    """Store a folder of Jekyll posts and its subfolders.

    Posts that carry one article number are one article: the fuller text wins, each address becomes a sighting. A second
    import of the same folder changes nothing.

    \b
    newscrawl import finews ~/finews/_posts
    """
    from newscrawl.cli.crawl import say  # noqa: PLC0415 - after the arguments are known to be right

    result = import_posts(folder, db)
    say(result, as_json=as_json)
    raise click.exceptions.Exit(result.exit_status)


def import_posts(folder: Path, database: Path, *, clock: Callable[[], datetime] = now_utc) -> RunResult:
    """Store the posts below `folder` as one run of the source finews; the posts themselves go into the archive.

    Raises UsageError for a folder without posts, StorageError, and LockedError while another import is under way.
    """
    from pipelines.posts import find_posts  # noqa: PLC0415 - `newscrawl --help` need not load the parsers

    groups = find_posts(folder)
    with ExitStack() as resources:
        db = open_database(database)
        resources.callback(db.close)
        resources.enter_context(SourceLock(database, SOURCE))
        archive = open_archive(database)
        resources.callback(archive.close)
        ledger = Ledger(db, SOURCE, version=__version__, clock=clock, archive=archive)
        run = _Import(ledger, ArticleStore(db), FailureStore(db), archive, clock)
        with stoppable() as is_stopped, written_down(ledger):
            for paths in groups:
                run.take(paths)
                if is_stopped():
                    break
            return run.finish(STOPPED if is_stopped() else None)


class _Import:
    """One run: group by group, each the posts of one article."""

    def __init__(
        self,
        ledger: Ledger,
        articles: ArticleStore,
        failing: FailureStore,
        archive: Archive,
        clock: Callable[[], datetime],
    ) -> None:
        self._ledger, self._articles, self._failing = ledger, articles, failing
        self._archive, self._clock = archive, clock
        self._kinds: Counter[str] = Counter()
        self._failures: list[Failure] = []

    def take(self, paths: Sequence[Path]) -> None:
        """Store the article that these posts tell; a post that cannot be read only counts when none of them can."""
        from pipelines.posts import merge  # noqa: PLC0415

        editions: list[Article] = []
        refused: list[Failure] = []
        for path, page in zip(paths, self._pages(paths), strict=True):
            try:
                editions.append(_read(page))
            except PageError as error:
                reason = f"{path.name}: {error.reason}"
                refused.append(Failure(url=_address(page, path), source=SOURCE, kind=error.kind, reason=reason))
        if not editions:
            self._fail(refused[0])
            return
        for state in merge(editions, self._known(editions[0])):
            self._ledger.found()
            self._ledger.add(state)

    def finish(self, ended: Problem | None) -> RunResult:
        """Commit the rest and write the run down."""
        self._ledger.flush()
        counts = self._ledger.counts
        stored = counts.new + counts.changed + counts.duplicate
        evidence = Evidence(
            found=counts.found, stored=stored, failed=counts.failed, failure_kinds=self._kinds, ended=ended
        )
        outcome = decide_outcome(evidence)
        if counts.failed and not ended:
            outcome = replace(outcome, to_do=_TO_DO)
        self._ledger.finish(outcome.name, outcome.exit_status, outcome.advice or None)
        return result_of(
            outcome,
            SOURCE,
            counts=dict(vars(counts)),
            failures=tuple(self._failures),
        )

    def _pages(self, paths: Sequence[Path]) -> Iterator[Page]:
        """The posts as pages; in the archive they are the parts of one story."""
        from pipelines.posts import read_post  # noqa: PLC0415

        first = ""
        for part, path in enumerate(paths, 1):
            page = read_post(path, self._clock())
            self._ledger.fetched()
            # An http address, or other tools would not find the headers: .invalid belongs to nobody (RFC 2606).
            url = page.url or f"http://finews.invalid/{path.name}"
            first = first or url
            self._keep(page, url, {"file": path.name} | ({"part_of": first, "part": str(part)} if part > 1 else {}))
            yield page

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

    def _fail(self, failure: Failure) -> None:
        self._kinds[failure.kind] += 1
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


def _read(page: Page) -> Article:
    from pipelines import read_page  # noqa: PLC0415

    return read_page(page)
