"""Judging some teachers' year or cycle by a draft, on the hours that were heard. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.policy.categories import Hours
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.what_if.span import Spans
from verification.cycles import operations as cycles
from verification.cycles.domain.verdict import TeacherCycle
from verification.figures import operations as figures
from verification.figures.domain.hours import TeacherYear
from verification.judgements import operations as judgements
from verification.judgements.domain.assessment import Outcome
from verification.settings import Context
from verification.what_if.domain import AskedOfCycle, AskedOfYear, Compared, supposing


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A draft, the year or cycle over which it is evaluated, and hours that are supposed of some teachers."""

    draft: Pack
    year: int
    """The last one that is counted, where a cycle is asked for."""
    cycle: str | None
    spans: Spans
    """The years at which both sides look."""
    supposed: Mapping[TeacherYear, Hours]
    """What counts in these categories instead of what was recorded."""


async def evaluate(
    tx: Transaction, context: Context, question: Question, teachers: Sequence[str]
) -> list[Compared]:
    """Each teacher's year or cycle by the rules in force and by the draft, in order.

    Raises: DomainError `year.without_requirement`, `year.not_recorded`.
    """
    in_force, drafted = asked_by(context.pack, question), asked_by(question.draft, question)
    years = question.spans.until(question.year)
    if not any([await figures.heard_of(tx, year) for year in years]):
        raise DomainError.at("/year", "year.not_recorded", year=question.year)
    counted = await figures.load(tx, [TeacherYear(name, year) for name in teachers for year in years])
    verdicts = await _verdicts(tx, question, teachers)
    compared: list[Compared] = []
    for name in teachers:
        known = {year: counted[TeacherYear(name, year)] for year in years}
        supposed = {
            year: supposing(one, question.supposed.get(TeacherYear(name, year), {}))
            for year, one in known.items()
        }
        compared.append(
            Compared(
                teacher=name,
                verdict=verdicts.get(name),
                in_force=in_force.judge(known),
                drafted=drafted.judge(supposed),
            )
        )
    return compared


async def _verdicts(tx: Transaction, question: Question, teachers: Sequence[str]) -> dict[str, Outcome]:
    """The verdicts that stand: on the year, or on the cycle of the rules in force."""
    if question.cycle is not None:
        keys = [TeacherCycle(name, question.cycle, question.spans.in_force.first) for name in teachers]
        given = await cycles.verdicts(tx, keys)
        return {key.teacher: known.finding.outcome for key, known in given.items()}
    standing = await judgements.load(tx, [TeacherYear(name, question.year) for name in teachers])
    decisions = {key.teacher: judgement.decision for key, judgement in standing.items()}
    return {name: one.verdict.outcome for name, one in decisions.items() if one is not None}


def asked_by(pack: Pack, question: Question) -> AskedOfYear | AskedOfCycle:
    """What a pack asks of everybody, by a year or over a cycle that it is known to have.

    Raises: DomainError `year.without_requirement`.
    """
    year = question.year
    if question.cycle is not None:
        cycle = pack.cycle(question.cycle)
        assert cycle is not None, "a cycle without years is refused"
        return AskedOfCycle(year, cycle, pack.own_parts)
    found = pack.asked(year)
    if found is None:
        raise DomainError.at("/year", "year.without_requirement", year=year)
    return AskedOfYear(year, found)
