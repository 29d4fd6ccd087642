"""What judgements look like from outside."""
