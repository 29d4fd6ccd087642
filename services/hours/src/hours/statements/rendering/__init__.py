"""A statement for people: line by line, or as one table."""
