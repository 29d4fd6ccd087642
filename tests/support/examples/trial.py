"""Every example of a pack, of a teacher of its own: what it gives is handed in, what it says is compared."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from deploy.policy.given import Pair
from deploy.policy.trying import Wrong
from shared.policy.categories import CARRIED_IN, ZERO
from shared.policy.examples import (
    AssessmentExample,
    CertificateExample,
    CycleExample,
    DeductionsExample,
    ExampleDetails,
    ExampleTeacher,
    ObligationExample,
    RecordsExample,
    SeatsExample,
    SubmissionExample,
    YearExample,
)
from tests.integration.hours.acts import key
from tests.integration.verification.ledger import judge
from tests.support.examples.certified import certificate_pairs
from tests.support.examples.classes import assessment_pairs, seat_pairs, submission_pairs
from tests.support.examples.deducted import deduction_pairs
from tests.support.examples.desk import Desk
from tests.support.examples.sums import giving, hand_in_sums

DECLARED = {"programme.missing"}
"""Refusals of what a declaration has to say, and a record of a former system need not."""
SOMEBODY = "others"


async def try_over_http(desk: Desk) -> list[Wrong]:
    """What does not come out as the examples of the pack say."""
    for number, example in enumerate(desk.pack.examples):
        joined = example.joined_on if isinstance(example, ObligationExample) else None
        of = getattr(example, "teacher", ExampleTeacher())
        await desk.enrol(f"E{number}", of=of, joined_on=joined)
    await desk.enrol(SOMEBODY, of=ExampleTeacher())
    found = {
        **await _at_once(desk),
        **await _cycles(desk),
        **await _years(desk),
        **await _certificates(desk),
    }
    assert sorted(found) == [*range(len(desk.pack.examples))], "each example is tried"
    return [wrong for number in sorted(found) for wrong in _wrong(desk, number, found[number])]


def _wrong(desk: Desk, number: int, pairs: Iterable[Pair]) -> Iterable[Wrong]:
    for name, wanted, got in pairs:
        if wanted != got:
            words = desk.pack.examples[number].words
            yield Wrong(key=f"examples[{number}].{name}", words=words, wanted=str(wanted), found=str(got))


async def _at_once(desk: Desk) -> dict[int, list[Pair]]:
    """What hours alone says."""
    found: dict[int, list[Pair]] = {}
    for number, example in enumerate(desk.pack.examples):
        match example:
            case RecordsExample():
                found[number] = await _records(desk, f"E{number}", example)
            case ObligationExample():
                found[number] = await _obligation(desk, f"E{number}", example)
            case DeductionsExample():
                found[number] = await deduction_pairs(desk, f"E{number}", example)
            case AssessmentExample():
                found[number] = await assessment_pairs(desk, f"E{number}", example)
            case SeatsExample():
                found[number] = await seat_pairs(desk, f"E{number}", example)
            case SubmissionExample():
                found[number] = await submission_pairs(desk, f"E{number}", example)
            case _:
                pass
    return found


async def _records(desk: Desk, teacher: str, example: RecordsExample) -> list[Pair]:
    refused = []
    for place, record in enumerate(example.records):
        is_declared = record.by or example.refused in DECLARED
        way = desk.declare if is_declared else desk.hand_in
        refused.append(await way(teacher, f"{teacher}-{place}", example, record))
    wanted = ["" for _ in example.counted] + [example.refused] * bool(example.refused)
    records = [f"{teacher}-{place}" for place, code in enumerate(refused) if not code]
    counted = [(await desk.hours.get(f"/v1/records/{one}")).json()["counted"] for one in records]
    return [
        ("refused", wanted, refused),
        ("counted", [f"{amount:.2f}" for amount in example.counted], counted),
    ]


async def _obligation(desk: Desk, teacher: str, example: ObligationExample) -> list[Pair]:
    """What was offered to others is on record while an example is tried, and is taken back afterwards."""
    offered = [*desk.pack.topics] if example.offered is None else example.offered
    handed = await _offer(desk, f"{teacher}-others", example, offered) if offered else []
    for place, record in enumerate(example.records):
        handed.append(f"{teacher}-{place}")
        refused = await desk.hand_in(teacher, handed[-1], example, record)
        assert not refused, (example.words, refused)
    asked = {"year": str(example.year)}
    asked["on"] = (example.on or desk.pack.years.first_day(example.year + 1)).isoformat()
    told = (await desk.hours.get(f"/v1/teachers/{teacher}/obligations", params=asked)).json()
    standing = next(one for one in told if one["obligation"] == example.obligation)
    for number in handed:
        body = {"reason": "算例已核对"}
        answer = await desk.hours.post(f"/v1/records/{number}/reversal", json=body, headers=key())
        assert answer.is_success, answer.text
    return [
        ("state", example.state, standing["state"]),
        ("missing", [f"{amount:.2f}" for amount in example.missing], _short(standing["checks"])),
        ("lacking", [*example.lacking], [one["topic"] for one in standing["lacking"]]),
    ]


async def _offer(desk: Desk, number: str, example: ObligationExample, topics: Iterable[str]) -> list[str]:
    """Have somebody else trained in those topics."""
    record = giving(desk.pack, desk.pack.posted[0], Decimal(1), example.year)
    told = msgspec.structs.replace(record.details or ExampleDetails(), topics=tuple(topics))
    record = msgspec.structs.replace(record, details=told)
    refused = await desk.hand_in(SOMEBODY, number, example, record)
    assert not refused, refused
    return [number]


def _short(checks: Iterable[Mapping[str, Any]]) -> list[str]:
    """What each check misses, as examples say it: nothing where no one does."""
    missing = [None if one["missing"] is None else Decimal(one["missing"]) for one in checks]
    return ["∅" if one is None else f"{one:.2f}" for one in missing] if any(missing) else []


async def _cycles(desk: Desk) -> dict[int, list[Pair]]:
    """What verification says of sums of years."""
    examples = {n: one for n, one in enumerate(desk.pack.examples) if isinstance(one, CycleExample)}
    for number, example in examples.items():
        cycle = desk.pack.cycle(example.cycle)
        span = None if cycle is None else cycle.span(example.year)
        assert span is not None, "the pack was checked"
        for year, sums in zip(span.years, example.years, strict=False):
            await hand_in_sums(desk, f"E{number}", year, dict(sums))
    await desk.world.heard("verification", "hours")
    found: dict[int, list[Pair]] = {}
    for number, example in examples.items():
        asked = await desk.verification.get(
            f"/v1/teachers/E{number}/cycles", params={"year": str(example.year)}
        )
        told = next(one for one in asked.json() if one["cycle"] == example.cycle)
        found[number] = [
            ("outcome", example.outcome, told["outcome"]),
            ("missing", _figures(example.missing), told["missing"]),
            ("short", [*example.short], told["short_years"]),
        ]
    return found


def _figures(hours: Mapping[str, Decimal]) -> dict[str, str]:
    return {item: f"{amount:.2f}" for item, amount in hours.items()}


async def _years(desk: Desk) -> dict[int, list[Pair]]:
    """A year by its verdict, after the one before where something comes out of that."""
    examples = {n: one for n, one in enumerate(desk.pack.examples) if isinstance(one, YearExample)}
    before = {number: one for number, one in examples.items() if one.hours.get(CARRIED_IN)}
    for number, example in before.items():
        await hand_in_sums(desk, f"E{number}", example.year - 1, _surplus(desk, example))
    await _judge(desk, before, -1)
    for number, example in examples.items():
        sums = {name: amount for name, amount in example.hours.items() if name != CARRIED_IN}
        await hand_in_sums(desk, f"E{number}", example.year, sums)
    await _judge(desk, examples, 0)
    found: dict[int, list[Pair]] = {}
    for number, example in examples.items():
        url = f"/v1/teachers/E{number}/years/{example.year}"
        result = (await desk.verification.get(url)).json()
        found[number] = [
            ("outcome", example.outcome, result["outcome"]),
            ("missing", _figures(example.missing), result["shortfall"]),
            *await _carried(desk, f"E{number}", example),
        ]
    return found


def _surplus(desk: Desk, example: YearExample) -> dict[str, Decimal]:
    """A year before that is passed with exactly so much above what is kept as is carried in."""
    rule, asked = desk.pack.carried_by, desk.pack.asked(example.year - 1)
    assert asked is not None, "hours were carried in"
    sums = {name: asked.minima.get(name, ZERO) for name in desk.pack.posted}
    return {**sums, rule.category: rule.threshold + example.hours[CARRIED_IN]}


async def _judge(desk: Desk, examples: Mapping[int, YearExample], further: int) -> None:
    """Decide on those years, and wait until hours has heard it."""
    await desk.world.heard("verification", "hours")
    for year in sorted({example.year + further for example in examples.values()}):
        await judge(desk.verification, f"{year}-{'before' if further else 'of'}", year, kind="everyone")
    await desk.world.heard("hours", "verification")
    await desk.world.heard("verification", "hours")


async def _carried(desk: Desk, teacher: str, example: YearExample) -> list[Pair]:
    """What goes over and what ends, once both are in the ledger."""
    asked = {"year": str(example.year), "teacher": teacher}
    (row,) = (await desk.hours.get("/v1/totals", params=asked)).json()["items"]
    return [
        ("carry_out", f"{example.carry_out:.2f}", row["carry_out"]),
        ("expired", f"{example.expired:.2f}", row["expired"]),
    ]


async def _certificates(desk: Desk) -> dict[int, list[Pair]]:
    """Numbers and their days; who issues them is served once there is somebody to issue one to."""
    examples = {n: one for n, one in enumerate(desk.pack.examples) if isinstance(one, CertificateExample)}
    if not examples:
        return {}
    client = await desk.world.serve("certificates", CERTIFICATES_PACK=desk.file)
    return {n: await certificate_pairs(desk, client, f"E{n}", one) for n, one in examples.items()}
