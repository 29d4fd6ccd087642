"""Caps (最高登记学时): what lies over a cap is kept and not counted; a cap is cut in order of registration.

The cap of a rule holds for a teacher and a calendar year; the exchange has one for each category. Rules
have caps of their own: exchanged hours do not use up the cap of a studio (I-18). A rule may have one for a
cycle of years as well (周期最高), which cuts what the year's own has left. A claim is cut under the caps of
the version of the rules under which it was registered: one that changes takes nothing and gives nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from hours.ledger.domain.amount import ZERO, exact
from hours.ledger.domain.claim import UNLIMITED, Account, Claim, Cut, CycleLimit, Limit
from shared.policy.pack import Pack
from shared.policy.sources import AnyHourSource, HigherQualification

CAP_REACHED = "cap.reached"
CYCLE_CAP_REACHED = "cycle_cap.reached"
BY_CAPS = frozenset({CAP_REACHED, CYCLE_CAP_REACHED})
"""Reasons that caps give, whatever a claim's own is."""


def limit_of(pack: Pack, account: Account) -> Limit:
    """What may count in this account; rules that do not have its rule cut nothing."""
    if pack.exchange is not None and account.rule == pack.exchange.id:
        return Limit(exact(pack.targets.get(account.category, 0)))
    source = pack.source(account.rule)
    return UNLIMITED if source is None else Limit(_of_year(source), _of_cycle(pack, source, account.year))


def _of_year(source: AnyHourSource) -> Decimal | None:
    if isinstance(source, HigherQualification) and source.cap is None:
        return exact(source.hours)
    return None if source.cap is None else exact(source.cap)


def _of_cycle(pack: Pack, source: AnyHourSource, year: int) -> CycleLimit | None:
    """The cap of the cycle in which a year lies; None where the source speaks of none."""
    cap = source.cycle_cap
    cycle = None if cap is None else pack.cycle(cap.cycle)
    span = None if cycle is None else cycle.span(year)
    return None if cap is None or span is None else CycleLimit(exact(cap.most), span)


def cut(claims: Iterable[tuple[Claim, Limit]]) -> Iterator[Cut]:
    """Cut claims of one account, or of a pool, given in order of registration, each under its limit."""
    counted: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for claim, limit in claims:
        year = claim.account.year
        result = _cut(claim, limit, counted[year], counted)
        counted[year] += result.counted
        yield result


def _cut(claim: Claim, limit: Limit, before: Decimal, counted: Mapping[int, Decimal]) -> Cut:
    of_year = _at_most(claim.hours, limit.year, before)
    in_cycle = None if limit.cycle is None else _within(counted, limit.cycle)
    of_cycle = of_year if limit.cycle is None else _at_most(of_year, limit.cycle.most, in_cycle or ZERO)
    over_cap = claim.hours - of_cycle
    reason = CAP_REACHED if over_cap else claim.reason
    return Cut(
        counted=of_cycle,
        over_cap=over_cap,
        before=before,
        in_cycle=in_cycle,
        reason=CYCLE_CAP_REACHED if of_cycle < of_year else reason,
    )


def _at_most(amount: Decimal, cap: Decimal | None, before: Decimal) -> Decimal:
    return amount if cap is None else min(amount, max(cap - before, ZERO))


def _within(counted: Mapping[int, Decimal], cycle: CycleLimit) -> Decimal:
    return sum((amount for year, amount in counted.items() if year in cycle.span.years), ZERO)


def left(counted: Mapping[int, Decimal], year: int, limit: Limit) -> Decimal:
    """What may still be registered of a year that has a limit, beside what counts already by year."""
    rooms = [] if limit.year is None else [limit.year - counted.get(year, ZERO)]
    if limit.cycle is not None:
        rooms.append(limit.cycle.most - _within(counted, limit.cycle))
    return max(min(rooms), ZERO)
