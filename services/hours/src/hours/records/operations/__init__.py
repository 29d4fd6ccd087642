"""What is done with records: registered, taken back, corrected."""

from hours.records.operations.correcting import Correction, correct
from hours.records.operations.registering import (
    Outcome,
    Receipt,
    content_of,
    find,
    proof_of,
    register,
    register_filed,
    registered,
    standing,
    weigh,
)
from hours.records.operations.reversing import Reversal, entry_of, reverse
from hours.records.operations.rules import rule_for
from hours.records.store import Kept, Sum, sum_by_matter

__all__ = [
    "Correction",
    "Kept",
    "Outcome",
    "Receipt",
    "Reversal",
    "Sum",
    "content_of",
    "correct",
    "entry_of",
    "find",
    "proof_of",
    "register",
    "register_filed",
    "registered",
    "reverse",
    "rule_for",
    "standing",
    "sum_by_matter",
    "weigh",
]
