"""Counting some teachers' year by a draft, on what stands in the ledger. Nothing is written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    """A draft, the year over which it is evaluated, and exchanges that stand otherwise under it."""

    draft: Pack
    year: int
    exchanged: Mapping[str, Mapping[str, Claim]]
    """By teacher and ground."""


async def evaluate(
    tx: Transaction, context: Context, question: Question, teachers: Sequence[str]
) -> list[Recounted]:
    """Each teacher's year by the rules in force and by the draft, in order.

    Raises: DomainError `year.not_recorded`.
    """
    year = question.year
    if not await ledger.posted_in(tx, year):
        raise DomainError.at("/year", "year.not_recorded", year=year)
    beside = years_cut_with(year, context.pack, question.draft)
    claims = [
        claim
        for claim in await ledger.claims_of(tx, teachers, {year}.union(*beside.values()))
        if claim.account.year == year or claim.account.year in beside.get(claim.account.rule, ())
    ]
    contents = await records.contents(
        tx, context, [claim.origin for claim in claims if claim.ground.startswith(RECORD)]
    )
    facts: dict[str, list[Fact]] = defaultdict(list)
    for claim in claims:
        facts[claim.account.teacher].append(Fact(claim, contents.get(claim.origin)))
    found: list[Recounted] = []
    for teacher in teachers:
        other = question.exchanged.get(teacher, {})
        counts = recount(facts[teacher], other, context.pack, question.draft)
        elsewhere = {fact.claim.ground for fact in facts[teacher] if fact.claim.account.year != year}
        in_force, drafted = (
            {ground: counted for ground, counted in count.items() if ground not in elsewhere}
            for count in counts
        )
        found.append(Recounted(teacher=teacher, in_force=in_force, drafted=drafted))
    return found


RECORD = "record:"
"""How grounds of records begin."""
