"""One module per shape: what a site answers, from stories."""
