"""Step 400, Article -> Article: hand it to the run's ledger, which commits in batches.

What became of it (new, changed, unchanged, duplicate) is decided in the transaction that stores it, see
newscrawl/storage/decide.py.
"""

from newscrawl.items import Article
from pipelines.step import Step


class StorePipeline(Step):
    """Adds each article to the ledger; a batch is committed when it is full, and the rest when the run ends."""

    name = "store"

    def run(self, item: Article) -> Article:
        """The same article, for feed exports."""
        self.ledger.add(item)
        return item
