"""A bundled news site on loopback: for the demonstration, the tests and the measurements."""

from newscrawl.demo.faults import FAULTS
from newscrawl.demo.server import NOW, SampleSite
from newscrawl.demo.story import BEIJING, Story
from newscrawl.demo.truth import Expected, expected, expected_records
from newscrawl.demo.world import World

__all__ = ["BEIJING", "FAULTS", "NOW", "Expected", "SampleSite", "Story", "World", "expected", "expected_records"]
