"""Looking into a marked completion (核查): it is plausible after all, or its record is taken back.

Whoever stands above says so, whom the rule need not name, and never who registered it; no mark takes hours
away by itself.
"""

from dataclasses import dataclass
from datetime import datetime

from hours.records.domain.entries import AnomalyScrutinised, Conclusion
from hours.records.domain.registration import Registrar
from hours.records.operations.reversing import Reversal, hold, reverse
from hours.records.store import completions, projection
from hours.records.store.completions import Marked
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrutiny:
    """Somebody looked into a marked completion."""

    record: str
    conclusion: Conclusion
    reason: str
    scrutineer: Registrar
    account: str
    """The token's subject."""
    at: datetime


async def scrutinise(tx: Transaction, context: Context, wanted: Scrutiny) -> None:
    """Say what a marked completion is; one that was plausible may still be taken back.

    Raises:
        DomainError: `anomaly.unknown`, `anomaly.own`, `anomaly.scrutinised`, `year.closed`.
    """
    kept = await hold(tx, context, wanted.record)
    marked = await _marked(tx, wanted.record)
    if wanted.account in kept.accounts or wanted.scrutineer.name == kept.registrar:
        raise DomainError("anomaly.own", record=wanted.record)
    if wanted.conclusion == "taken_back":
        await reverse(tx, context, _reversal(wanted))
    elif marked.conclusion is not None:
        raise DomainError("anomaly.scrutinised", record=wanted.record)
    fact = AnomalyScrutinised(
        record=wanted.record,
        teacher=marked.teacher,
        conclusion=wanted.conclusion,
        reason=wanted.reason,
        because=kept.entry,
        by=wanted.scrutineer.name,
        account=wanted.account,
    )
    draft = Draft(
        type=projection.SCRUTINISED,
        subject=roster.subject(marked.teacher),
        effective_at=wanted.at,
        policy=context.pack.reference,
        data=fact,
    )
    await projection.project(tx, await context.journal.append(tx, [draft]))


async def _marked(tx: Transaction, record: str) -> Marked:
    marked = await completions.load_marked(tx, record)
    if marked is None:
        raise DomainError("anomaly.unknown", record=record)
    return marked


def _reversal(wanted: Scrutiny) -> Reversal:
    return Reversal(
        record=wanted.record,
        reason=wanted.reason,
        registrar=wanted.scrutineer,
        at=wanted.at,
        account=wanted.account,
        authorised=True,
    )
