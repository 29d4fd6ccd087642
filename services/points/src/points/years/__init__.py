"""Closing a year (年度清零): partition by partition, resumable, never undone."""
