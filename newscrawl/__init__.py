"""Crawls Cailianshe-style news sources into one deduplicated SQLite database."""

__version__ = "0.1.0"
