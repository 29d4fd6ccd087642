"""SQL of the records, of completed courses, and what entries make of both."""
