"""What the sample site's lists hold, and what a database that calls a stretch complete must hold of it."""

from newscrawl.demo.truth import public_address


def listed(site, source, channel):
    """The stories of one list, each with the second of its publication."""
    families = {"roll": ["flash"], "fast": ["em_fast", "shared"]}.get(channel)
    kind, _, number = channel.rpartition(":")
    for story in site.truth.stories(*(families or (["em_article", "shared"] if kind else ["article", "shared"]))):
        if families or int(number) in (story.columns if kind else story.channels):
            yield public_address(story, source), story.published


def missing_stories(crawl, source):
    """Stories of stretches that are called complete, which are neither stored nor waiting in the table of failures."""
    kept = set(crawl.column("select url from sightings union select url from failures"))
    return {
        url
        for channel, first, last in crawl.query("select channel, from_ts, to_ts from coverage where source = ?", source)
        for url, published in listed(crawl.site, source, channel)
        if first <= published <= last and url not in kept
    }
