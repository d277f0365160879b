"""What goes out of the database: rows in, files out. Reading and writing pages is none of its business."""
