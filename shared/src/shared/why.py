"""The answer to why (为什么) over HTTP: an entry, the rules that decided it, and the entries it rests on.

Figures come from the fact that was recorded, words and clause from the pack, so the two cannot disagree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from shared.access import Reach
from shared.policy.explain import Explanation, ground
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError, Language
from shared.runtime.journal import Entry, Journal

Explain = Callable[[Entry, Pack, Language], Explanation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainer:
    """What a service can explain: its journal, its rules, and how each type of entry is told."""

    journal: Journal
    pack: Pack
    explain: Mapping[str, Explain]

    async def why(
        self, tx: Transaction, reach: Reach, partition: int, seq: int, language: Language
    ) -> dict[str, Any]:
        """Explain one entry by its number; one of a teacher who is out of reach is as good as none.

        Raises:
            DomainError: `entry.unknown`, 404.
        """
        entry = None
        if partition in self.journal.layout.all and 0 < seq < 2**63:
            entry = await self.journal.read_entry(tx, partition, seq)
        if entry is None or entry.type not in self.explain:
            raise DomainError("entry.unknown")
        await reach.hold(tx, _teacher_of(entry), DomainError("entry.unknown"))
        return await self._told(tx, entry, language)

    async def _told(self, tx: Transaction, entry: Entry, language: Language) -> dict[str, Any]:
        explanation = self.explain[entry.type](entry, self.pack, language)
        return {
            "entry": entry.id,
            "type": entry.type,
            "subject": entry.subject,
            "effective_at": entry.effective_at,
            "recorded_at": entry.recorded_at,
            "policy": entry.policy,
            "rules": [ground(self.pack, rule) for rule in explanation.rules],
            "inputs": explanation.inputs,
            "arithmetic": explanation.arithmetic,
            "words": explanation.words,
            "because": [await self._ground(tx, entry, event, language) for event in explanation.because],
        }

    async def _ground(self, tx: Transaction, entry: Entry, event: str, language: Language) -> dict[str, Any]:
        """What an entry rests on: told as well where it is ours, else named."""
        source, partition, seq = event.split("/")
        found = None
        if source == entry.source:
            found = await self.journal.read_entry(tx, int(partition), int(seq))
        if found is None or found.type not in self.explain:
            return {"entry": event}
        return await self._told(tx, found, language)


def _teacher_of(entry: Entry) -> str | None:
    """Whose an entry is: the teacher who is its subject or stands in its data; None where it is nobody's."""
    kind, _, name = entry.subject.partition(":")
    return name if kind == "teacher" else entry.parse(_OfTeacher).teacher


class _OfTeacher(msgspec.Struct, frozen=True):
    """As much of an entry as says whose it is."""

    teacher: str | None = None
