"""Caps (最高登记学时): hours over a cap are kept and not counted; a cap is cut in order of registration.

The cap of a rule holds for a teacher and a calendar year; the exchange has one for each category. Rules
have caps of their own: exchanged hours do not use up the cap of a studio (I-18). A claim is cut under the cap
of the version of the rules under which it was registered: one that changes takes nothing and gives nothing.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from hours.ledger.domain.amount import ZERO, exact
from hours.ledger.domain.claim import Account, Claim, Cut
from shared.policy.pack import HigherQualification, Pack

CAP_REACHED = "cap.reached"


def cap_of(pack: Pack, account: Account) -> Decimal | None:
    """Hours that may count in this account; None where the rule states no limit."""
    if pack.exchange is not None and account.rule == pack.exchange.id:
        return exact(pack.targets.get(account.category, 0))
    source = next(rule for rule in pack.hours if rule.id == account.rule)
    if isinstance(source, HigherQualification) and source.cap is None:
        return exact(source.hours)
    return None if source.cap is None else exact(source.cap)


def cut(claims: Iterable[tuple[Claim, Decimal | None]]) -> Iterator[Cut]:
    """Cut claims of one account, given in order of registration, each under its cap."""
    before = ZERO
    for claim, cap in claims:
        counted = claim.hours if cap is None else min(claim.hours, max(cap - before, ZERO))
        over_cap = claim.hours - counted
        yield Cut(
            counted=counted,
            over_cap=over_cap,
            before=before,
            reason=CAP_REACHED if over_cap else claim.reason,
        )
        before += counted


def left(counted: Iterable[Decimal], cap: Decimal) -> Decimal:
    """What may still be registered before the cap is reached, beside what counts already."""
    return max(cap - sum(counted, ZERO), ZERO)
