"""Where the time of the hot paths goes: their stacks, and what PostgreSQL does for their statements."""
