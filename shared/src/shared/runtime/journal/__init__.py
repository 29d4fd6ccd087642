"""The journal (日志账): one mechanism for ledger, outbox, order, replay and proof.

A service writes its facts here, in the transaction of their effects, and nowhere else. The relay
publishes them, consumers of other services follow by position, projections are rebuilt from them.
"""

from shared.runtime.journal.entry import Draft, Entry, canonical, place_of
from shared.runtime.journal.journal import Journal
from shared.runtime.journal.layout import Layout
from shared.runtime.journal.projection import Projection

__all__ = ["Draft", "Entry", "Journal", "Layout", "Projection", "canonical", "place_of"]
