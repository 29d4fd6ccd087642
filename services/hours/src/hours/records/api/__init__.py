"""HTTP of the records: register, take back, correct and look at one; the ledger of a school's year."""
