"""The sample year's hours: who studied what (`hours.csv`) and who asked to exchange (`exchanges.csv`)."""

from collections.abc import Iterator, Sequence

from deploy.local import columns
from deploy.local.sampling.community import VISITOR
from deploy.local.sampling.dice import Dice
from deploy.local.sampling.people import Teacher
from deploy.local.sampling.studies import (
    CATEGORY,
    ELECTIVE,
    GENERAL,
    ORDINARY_ELECTIVE,
    PROFESSIONAL,
    PUBLIC,
    Study,
)

YEAR = 2025
# Teacher: plans for public, professional and elective hours; who is not named passes in an ordinary way.
PLANS = {
    "T0101": ("full", "host", "school and score"),
    "T0102": ("full", "one by exchange", "one by exchange"),
    "T0103": ("full", "trainer", "one by exchange"),
    "T0104": ("full", "studio over its cap", "score over its cap"),
    "T0105": ("short", "online and class", "school"),
    "T0106": ("full", "half an hour short", "more"),
    "T0107": ("full", "online and class", "half an hour short"),
    "T0109": ("more", "surplus", "degree over its cap"),
    "T0112": ("full", "one by exchange", "school"),
    "T0114": ("full", "outcomes over their cap", "school over its cap"),
    "T0119": ("none", "none", "none"),
    "T0201": ("full", "one by exchange", "online"),
    "T0202": ("full", "degree over its cap", "school"),
    "T0203": ("full", "far short", "school"),
    "T0207": ("full", "online and class", "one by exchange"),
    "T0208": ("short", "far short", "far short"),
    "T0211": ("full", "paper", "none"),
    "T0215": ("none", "surplus", "more"),
    "T0301": ("more", "industry over its cap", "school"),
    "T0302": ("full", "qualification", "school and score"),
    "T0303": ("full", "craft", "school over its cap"),
    "T0304": ("short", "qualification", "far short"),
    "T0307": ("full", "craft", "half an hour short"),
    "T0310": ("full", "none", "school"),
}
# Asked for: teacher, instant, category, hours. Some are refused: too few points, over the yearly cap, no
# teacher of this roster.
REQUESTS = (
    ("T0203", "2025-06-05T08:15:00+08:00", "professional", 8),
    ("T0101", "2025-12-01T20:00:00+08:00", "professional", 11),
    ("T0101", "2025-12-01T20:05:00+08:00", "professional", 10),
    ("T0102", "2025-12-05T19:12:00+08:00", "professional", 1),
    ("T0102", "2025-12-05T19:13:00+08:00", "elective", 1),
    ("T0103", "2025-12-08T07:50:00+08:00", "elective", 1),
    ("T0112", "2025-12-10T12:31:00+08:00", "professional", 1),
    ("T0201", "2025-12-12T21:40:00+08:00", "professional", 1),
    (VISITOR, "2025-12-15T18:00:00+08:00", "elective", 1),
    ("T0207", "2025-12-18T22:01:00+08:00", "elective", 1),
    ("T0202", "2025-12-31T23:58:00+08:00", "elective", 1),
)


def hours(dice: Dice, teachers: Sequence[Teacher]) -> Iterator[list[str]]:
    """Yield the rows of `hours.csv`, the header first."""
    yield list(columns.HOURS)
    number = 0
    for teacher in teachers:
        for study in _studies(dice, teacher):
            number += 1
            yield [
                f"R{number:04}",
                teacher.teacher,
                str(YEAR),
                study.rule,
                CATEGORY[study.rule.removeprefix("GZ-HR-")[0]],
                str(study.hours),
                study.activity,
                study.provider,
                f"{YEAR}-{study.first}",
                f"{YEAR}-{study.last}",
                study.evidence,
            ]


def exchanges() -> Iterator[list[str]]:
    """Yield the rows of `exchanges.csv`, the header first."""
    yield list(columns.EXCHANGES)
    for number, (teacher, at, category, count) in enumerate(REQUESTS, start=1):
        yield [f"X{number:03}", teacher, at, category, str(count)]


def _studies(dice: Dice, teacher: Teacher) -> tuple[Study, ...]:
    ordinary = ("full", dice.pick(GENERAL), dice.pick(ORDINARY_ELECTIVE))
    public, professional, elective = PLANS.get(teacher.teacher, ordinary)
    return PUBLIC[public] + PROFESSIONAL[professional] + ELECTIVE[elective]
