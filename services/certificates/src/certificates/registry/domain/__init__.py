"""Rules of the ledger: how a number is built and read, which state may follow which. Pure."""
