"""What examples give: a record as it would be handed in, in the middle of its year where no day is said."""

from collections.abc import Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from hours.records.domain.judge import judge
from hours.records.domain.registration import (
    Claimed,
    Details,
    Filing,
    Judgement,
    Obtained,
    Registrar,
    Registration,
    Standing,
)
from shared.policy.examples import ExampleRecord, ObligationExample, RecordsExample
from shared.policy.pack import Pack
from shared.policy.sources import AnyHourSource

TEACHER, SCHOOL, MIDDLE = "T", "S", (6, 30)

Pair = tuple[str, object, object]
"""A part of an example, what the example says of it, and what comes out."""


def registration(
    pack: Pack,
    example: RecordsExample | ObligationExample,
    record: ExampleRecord,
    source: AnyHourSource | None,
) -> Registration:
    """A record of an example, as it would be handed in."""
    year = record.year or _year(pack, example, record.last or record.first)
    middle = date(year, *MIDDLE)
    if pack.years.of_day(middle) != year:  # a year that begins later
        middle = date(year + 1, *MIDDLE)
    details = None if record.details is None else Details(**msgspec.structs.asdict(record.details))
    return Registration(
        record="R",
        teacher=TEACHER,
        year=year,
        rule=record.rule,
        category=source.category if source is not None else "professional",
        hours=record.hours,
        activity=example.words,
        provider="",
        first=record.first or middle,
        last=record.last or record.first or middle,
        evidence="",
        details=details,
        files=("0" * 64,) if record.evidence else (),
    )


def _year(pack: Pack, example: RecordsExample | ObligationExample, last: date | None) -> int:
    """The year of the example; records of an obligation are of whatever years, each of its last day's."""
    if last is None or isinstance(example, RecordsExample):
        return example.year
    return pack.years.of_day(last)


def judged(
    pack: Pack,
    example: RecordsExample | ObligationExample,
    record: ExampleRecord,
    claimed: Collection[Claimed] = (),
    obtained: Collection[Obtained] = (),
) -> Judgement:
    """What a record gives before any cap, or why it is refused to who registers it on its day."""
    source = pack.source(record.rule)
    handed = registration(pack, example, record, source)
    by = record.by or (source.registrars[0] if source is not None else "operator")
    through = source.through if source is not None else "completion"
    filing = Filing(
        registrar=Registrar(kind=by, id={"teacher": TEACHER, "school": SCHOOL}.get(by, by)),
        matter="" if through == "completion" else f"{through}:example",
    )
    standing = Standing(
        school=SCHOOL,
        stage=example.teacher.stage,
        vocational=example.teacher.vocational,
        now=datetime.combine(record.on or handed.last, time(12), ZoneInfo(pack.pack.timezone)),
        claimed=frozenset(claimed),
        obtained=frozenset(obtained),
    )
    return judge(pack, handed, filing, standing)
