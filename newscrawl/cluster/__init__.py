"""Several machines: workers that fetch and read, one collector that plans, decides and writes (docs/scaling.md).

| module | what it is |
| --- | --- |
| link | a Redis whose complaints are ours |
| scripts | what must happen there at once or not at all |
| board | who works, which crawls are wanted and under way |
| queue | one crawl's requests, leased to workers, and the stream of what became of them |
| wire | how requests, answers and articles are written down for the way |
| slots | a host's turn over all workers |
| desk, working | a worker: one source's task at a time; and the process around it |
| books, state, collecting | the collector: one source's books, what of them outlives a kill, and the process |
"""
