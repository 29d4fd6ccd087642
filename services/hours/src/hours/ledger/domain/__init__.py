"""Rules of the ledger: what counts under a cap, and what has to be posted so that the ledger says so."""
