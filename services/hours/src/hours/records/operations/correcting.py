"""Correcting a record (更正, I-11): reversed and registered anew, both or neither."""

from dataclasses import dataclass, replace
from datetime import datetime

from hours.records.domain.entries import RecordRegistered
from hours.records.domain.registration import Filing, Registrar, Registration
from hours.records.operations.registering import Receipt, register
from hours.records.operations.reversing import Reversal, reverse
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A record is to stand as it should have been registered."""

    original: Entry
    """`record.registered.v1` of the record as it is."""
    corrected: Registration
    reason: str
    corrector: Registrar
    account: str
    """The token's subject."""
    at: datetime
    restores: Entry | None = None
    """On appeal the `record.registered.v1` whose content is given back; who decides recognises it."""


async def correct(tx: Transaction, context: Context, wanted: Correction) -> Receipt:
    """Take a record back and register it anew; the registrar, the recogniser, the matter and files stay.

    The caller has to be somebody who may take both back: as it was, and as it is to be. On appeal nobody is
    asked: whoever decides has no hand in either, and content that a plan gave before is given back.

    Raises:
        DomainError: `correction.other_teacher`, `plan.result_registered`, `record.conflict`, what a reversal
            is refused with, or what the new record is refused with; nothing is written then.
    """
    fact = wanted.original.parse(RecordRegistered)
    if wanted.corrected.teacher != fact.teacher:
        raise DomainError.at("/teacher", "correction.other_teacher", teacher=fact.teacher)
    if fact.matter.startswith("plan:") and wanted.restores is None:  # its results say what was approved
        raise DomainError("plan.result_registered", teacher=fact.teacher, record=fact.record)
    reversal = Reversal(
        record=fact.record,
        reason=wanted.reason,
        registrar=wanted.corrector,
        at=wanted.at,
        replacement=wanted.corrected.record,
        account=wanted.account,
        authorised=wanted.restores is not None,
    )
    await reverse(tx, context, reversal)
    corrected = replace(wanted.corrected, files=tuple(fact.files))
    filing = _filing(fact, wanted)
    (outcome,) = await register(tx, context, filing, [corrected], wanted.at)
    if isinstance(outcome, DomainError):
        raise outcome
    if outcome.replayed:
        raise DomainError("record.conflict", record=corrected.record)
    return outcome


def restored(original: Entry, recogniser: str, account: str) -> Filing:
    """How a record that was taken back is registered anew: by who registered it, in time if it was then."""
    fact = original.parse(RecordRegistered)
    return Filing(
        registrar=_registrar(fact),
        recogniser=recogniser,
        matter=fact.matter,
        handed_in=fact.handed_in or original.recorded_at,
        restores=fact.record,
        account=account,
        accounts=_accounts(fact),
    )


def _filing(fact: RecordRegistered, wanted: Correction) -> Filing:
    if wanted.restores is None:
        filing = Filing(
            registrar=_registrar(fact),
            recogniser=fact.recogniser,
            matter=fact.matter,
            accounts=_accounts(fact),
        )
    else:
        filing = restored(wanted.restores, wanted.corrector.name, wanted.account)
    return replace(filing, corrects=wanted.original.id, corrector=wanted.corrector, account=wanted.account)


def _accounts(fact: RecordRegistered) -> frozenset[str]:
    return frozenset({fact.account, *fact.accounts} - {""})


def _registrar(fact: RecordRegistered) -> Registrar:
    kind, _, identity = fact.registrar.partition(":")
    return Registrar(kind=kind, id=identity)
