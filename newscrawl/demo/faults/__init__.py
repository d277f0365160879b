"""Faults that a site can have, each with a name to switch it by. See `table.FAULTS` for all of them."""

from newscrawl.demo.faults.table import FAULTS, Faults

__all__ = ["FAULTS", "Faults"]
