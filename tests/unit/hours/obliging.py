"""Teachers, activities and how an obligation stands by them, for tests of obligations."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from hours.obligations.domain.assessment import Programme, assess
from hours.obligations.domain.explanation import Wording
from hours.obligations.domain.standing import Activity, Bound, Days, Standing, When
from shared.policy import loader
from shared.policy.names import item_names
from shared.policy.obligations import AnyObligation
from shared.wording import Language

PACK = loader.load(Path(__file__).parents[2] / "support" / "obligations.toml")
CRAFT = Bound(role="专业课教师", vocational=True, joined_on=date(2020, 9, 1))
NEW = Bound(role="教师", vocational=False, joined_on=date(2024, 9, 1))
CONCENTRATED, OTHER, TRAINING, STAY = "CP-H1", "CP-H2", "CP-H3", "CP-H4"
TOPICS = [*PACK.topics]


def rule(name: str) -> AnyObligation:
    found = PACK.obligation(name)
    assert found is not None
    return found


def held(source: str, hours: int | str, first: date, last: date | None = None, *topics: str) -> Activity:
    found = PACK.source(source)
    assert found is not None
    return Activity(
        record=f"{source}-{first}-{last}-{hours}",
        rule=source,
        category=found.category,
        hours=Decimal(hours),
        days=Days(first, last or first),
        topics=frozenset(topics),
    )


def stay(first: date, last: date) -> Activity:
    return held(STAY, 0, first, last)


def stand(
    name: str | AnyObligation,
    bound: Bound,
    activities: Sequence[Activity],
    year: int,
    on: date | None = None,
    *,
    offered: Sequence[str] = TOPICS,
) -> Standing:
    obligation = rule(name) if isinstance(name, str) else name
    when = When(year=year, on=on or date(year + 1, 1, 1), years=PACK.years)
    return assess(obligation, bound, activities, when, Programme(parts=PACK.own_parts, offered=offered))


def missing(standing: Standing) -> list[int | None]:
    """What is short of each check; whole in every example here."""
    return [None if check.missing is None else int(check.missing) for check in standing.checks]


def wording(language: Language) -> Wording:
    return Wording(language=language, items=item_names(PACK, language), topics=PACK.topics)


DAY = st.dates(date(2021, 1, 1), date(2025, 12, 31))
