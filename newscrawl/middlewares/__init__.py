"""What stands between a spider and the network.

A request passes them from top to bottom, its answer from bottom to top (numbers: settings.DOWNLOADER_MIDDLEWARES_BASE):

| module | what it does |
| --- | --- |
| addresses | refuses every address that is not the source's own; redirects come by here too |
| robots | asks robots.txt first; no answer means no |
| retry | asks again after growing pauses, or when the site says to |
| (Scrapy) | decompression, redirects, proxy |
| packing | refuses what is packed again and again, before it is unpacked |
| archive | writes every answer down as it came, before anything above can refuse it |
| handler | asks the operator's --base-url in place of the public host |
| names | refuses, there, a public host whose name leads into a private network |
"""
