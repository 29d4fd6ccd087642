"""HTTP of the records, of those that are marked, and of the ledger of a school's year."""
