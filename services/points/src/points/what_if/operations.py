"""Evaluating a draft over what was recorded of some teachers' year. Everything is read, nothing written."""

from collections import defaultdict
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from points.accounts import operations as accounts
from points.accounts.domain.award import Standing
from points.accounts.domain.lot import Movement, expiry
from points.activities import operations as activities
from points.activities.domain.rulebook import Rulebook
from points.exchanges import operations as exchanges
from points.exchanges.domain.requested import Requested
from points.settings import Context
from points.what_if.domain.account import Earned
from points.what_if.domain.comparison import Compared, Facts, Rules, compare
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A draft, the year over which it is evaluated, and by when points are lost that expired."""

    draft: Pack
    year: int
    at: datetime


async def evaluate(
    tx: Transaction, context: Context, question: Question, teachers: Sequence[str]
) -> list[Compared]:
    """Each teacher's year by the rules in force and by the draft, in order.

    Raises: DomainError `year.not_recorded`.
    """
    year = question.year
    if not await accounts.awarded_in(tx, year):
        raise DomainError.at("/year", "year.not_recorded", year=year)
    standing = await accounts.standing_until(tx, teachers, year)
    earlier, in_force = _earned(standing, range(year)), _earned(standing, [year])
    draft = await _drafted(tx, context, question, teachers)
    burnt: dict[str, list[tuple[datetime, Movement]]] = defaultdict(list)
    for (teacher, expires_at), movement in await accounts.burnt_before(tx, teachers, year):
        burnt[teacher].append((expires_at, movement))
    requests: dict[str, list[Requested]] = defaultdict(list)
    for request in await exchanges.requested_in(tx, teachers, year):
        requests[request.teacher].append(request)
    return [
        compare(
            Facts(
                teacher=teacher,
                earlier=earlier[teacher],
                burnt=burnt[teacher],
                requests=requests[teacher],
                at=question.at,
            ),
            Rules(pack=context.pack, earned=in_force[teacher]),
            Rules(pack=question.draft, earned=draft[teacher]),
        )
        for teacher in teachers
    ]


def _earned(standing: Sequence[Standing], years: Container[int]) -> dict[str, list[Earned]]:
    """Awards as they stand, by teacher."""
    found: dict[str, list[Earned]] = defaultdict(list)
    for award in standing:
        if award.year in years:
            found[award.teacher].append(Earned(award.rule, award.at, award.expires_at, award.points))
    return found


async def _drafted(
    tx: Transaction, context: Context, question: Question, teachers: Collection[str]
) -> dict[str, list[Earned]]:
    """Awards as the draft grants them, by teacher."""
    draft = question.draft
    found: dict[str, list[Earned]] = defaultdict(list)
    for claim, points in await activities.granted_in(tx, _under(context, draft), teachers, question.year):
        at = claim.moment.at
        found[claim.teacher].append(Earned(claim.rule, at, expiry(draft.expired_by, at, draft.years), points))
    return found


def _under(context: Context, draft: Pack) -> Context:
    """The context in which the draft is the pack, under a name under which no state of an object is kept."""
    unkept = structs.replace(draft, pack=structs.replace(draft.pack, id=f"draft of {draft.pack.id}"))
    return Context(
        journal=context.journal,
        book=Rulebook(unkept),
        adoptions=context.adoptions,
        explain=context.explain,
    )
