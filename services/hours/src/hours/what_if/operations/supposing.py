"""Supposing more hours of one teacher's year, on what the outlook knows of it. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hours.ledger import operations as ledger
from hours.ledger.domain.cap import limit_of
from hours.ledger.domain.claim import UNLIMITED, Account
from hours.outlook import operations as outlook
from hours.outlook.domain.outlook import Outlook
from hours.records.domain.conversion import choice_name, expected
from hours.records.domain.judge import find_rule
from hours.records.domain.registration import Refused
from hours.roster.operations import rows as roster
from hours.settings import Context
from hours.what_if.domain.wishes import Limits, Supposed, Wish, count, supposed
from shared.policy.pack import Pack
from shared.policy.sources import AnyHourSource
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whose year, by when it is asked, and what is wished for it, in order."""

    teacher: str
    year: int
    at: datetime
    wishes: Sequence[Wish]


def rule_of(pack: Pack) -> str:
    """The rule of exchanges; empty where points become no hours."""
    return "" if pack.exchange is None else pack.exchange.id


def source_of(pack: Pack, rule: str, path: str) -> AnyHourSource:
    """The rule under which hours would be earned.

    Raises: DomainError `rule.unknown`, `rule.disabled`.
    """
    found = find_rule(pack, rule)
    if isinstance(found, Refused):
        raise DomainError.at(path, found.code, rule=rule)
    return found


def worth(pack: Pack, source: AnyHourSource, hours: Decimal, mode: str, path: str) -> Decimal:
    """What hours of a form of training would come to, in the unit of the pack.

    Raises: DomainError `mode.missing`, `mode.unknown`.
    """
    conversion, mode = pack.conversion_of(source), mode or source.mode or ""
    if conversion is not None:
        known = [one for one in conversion.factors if source.mode in (None, one.id)]
        if mode not in {one.id for one in known}:
            names = [choice_name(one) for one in known]
            raise DomainError.at(path, "mode.unknown" if mode else "mode.missing", mode=mode, modes=names)
    return expected(pack, source.id, hours, mode)


async def suppose(tx: Transaction, context: Context, question: Question) -> Supposed:
    """Count wishes on top of what stands.

    Raises: DomainError `teacher.not_listed`, `year.without_requirement`.
    """
    stands = await outlook.look(tx, context, question.teacher, question.year, question.at)
    limits = await _limits(tx, context, stands, question.wishes)
    counted = list(count(question.wishes, limits))
    return supposed(stands, counted, context.pack.own_parts)


async def _limits(tx: Transaction, context: Context, stands: Outlook, wishes: Sequence[Wish]) -> Limits:
    """What the year has room for, as far as the wishes ask for it."""
    pack, offer, teacher = context.pack, stands.offer, stands.teacher
    exchange = rule_of(pack)
    earned = {wish.rule: wish.category for wish in wishes if wish.kind == "earn"}
    accounts = [
        Account(teacher=teacher, year=stands.year, rule=rule, category=category)
        for rule, category in earned.items()
    ]
    capped = [account for account in accounts if limit_of(pack, account) != UNLIMITED]
    room = await ledger.room_left(tx, context, capped)
    vocational = (await roster.find(tx, [teacher]))[teacher].vocational
    return Limits(
        closed=stands.phase == "closed",
        exchanging=offer.first is not None,
        affordable=offer.hours,
        left={
            **{(account.rule, account.category): hours for account, hours in room.items()},
            **{(exchange, category): hours for category, hours in offer.left.items()},
        },
        barred=frozenset(source.id for source in pack.hours if source.vocational_only and not vocational),
    )
