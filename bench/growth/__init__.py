"""`make bench-growth`: the same measures over a small ledger and over ones of millions of entries."""
