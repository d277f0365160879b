"""Finds what a site publishes, without code for it: reads a list page, a feed or a sitemap. Pure; no Scrapy.

| module | what it does |
| --- | --- |
| reading | one answer -> Found: which kind of list it is, its articles, where it goes on |
| xml, feeds, sitemap | RSS, Atom and sitemaps, safe against hostile XML |
| anchors, shapes, links | which links of a page are articles |
| pager | which link of a page leads to the next page of its list |
"""
