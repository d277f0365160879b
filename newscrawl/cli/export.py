"""`newscrawl export`: what goes out of the database, each form a command of its own."""

import click

from newscrawl.cli.common import LazyGroup

FORMS = {
    "jekyll": ("newscrawl.cli.export_jekyll:jekyll", "A folder of posts: a site for readers."),
}
"""Name to where the command stands and what `newscrawl export --help` says of it, in the order shown there."""


@click.group(cls=LazyGroup, table=FORMS, no_args_is_help=False)
def export() -> None:
    """Write the database's articles in another form.

    \b
    newscrawl export jekyll site
    """
