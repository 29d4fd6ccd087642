"""What was heard from the hours service: who is on the roster, and what counts for whom in which year."""
