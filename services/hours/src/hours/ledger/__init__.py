"""The ledger of hours (学时台账): postings, caps by difference, totals and the answer to why."""
