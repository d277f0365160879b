"""Several machines: workers that fetch and read, one collector that plans, decides and writes (docs/scaling.md).

| module | what it is |
| --- | --- |
| link | a Redis whose complaints are ours |
| scripts | what must happen there at once or not at all |
| board | who works, which crawls are wanted and under way |
| queue | one crawl's requests, leased to workers, and the stream of what became of them |
| wire | how requests, answers and articles are written down for the way |
| slots | a host's turn over all workers |
| steps | the item pipelines, without Scrapy's queue around them |
| notes, desk, working | a worker: what is told to it, one crawl's tasks, and the process around them |
| accounts, books, state, collecting | the collector: a crawl's books, what outlives a kill, and the process |
"""
