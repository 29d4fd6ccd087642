"""What exchanges do: decide requests, take the answers of `hours`, call hours back.

The teacher's partition is locked before anything is read that a decision rests on.
"""

from points.exchanges.operations.answering import Answer, answer_all
from points.exchanges.operations.deciding import Conflicting, Decided, Outcome, decide_all
from points.exchanges.operations.recalling import recall_for
from points.exchanges.operations.requested import requested_in

__all__ = [
    "Answer",
    "Conflicting",
    "Decided",
    "Outcome",
    "answer_all",
    "decide_all",
    "recall_for",
    "requested_in",
]
