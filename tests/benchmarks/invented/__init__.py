"""As many invented articles as one likes, and databases of them made by the program's own way of writing."""
