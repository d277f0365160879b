"""One module per source: the module's name is the spider's name is the source's name."""
