"""What is done with records: registered, taken back, corrected."""

from hours.records.operations.correcting import Correction, correct, restored
from hours.records.operations.facts import known_of, standing_of
from hours.records.operations.history import Change, changes
from hours.records.operations.registering import (
    Outcome,
    Receipt,
    Weighed,
    account_of,
    content_of,
    find,
    proof_of,
    register,
    register_filed,
    registered,
    standing,
    weigh,
)
from hours.records.operations.reversing import Reversal, contents, entries_of, entry_of, reverse
from hours.records.operations.rules import rule_for, rule_in_force
from hours.records.operations.scrutinising import Scrutiny, scrutinise
from hours.records.store.records import ON_FILE, Kept, Sum, load_firsts, sum_by_matter
from hours.records.store.topics import WHOSE, TopicCount, TopicsAsked, load_offered

__all__ = [
    "ON_FILE",
    "WHOSE",
    "Change",
    "Correction",
    "Kept",
    "Outcome",
    "Receipt",
    "Reversal",
    "Scrutiny",
    "Sum",
    "TopicCount",
    "TopicsAsked",
    "Weighed",
    "account_of",
    "changes",
    "content_of",
    "contents",
    "correct",
    "entries_of",
    "entry_of",
    "find",
    "known_of",
    "load_firsts",
    "load_offered",
    "proof_of",
    "register",
    "register_filed",
    "registered",
    "restored",
    "reverse",
    "rule_for",
    "rule_in_force",
    "scrutinise",
    "standing",
    "standing_of",
    "sum_by_matter",
    "weigh",
]
