"""An organisation (机构) and where it may stand: each below one of a higher level, inside its division.

A school lies in the division of what it stands below and has none of its own, so it stays where it is when
the division's code changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args

from shared.identifiers import credit_code, division, school_code
from shared.wording import Language, Named, Phrase

Level = Literal["province", "city", "district", "school"]
LEVELS: Sequence[Level] = get_args(Level)
"""From the top of the tree down."""


MATTER_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {},
    "zh": {
        "transfer": "调动",
        "plan": "校本研修计划",
        "class": "培训班",
        "swap": "学员更换",
        "declaration": "学时申报",
        "course": "课程",
    },
}
"""Kinds of matters that may await a body at an organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One organisation as it stands. Codes that it does not have are empty."""

    organisation: str
    level: Level
    name: str
    parent: str
    division: str
    """GB/T 2260."""
    school_code: str
    credit_code: str
    """GB 32100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abolished:
    """An organisation that is no more (撤销)."""

    organisation: str
    until: date
    """The first day on which it is no more."""
    successor: str
    """Empty where none is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An organisation as it is to stand, since when its division has that code as is said today."""

    organisation: Organisation
    since: date | None
    """None where nothing is said of it."""
    today: date


@dataclass(frozen=True, slots=True)
class Held:
    """A code that a division has or had, and its first day."""

    division: str
    since: date


def with_code(held: Sequence[Held], code: Held) -> list[Held]:
    """The codes of a division with one more: it corrects the last one of the same code or day."""
    kept = list(held)
    if kept and kept[-1].division == code.division:
        kept.pop()
    if kept and kept[-1].since == code.since:
        kept.pop()
    return [*kept, code]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an organisation cannot stand like that: the place in the row, a code, figures for the words."""

    path: str
    code: str
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Tree:
    """What a change of the tree is judged by; grows with what a batch accepts."""

    organisations: dict[str, Organisation]
    held: dict[str, list[Held]]
    """The codes of each division, in order; the last one holds."""
    school_codes: dict[str, str]
    """Whose a school code is or was."""
    credit_codes: dict[str, str]
    abolished: Mapping[str, Abolished] = field(default_factory=dict)
    """Those of the organisations that are no more."""

    def below(self, organisation: str) -> Iterable[Organisation]:
        """Who stands directly below an organisation, as far as it was loaded, and is still there."""
        return (
            one
            for name, one in self.organisations.items()
            if one.parent == organisation and name not in self.abolished
        )

    def known(self, one: Organisation) -> Held | None:
        """The code that a division is to have, where it has it already."""
        held = self.held.get(one.organisation)
        return held[-1] if held and held[-1].division == one.division else None

    def since(self, wanted: Wanted) -> date:
        """From which day on the code holds: as it is said, as it is known, or today."""
        known = self.known(wanted.organisation)
        return wanted.since or (known.since if known else wanted.today)

    def take(self, wanted: Wanted) -> None:
        """Let an organisation stand as it was judged."""
        one = wanted.organisation
        former = self.organisations.get(one.organisation)
        if former is not None:
            self.credit_codes.pop(former.credit_code, None)
        self.organisations[one.organisation] = one
        if one.division:
            code = Held(one.division, self.since(wanted))
            self.held[one.organisation] = with_code(self.held.get(one.organisation, []), code)
        if one.school_code:
            self.school_codes[one.school_code] = one.organisation
        if one.credit_code:
            self.credit_codes[one.credit_code] = one.organisation


def judge(tree: Tree, wanted: Wanted) -> Refused | None:
    """Whether an organisation may stand in the tree as wanted; None where it may."""
    one = wanted.organisation
    before = tree.organisations.get(one.organisation)
    if before is not None and before.level != one.level:
        return Refused("/level", "organisation.level_fixed", {"level": before.level})
    for path, name in (("/organisation", one.organisation), ("/parent", one.parent)):
        if (gone := tree.abolished.get(name)) is not None:
            return Refused(path, "organisation.abolished", {"organisation": name, "until": gone.until})
    return _place(tree, one) or _division(tree, wanted) or _codes(tree, one)


def _place(tree: Tree, one: Organisation) -> Refused | None:
    if one.level == LEVELS[0]:
        return Refused("/parent", "organisation.parent_not_allowed") if one.parent else None
    parent = tree.organisations.get(one.parent)
    if parent is None:
        return Refused("/parent", "organisation.parent_unknown", {"parent": one.parent})
    if LEVELS.index(parent.level) >= LEVELS.index(one.level):
        return Refused("/parent", "organisation.parent_level", {"parent": parent.level, "level": one.level})
    return None


def _division(tree: Tree, wanted: Wanted) -> Refused | None:
    one = wanted.organisation
    if one.level == "school":
        return Refused("/division", "division.not_of_school") if one.division else None
    if division.level_of(one.division) != one.level:
        return Refused("/division", "division.invalid", {"level": one.level})
    if one.parent and not division.inside(one.division, tree.organisations[one.parent].division):
        outer = tree.organisations[one.parent].division
        return Refused("/division", "division.outside_parent", {"division": one.division, "outer": outer})
    return _since(tree, wanted) or _left_out(tree, one)


def _since(tree: Tree, wanted: Wanted) -> Refused | None:
    """A code begins on a day that has come, and not before the one that it follows."""
    one, since = wanted.organisation, tree.since(wanted)
    known = tree.known(one)
    if known and known.since == since:
        return None
    if since > wanted.today:
        return Refused("/division_since", "division.in_future", {"since": since, "today": wanted.today})
    held = tree.held.get(one.organisation, [])
    followed = held[:-1] if known else held
    if followed and since < followed[-1].since:
        return Refused("/division_since", "division.before_last", {"since": followed[-1].since})
    return None


def _left_out(tree: Tree, one: Organisation) -> Refused | None:
    left = [
        below.organisation
        for below in tree.below(one.organisation)
        if below.division and not division.inside(below.division, one.division)
    ]
    return Refused("/division", "division.leaves_out", {"left": sorted(left)}) if left else None


def _codes(tree: Tree, one: Organisation) -> Refused | None:
    return _credit_code(tree, one) or (_school_code(tree, one) if one.school_code else None)


def _credit_code(tree: Tree, one: Organisation) -> Refused | None:
    if one.credit_code and not credit_code.is_credit_code(one.credit_code):
        return Refused("/credit_code", "credit_code.invalid")
    if tree.credit_codes.get(one.credit_code, one.organisation) != one.organisation:
        return Refused("/credit_code", "credit_code.taken", {"credit_code": one.credit_code})
    return None


def _school_code(tree: Tree, one: Organisation) -> Refused | None:
    if one.level != "school":
        return Refused("/school_code", "school_code.not_a_school")
    if not school_code.is_school_code(one.school_code):
        return Refused("/school_code", "school_code.invalid")
    province = division.province_of(tree.organisations[one.parent].division)
    if school_code.province_of(one.school_code) != province:
        return Refused("/school_code", "school_code.other_province", {"province": province})
    if tree.school_codes.get(one.school_code, one.organisation) != one.organisation:
        return Refused("/school_code", "school_code.taken", {"school_code": one.school_code})
    return None


def told(awaiting: Mapping[str, int]) -> list[Phrase]:
    """How many matters of which kind, in words."""
    return [
        Phrase("{kind}: {count}", {"kind": Named.of(MATTER_NAMES, kind), "count": count})
        for kind, count in awaiting.items()
    ]
