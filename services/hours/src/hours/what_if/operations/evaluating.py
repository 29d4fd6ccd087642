"""Counting some teachers' years by a draft, on what stands in the ledger. Nothing is written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from hours.ledger import operations as ledger
from hours.ledger.domain.claim import Claim
from hours.records import operations as records
from hours.settings import Context
from hours.what_if.domain.recount import Fact, Recounted, recount, years_cut_with
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A draft, the years over which it is evaluated, and exchanges that stand otherwise under it."""

    draft: Pack
    years: Sequence[int]
    exchanged: Mapping[str, Mapping[str, Claim]]
    """By teacher and ground."""


async def evaluate(
    tx: Transaction, context: Context, question: Question, teachers: Sequence[str]
) -> list[Recounted]:
    """Each teacher's years by the rules in force and by the draft, in order.

    Raises: DomainError `year.not_recorded`.
    """
    years = set(question.years)
    if not any([await ledger.posted_in(tx, year) for year in question.years]):
        raise DomainError.at("/year", "year.not_recorded", year=question.years[-1])
    facts = await _facts(tx, context, question, teachers)
    deducted = await ledger.deducted_of(tx, list(product(teachers, years)))
    found: list[Recounted] = []
    for teacher in teachers:
        other = question.exchanged.get(teacher, {})
        in_force, drafted = (
            {ground: counted for ground, counted in count.items() if counted.year in years}
            for count in recount(facts[teacher], other, context.pack, question.draft)
        )
        taken = {year: deducted.get((teacher, year), ()) for year in years}
        found.append(Recounted(teacher=teacher, in_force=in_force, drafted=drafted, deducted=taken))
    return found


async def _facts(
    tx: Transaction, context: Context, question: Question, teachers: Sequence[str]
) -> Mapping[str, Sequence[Fact]]:
    """What stands of these years by teacher, and of others as far as caps of cycles cut them together."""
    years = set(question.years)
    beside = years_cut_with(years, context.pack, question.draft)
    lines = [
        line
        for line in await ledger.standing_of(tx, teachers, years.union(*beside.values()))
        if (account := line.claim.account).year in years or account.year in beside.get(account.rule, ())
    ]
    origins = [line.claim.origin for line in lines if line.claim.ground.startswith(RECORD)]
    contents = await records.contents(tx, context, origins)
    facts: dict[str, list[Fact]] = defaultdict(list)
    for line in lines:
        fact = Fact(line.claim, line.limit, contents.get(line.claim.origin))
        facts[line.claim.account.teacher].append(fact)
    return facts


RECORD = "record:"
"""How grounds of records begin."""
