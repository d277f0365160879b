"""What goes out of the database and out of crawls. Pure."""
