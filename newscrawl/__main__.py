"""`python -m newscrawl` is the command `newscrawl`."""

from newscrawl.cli import main

main(prog_name="newscrawl")
