"""What the ledger does: post and take back awards, move points for exchanges, sweep lots, close a year.

Operations expect the partitions of the teachers they touch to be locked, and never commit.
"""

from points.accounts.operations.clearing import close, closed_partitions, sweep_next
from points.accounts.operations.holding import (
    awarded_in,
    burns_of,
    burnt_before,
    closed_years,
    dated_by,
    holdings,
    posted_as,
    standing_for,
    standing_on,
    standing_under,
    standing_until,
)
from points.accounts.operations.posting import append, post, restored, reviving, subject

__all__ = [
    "append",
    "awarded_in",
    "burns_of",
    "burnt_before",
    "close",
    "closed_partitions",
    "closed_years",
    "dated_by",
    "holdings",
    "post",
    "posted_as",
    "restored",
    "reviving",
    "standing_for",
    "standing_on",
    "standing_under",
    "standing_until",
    "subject",
    "sweep_next",
]
