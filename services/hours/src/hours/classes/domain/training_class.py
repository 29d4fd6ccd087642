"""A class as it stands: proposed, approved, returned or refused, and whether its hours are held.

Who proposed it never decides on it: not the same office, and not the same account in another role.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hours.approvals.domain import is_meant
from hours.classes.domain.outline import Outline, Refused
from hours.records.domain.registration import OPERATOR
from shared.policy.names import caller_name
from shared.policy.sources import AnyHourSource
from shared.wording import Language, Named

State = Literal["proposed", "approved", "returned", "refused", "cancelled"]
Decision = Literal["approved", "returned", "refused"]
Level = Literal["province", "city", "district"]

STATE_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {},
    "zh": {
        "proposed": "待审批",
        "approved": "已批准",
        "returned": "已退回",
        "refused": "不予批准",
        "cancelled": "已取消",
    },
}

PROVIDER = "provider"
"""The kind of caller that hands in for who holds a class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingClass:
    """A class with everything that was decided on it."""

    number: str
    outline: Outline
    organiser: str
    """The organisation that holds it."""
    level: Level
    state: State
    proposed_by: str
    """The office, such as `centre:D01`."""
    accounts: frozenset[str]
    """Those from which it was proposed or its hours registered, as the issuer names them."""
    late: bool
    held: bool
    """Whether nothing is registered before its entry of an annual plan, or itself, is admitted (暂缓登记)."""
    reason: str
    """Of the last decision."""
    year: int
    """To which its hours belong."""
    awaits: str | None
    """The office that is to act on its results: recognise hours, or register them after a return."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who acts: a kind of caller, bound to a place such as `city:C01`."""

    kind: str
    place: str

    @property
    def name(self) -> str:
        """As the journal has it, such as `centre:C01`."""
        return f"{self.kind}:{self.place.partition(':')[2]}"

    @property
    def is_operator(self) -> bool:
        """Whether it acts for others."""
        return self.kind == OPERATOR


def holders(known: TrainingClass, source: AnyHourSource) -> frozenset[str]:
    """The offices that hold a class: who proposed it, and none other of the same place.

    Where the operator proposed it for a place, those are whoever registers there under the rule.
    """
    if known.proposed_by.startswith(f"{OPERATOR}:"):
        return frozenset(f"{kind}:{known.organiser}" for kind in source.registrars)
    return frozenset({known.proposed_by})


def is_held_by(known: TrainingClass, source: AnyHourSource, office: Office) -> bool:
    """Whether an office acts for who holds a class."""
    return office.is_operator or office.name in holders(known, source)


def may_assess(known: TrainingClass, source: AnyHourSource, office: Office) -> Refused | None:
    """Whether somebody says who was there and who passed: who holds it, or its provider.

    A role names a place and nobody in particular: the provider of a class that names one is whoever is
    bound as provider to the organisation that holds it.
    """
    provides = office.name == f"{PROVIDER}:{known.organiser}" and known.outline.provider
    return None if provides or is_held_by(known, source, office) else Refused("class.not_organiser")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """Who decides, on what and why."""

    office: Office
    account: str
    decision: Decision
    reason: str


def state_name(state: State) -> Named:
    """A state as a figure of a refusal."""
    return Named.of(STATE_NAMES, state)


def may_decide(known: TrainingClass, source: AnyHourSource, deciding: Deciding) -> Refused | None:
    """Whether this decision may be made now."""
    if known.state != "proposed":
        return Refused("class.decided", figures={"number": known.number, "state": state_name(known.state)})
    refused = may_approve(known, source, deciding)
    if refused is not None:
        return refused
    if known.late and deciding.decision == "approved" and not deciding.reason:
        return Refused("class.late", "/reason", {"opens": known.outline.opens})
    return None


def may_approve(known: TrainingClass, source: AnyHourSource, deciding: Deciding) -> Refused | None:
    """Whether somebody is an authority over a class: one that the rule names, and not its own side."""
    refused = None if deciding.office.is_operator else _approves(known, source, deciding.office)
    if refused is not None:
        return refused
    own = holders(known, source) | {known.proposed_by}
    if deciding.office.name in own or deciding.account in known.accounts:
        return Refused("class.own_proposal", figures={"number": known.number})
    return None


def may_cancel(known: TrainingClass, source: AnyHourSource, office: Office) -> Refused | None:
    """Whether somebody calls a class off: who holds it, or an authority that approves such classes."""
    return None if is_held_by(known, source, office) else _approves(known, source, office)


def _approves(known: TrainingClass, source: AnyHourSource, office: Office) -> Refused | None:
    """Whether an office is one that the rule names for classes of that level and form (分级审批)."""
    assert source.classes is not None, "the rule of a class says how it is approved"
    approvers = source.classes.approvers_of(known.level, known.outline.format)
    if any(is_meant(one, office.kind, office.place) for one in approvers):
        return None
    return Refused("class.not_approver", figures={"allowed": [caller_name(one) for one in approvers]})
