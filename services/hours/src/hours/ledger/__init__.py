"""The ledger of hours (学时台账): postings, caps by difference, totals, statements and the answer to why."""
