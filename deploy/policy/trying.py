"""The worked examples of a pack, tried on the rules by which the services decide.

Nothing is computed here: records are judged as hours judges them, years as verification assesses them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import assert_never
from zoneinfo import ZoneInfo

from deploy.policy import given
from deploy.policy.certificates import certificate_pairs
from deploy.policy.classes import assessment_pairs, seat_pairs, submission_pairs
from deploy.policy.deductions import deduction_pairs
from deploy.policy.given import TEACHER, Pair
from deploy.policy.obligations import obligation_pairs
from hours.carryovers.domain.consumption import Consumption, consume
from hours.ledger.domain.cap import cut, limit_of
from hours.ledger.domain.claim import Account, Claim, Pool
from hours.records.domain.registration import Claimed, Granted, Obtained, Refused, Registration
from shared.cycles.standing import assess as assess_cycle
from shared.policy.categories import CARRIED_IN, ZERO, Item
from shared.policy.examples import (
    AnyExample,
    AssessmentExample,
    CertificateExample,
    CycleExample,
    DeductionsExample,
    ExampleRecord,
    ObligationExample,
    RecordsExample,
    SeatsExample,
    SubmissionExample,
    YearExample,
)
from shared.policy.pack import Pack
from shared.policy.shapes import Rule
from shared.policy.sources import HigherQualification
from verification.judgements.domain.assessment import assess, missing, outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """An example that does not hold."""

    key: str
    """Where it stands, such as `examples[3].counted`."""
    words: str
    wanted: str
    found: str


def try_examples(pack: Pack) -> Iterator[Wrong]:
    """Yield what does not come out as the examples of a pack say."""
    for index, example in enumerate(pack.examples):
        for name, wanted, found in _pairs(pack, example):
            if wanted != found:
                yield Wrong(
                    key=f"examples[{index}].{name}", words=example.words, wanted=str(wanted), found=str(found)
                )


def _pairs(pack: Pack, example: AnyExample) -> Iterable[Pair]:  # noqa: PLR0911 - one a kind
    match example:
        case RecordsExample():
            return _of_records(pack, example)
        case AssessmentExample():
            return assessment_pairs(pack, example)
        case SeatsExample():
            return seat_pairs(example)
        case SubmissionExample():
            return submission_pairs(pack, example)
        case YearExample():
            return _of_year(pack, example)
        case DeductionsExample():
            return deduction_pairs(pack, example)
        case CycleExample():
            return _of_cycle(pack, example)
        case CertificateExample():
            return certificate_pairs(pack, example)
        case ObligationExample():
            return obligation_pairs(pack, example)
        case _:
            assert_never(example)


def without_examples(pack: Pack) -> list[Rule]:
    """The ways to have hours registered and deducted of which no example shows what they do or refuse."""
    tried: set[str] = set()
    for example in pack.examples:
        match example:
            case RecordsExample(records=records):
                tried |= {record.rule for record in records}
            case AssessmentExample(rule=rule):
                tried.add(rule)
            case DeductionsExample(deductions=deductions):
                tried |= {*deductions}
            case _:
                pass
    return [rule for rule in (*pack.hours, *pack.deductions) if rule.id not in tried]


@dataclass(slots=True)
class _Account:
    """What one teacher has registered so far."""

    claims: dict[Pool, list[Claim]] = field(default_factory=dict)
    programmes: dict[str, set[Claimed]] = field(default_factory=dict)
    obtained: set[Obtained] = field(default_factory=set)


def _of_records(pack: Pack, example: RecordsExample) -> Iterator[Pair]:
    account = _Account()
    counted: list[str] = []
    refused = ""
    for place, record in enumerate(example.records):
        result = _register(pack, example, record, account)
        if isinstance(result, Refused):
            refused = result.code
            if place < len(example.records) - 1:
                yield f"records[{place}]", "is taken", refused
        else:
            counted.append(f"{result:.2f}")
    yield "refused", example.refused, refused
    yield "counted", [f"{hours:.2f}" for hours in example.counted], counted


def _register(
    pack: Pack, example: RecordsExample, record: ExampleRecord, account: _Account
) -> Decimal | Refused:
    """What of a record counts, after those before it."""
    source = pack.source(record.rule)
    registration = given.registration(pack, example, record, source)
    programme = account.programmes.setdefault(registration.programme_key, set())
    judged = given.judged(pack, example, record, programme, account.obtained)
    if isinstance(judged, Refused):
        return judged
    assert source is not None, "what is taken has a rule"
    programme.add(Claimed(source.id, registration.year))
    if isinstance(source, HigherQualification) and registration.details and registration.details.level_to:
        account.obtained.add(Obtained(registration.details.level_to, registration.year))
    return _counted(pack, registration, judged, account)


def _counted(pack: Pack, registration: Registration, granted: Granted, account: _Account) -> Decimal:
    ledger = Account(
        teacher=TEACHER, year=registration.year, rule=registration.rule, category=registration.category
    )
    claims = account.claims.setdefault(ledger.pool, [])
    claims.append(
        Claim(
            ground=f"record:{len(claims)}",
            account=ledger,
            hours=granted.amount,
            reason=granted.reason,
            origin="",
            effective_at=datetime.combine(registration.last, time(12), ZoneInfo(pack.pack.timezone)),
        )
    )
    *_, last = cut((claim, limit_of(pack, claim.account)) for claim in claims)
    return last.counted


def _of_year(pack: Pack, example: YearExample) -> Iterator[Pair]:
    asked = pack.asked(example.year)
    assert asked is not None, "the pack was checked"
    assessed = assess(example.hours, asked)
    verdict = outcome(assessed)
    yield "outcome", example.outcome, verdict
    yield "missing", _figures(example.missing), _figures(missing(assessed))
    rule = pack.carry_over
    consumed = Consumption()
    if rule is not None:
        consumed = consume(
            verdict=verdict,
            carried_in=example.hours.get(CARRIED_IN, ZERO),
            fresh=example.hours.get(rule.category, ZERO),
            threshold=rule.threshold,
        )
    yield "carry_out", f"{example.carry_out:.2f}", f"{consumed.carry_out:.2f}"
    yield "expired", f"{example.expired:.2f}", f"{consumed.expired:.2f}"


def _of_cycle(pack: Pack, example: CycleExample) -> Iterator[Pair]:
    cycle = pack.cycle(example.cycle)
    assert cycle is not None, "the pack was checked"
    span = cycle.span(example.year)
    assert span is not None, "the pack was checked"
    figures = dict(zip(span.years, example.years, strict=False))
    standing = assess_cycle(cycle, example.year, figures, pack.own_parts)
    yield "outcome", example.outcome, standing.outcome
    yield "missing", _figures(example.missing), _figures(standing.missing)
    yield "short", list(example.short), standing.short


def _figures(hours: Mapping[Item, Decimal]) -> dict[str, str]:
    return {str(item): f"{value:.2f}" for item, value in sorted(hours.items())}
