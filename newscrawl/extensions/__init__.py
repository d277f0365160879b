"""What goes with a crawl from its first request to its last: what it shares (run), and its books (recorder)."""
