"""The worked examples that the pack keeps of its ways to register hours come out the same over HTTP."""

from datetime import date
from typing import Any

import msgspec

from shared.policy import loader
from shared.policy.examples import RecordsExample
from tests.integration.hours.acts import enrol
from tests.support.world import World

PACK = loader.builtin()
EXAMPLES = [
    example
    for example in PACK.examples
    if isinstance(example, RecordsExample)
    and example.refused != "programme.missing"
    and not any(record.by for record in example.records)
]
"""What the operator can hand in; who may register, and what declarations say besides, is tried elsewhere."""


def bodies(teacher: str, example: RecordsExample) -> list[dict[str, Any]]:
    middle = date(example.year, 6, 30)
    rows = []
    for place, record in enumerate(example.records):
        source = PACK.source(record.rule)
        first = record.first or middle
        rows.append(
            {
                "record": f"{teacher}-{place}",
                "teacher": teacher,
                "year": example.year,
                "source_rule": record.rule,
                "category": source.category if source else "professional",
                "hours": None if record.hours is None else str(record.hours),
                "activity": example.words,
                "from": str(first),
                "to": str(record.last or first),
                "evidence": "附件" if record.evidence else "",
                "details": msgspec.to_builtins(record.details),
            }
        )
    return rows


async def test_examples_of_the_pack_come_out_the_same_over_http(world: World) -> None:
    hours = await world.serve("hours")
    assert len(EXAMPLES) > 20
    for number, example in enumerate(EXAMPLES):
        teacher = f"E{number}"
        of = example.teacher
        await enrol(hours, teacher, vocational=of.vocational, **({"stage": of.stage} if of.stage else {}))
        answer = await hours.post("/v1/records", json=bodies(teacher, example))
        results = answer.json()["results"]
        refused = [one["problem"]["code"] for one in results if "problem" in one]
        assert refused == ([example.refused] if example.refused else []), example.words
        taken = [f"{teacher}-{place}" for place, _ in enumerate(example.counted)]
        counted = [(await hours.get(f"/v1/records/{record}")).json()["counted"] for record in taken]
        assert counted == [f"{value:.2f}" for value in example.counted], example.words
