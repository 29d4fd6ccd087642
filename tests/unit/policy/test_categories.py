"""What counts towards each item where categories contain others, and what a year asks of it less a waiver."""

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shared.policy.categories import TOTAL, CategoryDefinition, counted, leaves, parts_of
from shared.policy.requirement import Asked, Waived


def category(name: str, within: str | None = None) -> CategoryDefinition:
    return CategoryDefinition(id=name, name=name, name_zh=name, within=within)


TREE = [
    category("required"),
    category("prefecture", "required"),
    category("prefecture_public", "prefecture"),
    category("prefecture_professional", "prefecture"),
    category("digital", "required"),
    category("elective"),
]
PARTS = parts_of(TREE, "digital")
MINIMA = {
    "required": 60,
    "prefecture": 20,
    "prefecture_public": 5,
    "prefecture_professional": 15,
    "digital": 10,
    "elective": 10,
    TOTAL: 90,
}
ASKED = Asked(minima={item: Decimal(hours) for item, hours in MINIMA.items()}, parts=PARTS, basis="")

hours = st.decimals(min_value=0, max_value=100, places=2)
years: st.SearchStrategy[Mapping[str, Decimal]] = st.dictionaries(st.sampled_from(PARTS[TOTAL]), hours)


def test_hours_are_posted_into_what_contains_nothing_and_count_in_all_that_contains_it() -> None:
    assert leaves(TREE) == ["prefecture_public", "prefecture_professional", "digital", "elective"]
    assert PARTS == {
        "required": ("prefecture_public", "prefecture_professional", "digital", "carried_in"),
        "prefecture": ("prefecture_public", "prefecture_professional"),
        "prefecture_public": ("prefecture_public",),
        "prefecture_professional": ("prefecture_professional",),
        "digital": ("digital", "carried_in"),
        "elective": ("elective",),
        "total": ("prefecture_public", "prefecture_professional", "digital", "elective", "carried_in"),
    }


@given(years)
def test_a_category_counts_what_it_contains_and_the_total_everything_once(
    year: Mapping[str, Decimal],
) -> None:
    assert counted(year, PARTS[TOTAL]) == sum(year.values())
    within = counted(year, PARTS["prefecture"]) + counted(year, PARTS["digital"])
    assert counted(year, PARTS["required"]) == within
    assert counted(year, PARTS["required"]) + counted(year, PARTS["elective"]) == sum(year.values())


def test_what_is_waived_of_a_category_is_waived_of_all_that_contains_it() -> None:
    off = ASKED.off(Waived({"prefecture_public": Decimal(3), "elective": Decimal(99)}))
    assert off == {
        "required": 3,
        "prefecture": 3,
        "prefecture_public": 3,
        "prefecture_professional": 0,
        "digital": 0,
        "elective": 10,
        "total": 13,
    }, "and never more than is asked for"
    left = ASKED.of(Waived({"prefecture_public": Decimal(3), "elective": Decimal(99)}))
    assert left == {item: hours - off[item] for item, hours in ASKED.minima.items()}
    assert set(ASKED.of(Waived(whole=True)).values()) == {0}
    assert ASKED.of() == ASKED.minima


@given(st.dictionaries(st.sampled_from(leaves(TREE)), hours))
def test_a_waiver_never_leaves_less_than_nothing(waived: Mapping[str, Decimal]) -> None:
    left = ASKED.of(Waived(waived))
    assert all(0 <= left[item] <= ASKED.minima[item] for item in ASKED.minima)
