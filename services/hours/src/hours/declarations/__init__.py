"""Declarations (申报): hours that somebody declares with evidence, and that others review in turn."""
