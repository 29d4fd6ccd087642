"""The answer to why (为什么) over HTTP: an entry, the rules that decided it, and the entries it rests on.

Figures come from the fact that was recorded, words and clause from the version of the pack that its entry
names, so the two cannot disagree, and the answer never changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from shared.access import Caller, Reach
from shared.adoptions.operations import Adoptions
from shared.policy.explain import Explanation, cited
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError, Language
from shared.runtime.journal import Entry, Journal

Explain = Callable[[Entry, Pack, Language], Explanation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainer:
    """What a service can explain: its journal, its rules, and how each type of entry is told."""

    journal: Journal
    adoptions: Adoptions
    explain: Mapping[str, Explain]

    async def why(
        self, tx: Transaction, reach: Reach, partition: int, seq: int, language: Language
    ) -> dict[str, Any]:
        """Explain one entry by its number; of a teacher out of reach, or withheld, it is as good as none.

        Raises:
            DomainError: `entry.unknown`, 404.
        """
        entry = None
        if partition in self.journal.layout.all and 0 < seq < 2**63:
            entry = await self.journal.read_entry(tx, partition, seq)
        if entry is None or entry.type not in self.explain:
            raise DomainError("entry.unknown")
        await reach.hold(tx, _teacher_of(entry), DomainError("entry.unknown"))
        told = await self._told(tx, reach.caller, entry, language)
        if told is None:
            raise DomainError("entry.unknown")
        return told

    async def _told(
        self, tx: Transaction, caller: Caller, entry: Entry, language: Language
    ) -> dict[str, Any] | None:
        """An entry explained; None where it is withheld from the caller."""
        pack = await self.adoptions.under(tx, entry.policy)
        explanation = self.explain[entry.type](entry, pack, language)
        if explanation.acts and not any(map(caller.may, explanation.acts)):
            return None
        because = [await self._ground(tx, caller, entry, event, language) for event in explanation.because]
        return {
            "entry": entry.id,
            "type": entry.type,
            "subject": entry.subject,
            "effective_at": entry.effective_at,
            "recorded_at": entry.recorded_at,
            "policy": entry.policy,
            "rules": [cited(pack, rule) for rule in explanation.rules],
            "inputs": explanation.inputs,
            "arithmetic": explanation.arithmetic,
            "words": explanation.words,
            "because": because,
        }

    async def _ground(
        self, tx: Transaction, caller: Caller, entry: Entry, event: str, language: Language
    ) -> dict[str, Any]:
        """What an entry rests on: told as well where it is ours and the caller's to know, else named."""
        source, partition, seq = event.split("/")
        found = told = None
        if source == entry.source:
            found = await self.journal.read_entry(tx, int(partition), int(seq))
        if found is not None and found.type in self.explain:
            told = await self._told(tx, caller, found, language)
        return told or {"entry": event}


def _teacher_of(entry: Entry) -> str | None:
    """Whose an entry is: the teacher who is its subject or stands in its data; None where it is nobody's."""
    kind, _, name = entry.subject.partition(":")
    return name if kind == "teacher" else entry.parse(_OfTeacher).teacher


class _OfTeacher(msgspec.Struct, frozen=True):
    """As much of an entry as says whose it is."""

    teacher: str | None = None
