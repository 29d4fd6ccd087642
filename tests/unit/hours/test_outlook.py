"""The outlook's rules: the plan is the cheapest that closes the gap, points count within window and life."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hours.ledger.domain.total import Total
from hours.outlook.domain.gap import Gap, counted, gap
from hours.outlook.domain.next_year import as_it_stands, as_planned
from hours.outlook.domain.offer import Offer, span
from hours.outlook.domain.plan import KINDS, Plan, Way, plan
from shared.policy import loader
from shared.policy.calendar import Years
from shared.policy.categories import Category
from shared.policy.points import Exchange, Window

PACK = loader.builtin()
CATEGORIES = PACK.posted
HALF = Decimal("0.5")
TZ = "Asia/Shanghai"

halves = st.integers(0, 6).map(lambda n: n * HALF)
gaps = st.builds(
    lambda missing, anywhere: Gap(missing=dict(zip(CATEGORIES, missing, strict=True)), anywhere=anywhere),
    st.tuples(halves, halves, halves),
    halves,
)


@st.composite
def offered(draw: st.DrawFn) -> list[Way]:
    """Up to four ways of different kinds and categories, a few hours each; those of exchanges are whole."""
    every = [(kind, one) for kind, one in product(KINDS, CATEGORIES) if (kind, one) != ("exchange", "public")]
    ways = []
    for kind, category in draw(st.lists(st.sampled_from(every), max_size=4, unique=True)):
        hours = draw(halves) + HALF
        ways.append(
            Way(
                kind=kind,
                category=category,
                of=kind,
                hours=hours // 1 if kind == "exchange" else hours,
                plannable=kind != "rule" or draw(st.booleans()),
            )
        )
    return ways


def every_plan(found: Gap, ways: Sequence[Way], affordable: int) -> Iterator[tuple[Decimal, ...]]:
    """What every way of taking halves and wholes would cost: plain search, without an idea."""
    usable = [way for way in ways if way.plannable]
    grids = []
    for way in usable:
        step = Decimal(1) if way.kind == "exchange" else HALF
        assert way.hours is not None
        grids.append([n * step for n in range(int(way.hours / step) + 1)])
    for taken in product(*grids):
        bought = sum((h for way, h in zip(usable, taken, strict=True) if way.kind == "exchange"), Decimal(0))
        if bought <= affordable:
            yield cost(found, list(zip(usable, taken, strict=True)))


def cost(found: Gap, taken: Sequence[tuple[Way, Decimal]]) -> tuple[Decimal, ...]:
    """What stays missing by its definition, and the hours of each kind, the dearest first."""
    got = {
        category: sum((h for way, h in taken if way.category == category), Decimal(0))
        for category in CATEGORIES
    }
    lacking = sum((max(found.missing[one] - got[one], Decimal(0)) for one in CATEGORIES), Decimal(0))
    in_all = sum(found.missing.values(), found.anywhere) - sum(got.values())
    # Where the categories ask for less than the total, hours of any category make up for the rest.
    short = max(lacking, in_all if found.anywhere else Decimal(0))
    return (
        short,
        *(sum((h for way, h in taken if way.kind == kind), Decimal(0)) for kind in reversed(KINDS)),
    )


@given(gaps, offered(), st.integers(0, 4))
def test_the_plan_closes_what_can_be_closed_and_costs_the_least(
    found: Gap, ways: list[Way], points: int
) -> None:
    result = plan(found, ways, points)
    taken = [(step.way, step.hours) for step in result.steps]
    best = min(every_plan(found, ways, points))
    assert cost(found, taken) == best
    assert result.left.hours == best[0]
    for way, hours in taken:
        assert way.plannable
        assert way.hours is not None
        assert 0 < hours <= way.hours
    assert sum(hours for way, hours in taken if way.kind == "exchange") <= points


def missing(professional: str, elective: str = "0", public: str = "0", anywhere: str = "0") -> Gap:
    hours: dict[Category, Decimal] = {
        "public": Decimal(public),
        "professional": Decimal(professional),
        "elective": Decimal(elective),
    }
    return Gap(missing=hours, anywhere=Decimal(anywhere))


def way(kind: str, category: Category, hours: str | None) -> Way:
    return Way(kind=kind, category=category, of=kind, hours=None if hours is None else Decimal(hours))  # type: ignore[arg-type]  # a kind by its word


def steps(found: Plan) -> list[tuple[str, Category, str]]:
    return [(step.way.kind, step.way.category, str(step.hours)) for step in found.steps]


@pytest.mark.parametrize(
    ("found", "ways", "points", "wanted", "left"),
    [
        (missing("0"), [way("rule", "public", None)], 9, [], "0"),
        # Points go where half an hour would otherwise have to be learned, and no point further.
        (
            missing("2.5", "1"),
            [
                way("exchange", "professional", "10"),
                way("exchange", "elective", "10"),
                way("rule", "elective", None),
            ],
            3,
            [("exchange", "professional", "3"), ("rule", "elective", "1")],
            "0",
        ),
        # What was declared comes by itself: points stay where it suffices only for what it does not reach.
        (
            missing("3"),
            [
                way("exchange", "professional", "1"),
                way("review", "professional", "8"),
                way("rule", "professional", None),
            ],
            9,
            [("exchange", "professional", "1"), ("review", "professional", "2")],
            "0",
        ),
        (
            missing("3", public="2"),
            [way("exchange", "professional", "2")],
            9,
            [("exchange", "professional", "2")],
            "3",
        ),
        (
            missing("0", anywhere="1.5"),
            [way("exchange", "elective", "9")],
            9,
            [("exchange", "elective", "2")],
            "0",
        ),
    ],
)
def test_plans_worked_out_by_hand(
    found: Gap, ways: list[Way], points: int, wanted: list[tuple[str, Category, str]], left: str
) -> None:
    result = plan(found, ways, points)
    assert [(kind, category, Decimal(h)) for kind, category, h in steps(result)] == [
        (kind, category, Decimal(h)) for kind, category, h in wanted
    ]
    assert result.left.hours == Decimal(left)


def total(**hours: str) -> Total:
    counted = {name: Decimal(amount) for name, amount in hours.items()}
    return Total(teacher="T1", year=2024, carried_in=counted.pop("carried_in"), hours=counted)


def test_carried_hours_close_the_gap_of_their_category_and_are_used_first() -> None:
    asked = PACK.asked(2024)
    assert asked is not None
    year = total(public="30", professional="20", elective="17.5", carried_in="28")
    found = gap(asked.minima, counted(year, asked.parts))
    assert [found.missing[one] for one in CATEGORIES] == [0, 0, HALF]
    carry = PACK.carried_by
    assert as_it_stands(year, found, carry).carry_out == 0, "whoever does not pass carries nothing"
    after = as_planned(year, plan(found, [way("rule", "elective", None)], 0), carry)
    assert [after.used_carried, after.used_fresh, after.carry_out] == [28, 14, 6]


def rule(window: Window | None = None) -> Exchange:
    return Exchange(
        id="EX",
        clause="1",
        words="w",
        title="t",
        title_zh="t",
        rate=100,
        caps={"professional": 10},
        window=window,
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("days", "year", "asked", "opens", "ends"),
    [
        (
            None,
            2024,
            "2024-06-01T00:00:00+08:00",
            "2024-06-01T00:00:00+08:00",
            "2025-01-01T00:00:00+08:00",
        ),
        (None, 2024, "2025-01-01T00:00:00+08:00", None, "2025-01-01T00:00:00+08:00"),
        (
            None,
            2025,
            "2024-06-01T00:00:00+08:00",
            "2025-01-01T00:00:00+08:00",
            "2026-01-01T00:00:00+08:00",
        ),
        (
            ("03-01", "11-30"),
            2024,
            "2024-01-09T00:00:00+08:00",
            "2024-03-01T00:00:00+08:00",
            "2024-12-01T00:00:00+08:00",
        ),
        (("03-01", "11-30"), 2024, "2024-12-01T00:00:00+08:00", None, "2024-12-01T00:00:00+08:00"),
        (
            ("02-29", "12-31"),
            2023,
            "2023-01-01T00:00:00+08:00",
            "2023-03-01T00:00:00+08:00",
            "2024-01-01T00:00:00+08:00",
        ),
        (
            ("01-01", "02-29"),
            2023,
            "2023-01-01T00:00:00+08:00",
            "2023-01-01T00:00:00+08:00",
            "2023-03-01T00:00:00+08:00",
        ),
    ],
)
def test_points_are_exchanged_within_the_window_of_the_year(
    days: tuple[str, str] | None, year: int, asked: str, opens: str | None, ends: str
) -> None:
    window = Window(first=days[0], last=days[1]) if days else None
    assert span(window, year, at(asked), Years(tz=TZ)) == (at(opens) if opens else None, at(ends))


@pytest.mark.parametrize(
    ("lots", "left", "first", "points", "hours"),
    [
        ([("2025-01-01", 250)], "10", "2024-06-01", 250, ["2"]),
        ([("2025-01-01", 2500)], "3.00", "2024-06-01", 2500, ["3"]),
        ([("2024-07-01", 300), ("2025-01-01", 100)], "10", "2024-07-01", 100, ["1"]),
        ([("2024-08-01", -200), ("2025-01-01", 250)], "10", "2024-06-01", 50, []),
        ([("2024-08-01", -300), ("2025-01-01", 250)], "10", "2024-06-01", 0, []),
        ([("2025-01-01", 250)], "10", None, 0, []),
        ([("2025-01-01", 250)], "0", "2024-06-01", 250, []),
    ],
)
def test_points_count_that_are_there_when_they_can_be_exchanged(
    lots: list[tuple[str, int]], left: str, first: str | None, points: int, hours: list[str]
) -> None:
    offer = Offer(
        rule=rule(),
        first=at(f"{first}T00:00:00+08:00") if first else None,
        last=at("2025-01-01T00:00:00+08:00"),
        lots=[(at(f"{day}T00:00:00+08:00"), amount) for day, amount in lots],
        left={"professional": Decimal(left)},
    )
    assert offer.points == points
    assert [way.hours for way in offer.ways] == [Decimal(one) for one in hours]
