"""What verdicts do to stored hours: consumption, carry-over and expiry, stated whole and by difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hours.carryovers import store
from hours.carryovers.domain.consumption import Consumption, Verdict, changes, consume
from hours.ledger import operations as ledger
from hours.ledger.domain.amount import ZERO, exact
from hours.settings import Context
from shared.contracts.hours import HoursCarriedOver
from shared.policy.years import CarryOver
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict as heard, with the figures that it was given on; None where a pass was revoked."""

    teacher: str
    year: int
    verdict: Verdict
    figures: tuple[Decimal, Decimal] | None
    """Carried in, and the year's own of the category that carries."""
    at: datetime
    event: str


async def apply(tx: Transaction, context: Context, verdicts: Sequence[Judged]) -> None:
    """Bring consumption and carry-over up to these verdicts, in order."""
    teachers = {judged.teacher for judged in verdicts}
    await context.journal.lock(tx, {f"teacher:{teacher}" for teacher in teachers})
    standing = await store.load(tx, teachers)
    rule = context.pack.carried_by
    drafts: list[Draft] = []
    for judged in verdicts:
        of = (judged.teacher, judged.year)
        result = _result(rule, judged, standing.get(of))
        if changes(standing.get(of), result):
            drafts.append(_draft(context, judged, result))
            standing[of] = result
    await store.project(tx, await ledger.announce(tx, context, drafts))


async def outcomes(tx: Transaction, context: Context, teacher: str) -> dict[int, str]:
    """The last verdict on each year of a teacher, as far as one did something to hours."""
    entries = await context.journal.read_subject(tx, f"teacher:{teacher}", [store.CARRIED_OVER])
    return {
        fact.year: str(fact.basis["outcome"]) for entry in entries for fact in [entry.parse(HoursCarriedOver)]
    }


def _result(rule: CarryOver, judged: Judged, standing: Consumption | None) -> Consumption:
    """A revoked verdict names no figures: the carried hours are those that stood."""
    if judged.figures is None:
        carried_in, fresh = (standing or Consumption()).carried_in, ZERO
    else:
        carried_in, fresh = judged.figures
    return consume(
        verdict=judged.verdict, carried_in=carried_in, fresh=fresh, threshold=exact(rule.threshold)
    )


def _draft(context: Context, judged: Judged, result: Consumption) -> Draft:
    rule = context.pack.carried_by
    fact = HoursCarriedOver(
        teacher=judged.teacher,
        year=judged.year,
        to_year=judged.year + 1,
        category=rule.category,
        hours=result.carry_out,
        carried_in=result.carried_in,
        used_carried=result.used_carried,
        used_fresh=result.used_fresh,
        expired=result.expired,
        verdict=judged.event,
        basis={
            "rule": rule.id,
            "outcome": judged.verdict,
            "threshold": f"{rule.threshold:.2f}",
            "fresh": None if judged.figures is None else f"{judged.figures[1]:.2f}",
        },
    )
    return Draft(
        type=store.CARRIED_OVER,
        subject=f"teacher:{judged.teacher}",
        effective_at=judged.at,
        policy=context.pack.reference,
        data=fact,
    )
