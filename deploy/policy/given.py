"""What examples give: a record as it would be handed in, in the middle of its year where no day is said."""

from datetime import date

import msgspec

from hours.records.domain.registration import Details, Registration
from shared.policy.examples import ExampleRecord, ObligationExample, RecordsExample
from shared.policy.pack import AnyHourSource, Pack

TEACHER, MIDDLE = "T", (6, 30)


def registration(
    pack: Pack,
    example: RecordsExample | ObligationExample,
    record: ExampleRecord,
    source: AnyHourSource | None,
) -> Registration:
    """A record of an example, as it would be handed in."""
    year = record.year or example.year
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
