"""What newscrawl promises, and for each promise a change of its source that breaks it: a test must fail then."""
