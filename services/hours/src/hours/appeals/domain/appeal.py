"""How far an appeal is, and who may do what to it.

Whoever had a hand in a matter does not decide on it again, by role and by account: a second reviewer does.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hours.declarations.domain.declaration import Actor
from hours.records.domain.numbers import made

State = Literal["open", "granted", "rejected", "withdrawn"]
DECIDERS = frozenset({"city", "education"})
"""Kinds of caller that decide on appeals."""

SEALED = "waiver:"
"""How matters begin that stay sealed: that there is one is not for everybody who sees appeals."""
SEES_SEALED = frozenset({"waiver.read", "appeal.decide"})
"""Acts any of which lets somebody know of an appeal about such a matter."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Who had a hand in a matter."""

    callers: frozenset[str]
    accounts: frozenset[str]

    def includes(self, actor: Actor) -> bool:
        """Whether somebody is one of them, in any role."""
        return actor.name in self.callers or actor.account in self.accounts

    def joined(self, callers: Collection[str], accounts: Collection[str]) -> "Hands":
        """These and others."""
        return Hands(self.callers | set(callers), self.accounts | set(accounts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What may be appealed against: a decision of the rooms below, such as a refusal or a reversal."""

    subject: str
    teacher: str
    rule: str
    held: frozenset[str]
    """Subjects that are locked together with the appeal, so that it can be granted."""
    decision: str
    """The entry of the decision."""
    by: str
    """Who made it."""
    at: datetime
    hands: Hands
    parties: frozenset[str] = frozenset()
    """Callers that alone may appeal; empty: whoever files for the teacher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """An appeal as it stands."""

    appeal: str
    teacher: str
    matter: str
    rule: str
    against: str
    """The entry of the decision."""
    by: str
    """Who filed it."""
    filed_at: datetime
    files: list[str]
    hands: Hands
    """Everybody who does not decide on it; once it is decided, who did as well."""
    state: State
    entry: str
    """The filing's."""
    over_at: datetime | None
    decided_by: str | None
    record: str | None
    """Under which its hours are registered, once it was granted."""

    @property
    def subject(self) -> str:
        """What the journal calls it."""
        return subject(self.appeal)


def subject(appeal: str) -> str:
    """What the journal calls an appeal."""
    return f"appeal:{appeal}"


def record_of(appeal: str) -> str:
    """The number under which an appeal registers the content of a reversed record anew."""
    return made("appeal", appeal)


def may_appeal(matter: Matter, actor: Actor) -> bool:
    """Whether somebody may appeal: not against their own doing, nor the teacher's."""
    return matter.by not in {actor.name, f"teacher:{matter.teacher}"}


def is_party(matter: Matter, actor: Actor) -> bool:
    """Whether a matter is somebody's business: of a waiver only who knows its ground appeals."""
    return not matter.parties or actor.name in matter.parties


def is_sealed(matter: str) -> bool:
    """Whether what is written about a matter is kept under keys, as the ground of a waiver is."""
    return matter.startswith(SEALED)


def may_decide(appeal: Appeal, actor: Actor) -> bool:
    """Whether somebody of a kind that decides had no hand in it."""
    return actor.kind in DECIDERS and not appeal.hands.includes(actor)


def may_read_ground(appeal: Appeal, actor: Actor) -> bool:
    """Whether somebody is shown why a waiver was asked for: who may decide, and as long as that is open."""
    return appeal.state == "open" and may_decide(appeal, actor)


def may_read_words(appeal: Appeal, actor: Actor) -> bool:
    """Whether somebody is shown the grounds, which may be about health: the parties, and those who decide."""
    return actor.kind in DECIDERS or actor.name in {appeal.by, f"teacher:{appeal.teacher}"}
