"""The database and the archive: everything that lasts. Knows records and errors, nothing of fetching or reading."""
