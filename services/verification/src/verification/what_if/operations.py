"""Judging some teachers' year by a draft, on the hours that were heard. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.policy.categories import Hours
from shared.policy.pack import Pack
from shared.policy.requirement import Asked
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from verification.figures import operations as figures
from verification.figures.domain.hours import TeacherYear
from verification.judgements import operations as judgements
from verification.settings import Context
from verification.what_if.domain import Compared, judged, supposing


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A draft, the year over which it is evaluated, and hours that are supposed of some teachers."""

    draft: Pack
    year: int
    supposed: Mapping[str, Hours]
    """By teacher; what counts in these categories instead of what was recorded."""


async def evaluate(
    tx: Transaction, context: Context, question: Question, teachers: Sequence[str]
) -> list[Compared]:
    """Each teacher's year by the rules in force and by the draft, in order.

    Raises: DomainError `year.without_requirement`, `year.not_recorded`.
    """
    year = question.year
    in_force, drafted = asked_of(context.pack, year), asked_of(question.draft, year)
    if not await figures.heard_of(tx, year):
        raise DomainError.at("/year", "year.not_recorded", year=year)
    keys = [TeacherYear(teacher, year) for teacher in teachers]
    counted, standing = await figures.load(tx, keys), await judgements.load(tx, keys)
    compared: list[Compared] = []
    for key in keys:
        known, judgement = counted[key], standing.get(key)
        decision = None if judgement is None else judgement.decision
        supposed = supposing(known, question.supposed.get(key.teacher, {}))
        compared.append(
            Compared(
                teacher=key.teacher,
                verdict=None if decision is None else decision.verdict.outcome,
                in_force=judged(known.figures, in_force, known.waived),
                drafted=judged(supposed, drafted, known.waived),
            )
        )
    return compared


def asked_of(pack: Pack, year: int) -> Asked:
    """What a year asks of everybody.

    Raises: DomainError `year.without_requirement`.
    """
    found = pack.asked(year)
    if found is None:
        raise DomainError.at("/year", "year.without_requirement", year=year)
    return found
