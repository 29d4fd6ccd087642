"""What the ledger does for the rooms above it: settle claims, deduct, read sums, close a partition's year.

Callers hold the partitions of the teachers concerned; whatever a change moves under a cap, or under a
deduction, is posted by difference in the same transaction.
"""

from hours.ledger.operations.announcing import announce
from hours.ledger.operations.closing import close_year, closed_years, closings, count_closed, reopen_year
from hours.ledger.operations.deducting import deduct, restore
from hours.ledger.operations.reading import (
    DEDUCTED,
    SUMS,
    deducted_of,
    lines_of,
    posted_in,
    standing,
    standing_of,
    totals,
    totals_of,
)
from hours.ledger.operations.settling import Change, Reduce, Register, room_left, settle

__all__ = [
    "DEDUCTED",
    "SUMS",
    "Change",
    "Reduce",
    "Register",
    "announce",
    "close_year",
    "closed_years",
    "closings",
    "count_closed",
    "deduct",
    "deducted_of",
    "lines_of",
    "posted_in",
    "reopen_year",
    "restore",
    "room_left",
    "settle",
    "standing",
    "standing_of",
    "totals",
    "totals_of",
]
