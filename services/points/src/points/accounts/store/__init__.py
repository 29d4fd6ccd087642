"""SQL of the ledger: what is read, and the one function that turns entries into rows."""
