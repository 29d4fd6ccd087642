"""Cycles on the figures of the rule catalogue, and on any: HG-01 to HG-03, HG-12, WH-03, C360-01, VOC-02."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cycles.standing import Standing, assess
from shared.policy.categories import CategoryDefinition, Hours, parts_of
from shared.policy.cycles import Cycle, Span, Substitute, Yearly
from verification.cycles.domain.verdict import Finding, Known, judge
from verification.judgements.domain.decision import Decided, Decision, Revoked, Verdict

HORGOS = {
    "required": None,
    "prefecture": "required",
    "prefecture_public": "prefecture",
    "prefecture_subject": "prefecture",
    "county": "required",
    "county_public": "county",
    "county_subject": "county",
    "digital": "required",
    "elective": None,
    "school_based": None,
}
HORGOS_MINIMA = {
    "required": 60,
    "elective": 10,
    "school_based": 20,
    "prefecture": 20,
    "prefecture_public": 5,
    "prefecture_subject": 15,
    "county": 30,
    "county_public": 10,
    "county_subject": 20,
    "digital": 10,
}
WUHAN = {"concentrated": None, "other": None}
PLAIN = {"any": None}


def tree(within: Mapping[str, str | None]) -> list[CategoryDefinition]:
    return [CategoryDefinition(id=one, name=one, name_zh=one, within=of) for one, of in within.items()]


def cycle(years: int, total: int, minima: Mapping[str, int] | None = None, **further: object) -> Cycle:
    named = {name: Decimal(amount) for name, amount in (minima or {}).items()}
    common = {"id": "X-1", "clause": "1", "words": "w", "title": "t", "title_zh": "t"}
    return Cycle(years=years, total=Decimal(total), minima=named, **common, **further)  # type: ignore[arg-type]


HG = cycle(
    5,
    90,
    HORGOS_MINIMA,
    first=2024,
    last=2028,
    substitutes=(Substitute(surplus="required", fills=("elective", "school_based")),),
    yearly=Yearly(total=Decimal(18), binding=False),
)
WH = cycle(5, 360, {"concentrated": 160, "other": 200}, first=2006)
C360 = cycle(5, 360, yearly=Yearly(total=Decimal(48), binding=True), first=2020)
VOC = cycle(5, 240)


def stand(asked: Cycle, within: Mapping[str, str | None], year: int, years: Mapping[int, Hours]) -> Standing:
    return assess(asked, year, years, parts_of(tree(within), None))


def horgos(elective: str, school_based: str, more: str = "0", **other: str) -> Standing:
    """The required 60 as HG-02 splits them, and `more` of what counties give, all in the last year."""
    hours = {
        "prefecture_public": "5",
        "prefecture_subject": "15",
        "digital": "10",
        "county_public": "10",
        "county_subject": str(20 + Decimal(more)),
        "elective": elective,
        "school_based": school_based,
        **other,
    }
    return stand(HG, HORGOS, 2028, {2028: {name: Decimal(amount) for name, amount in hours.items()}})


def test_hg_01_sixty_ten_and_twenty_pass() -> None:
    found = horgos("10", "20")
    assert (found.outcome, found.missing, found.span) == ("pass", {}, Span(2024, 2028))


def test_hg_02_a_minimum_within_is_not_made_up_for_by_the_rest() -> None:
    found = horgos("10", "20", more="1", prefecture_subject="14")
    assert found.outcome == "fail"
    assert found.missing == {"prefecture": Decimal(1), "prefecture_subject": Decimal(1)}


@pytest.mark.parametrize(
    ("more", "elective", "school_based", "outcome"),
    [("10", "5", "16", "pass"), ("6", "5", "16", "fail"), ("0", "20", "25", "pass")],
)
def test_hg_03_what_is_required_and_over_stands_in_for_the_others(
    more: str, elective: str, school_based: str, outcome: str
) -> None:
    found = horgos(elective, school_based, more)
    assert found.outcome == outcome
    if more == "10":
        filled = [(one.category, one.amount) for one in found.filled]
        assert filled == [("elective", Decimal(5)), ("school_based", Decimal(4))]
    if more == "6":
        assert found.missing == {"school_based": Decimal(3), "total": Decimal(3)}


def test_hg_03_nothing_else_stands_in_for_what_is_required() -> None:
    found = horgos("40", "40", digital="9")
    assert (found.outcome, found.filled) == ("fail", [])
    assert found.missing == {"required": Decimal(1), "digital": Decimal(1)}


def test_hg_03_there_is_no_surplus_while_something_within_is_missing() -> None:
    found = horgos("5", "20", more="10", prefecture_public="4")
    assert found.filled == []
    assert set(found.missing) == {"prefecture", "prefecture_public", "elective"}


def test_hg_03_what_may_stand_in_for_what_is_missing_is_of_use_as_well() -> None:
    parts = parts_of(tree(HORGOS), None)
    short = horgos("7", "33")
    assert short.missing == {"elective": Decimal(3)}
    registered = [one for one in HORGOS if one in parts[one]]
    assert [one for one in registered if not short.serves(one, parts)] == ["school_based"]
    filled = short.with_more({"county_subject": Decimal(3)}, parts)
    assert (filled.outcome, filled.hours["county_subject"]) == ("pass", Decimal(23))
    assert not any(filled.serves(one, parts) for one in registered)


def test_hg_12_a_year_with_less_than_eighteen_warns_and_fails_nothing() -> None:
    found = horgos("10", "20")
    assert found.short == [2024, 2025, 2026, 2027]
    assert found.outcome == "pass"


@pytest.mark.parametrize(
    ("concentrated", "other", "outcome"), [(160, 200, "pass"), (200, 160, "fail"), (160, 199, "fail")]
)
def test_wh_03_neither_kind_stands_in_for_the_other(concentrated: int, other: int, outcome: str) -> None:
    hours = {"concentrated": Decimal(concentrated), "other": Decimal(other)}
    assert stand(WH, WUHAN, 2010, {2008: hours}).outcome == outcome


@pytest.mark.parametrize(
    ("years", "outcome", "short"),
    [
        ((72, 72, 72, 72, 72), "pass", []),
        ((47, 100, 100, 100, 100), "fail", [2020]),
        ((48, 48, 48, 48, 168), "pass", []),
        ((90, 90, 90, 45, 45), "fail", [2023, 2024]),
    ],
)
def test_c360_01_both_the_cycle_and_each_year_ask(
    years: Sequence[int], outcome: str, short: list[int]
) -> None:
    counted = {2020 + place: {"any": Decimal(amount)} for place, amount in enumerate(years)}
    found = stand(C360, PLAIN, 2024, counted)
    assert (found.outcome, found.short) == (outcome, short)


def test_voc_02_any_five_years_in_a_row_are_one_window() -> None:
    counted = {year: {"any": Decimal(48)} for year in range(2019, 2024)}
    assert stand(VOC, PLAIN, 2023, counted).outcome == "pass"
    later = stand(VOC, PLAIN, 2024, counted)
    assert (later.span, later.missing) == (Span(2020, 2024), {"total": Decimal(48)})


@pytest.mark.parametrize(
    ("year", "span"),
    [(2023, None), (2024, (2024, 2028)), (2028, (2024, 2028)), (2029, None)],
)
def test_a_cycle_has_its_years_and_the_source_speaks_of_no_others(
    year: int, span: tuple[int, int] | None
) -> None:
    assert HG.span(year) == span
    assert WH.span(2011) == (2011, 2015), "until further notice they follow each other"


AMOUNTS = st.integers(0, 40).map(Decimal)
YEARS = st.dictionaries(
    st.integers(2024, 2028),
    st.dictionaries(
        st.sampled_from([one for one in HORGOS if one not in HORGOS.values()]), AMOUNTS, max_size=7
    ),
)


@given(YEARS, st.integers(2024, 2027))
def test_in_whatever_year_something_was_done_it_counts_alike(years: dict[int, Hours], year: int) -> None:
    together = {
        2024: {
            one: sum((hours.get(one, Decimal(0)) for hours in years.values()), Decimal(0)) for one in HORGOS
        }
    }
    found, other = stand(HG, HORGOS, 2028, years), stand(HG, HORGOS, 2028, together)
    assert (found.missing, found.filled, found.outcome) == (other.missing, other.filled, other.outcome)
    so_far = stand(HG, HORGOS, year, years)
    assert so_far.missing == stand(HG, HORGOS, 2028, {k: v for k, v in years.items() if k <= year}).missing


@given(YEARS)
def test_what_stands_in_is_over_where_it_is_from_and_missing_where_it_goes(years: dict[int, Hours]) -> None:
    found = stand(HG, HORGOS, 2028, years)
    plain = stand(cycle(5, 90, HORGOS_MINIMA, first=2024), HORGOS, 2028, years)
    filled = sum((one.amount for one in found.filled), Decimal(0))
    parts = parts_of(tree(HORGOS), None)
    required = sum((found.hours[part] for part in parts["required"]), Decimal(0))
    assert required - filled >= (60 if filled else 0), "what is needed is not given away"
    for one in ("elective", "school_based"):
        stood_in = sum((item.amount for item in found.filled if item.category == one), Decimal(0))
        assert found.missing.get(one, Decimal(0)) == plain.missing.get(one, Decimal(0)) - stood_in
    if found.outcome == "pass":
        assert sum(found.hours.values(), Decimal(0)) >= 90


def test_a_finding_says_the_same_under_its_rule() -> None:
    found = horgos("5", "16", "10")
    again = Finding.of(found).under(HG)
    assert (again.outcome, again.short, list(again.filled)) == (found.outcome, found.short, found.filled)
    assert Finding.of(again) == Finding.of(found)


@given(st.lists(YEARS, max_size=6))
def test_whatever_is_found_stands_and_is_given_once_and_no_pass_is_replaced_unrevoked(
    findings: list[dict[int, Hours]],
) -> None:
    known: Known | None = None
    given_before = 0
    for turn, years in enumerate(findings):
        finding = Finding.of(stand(HG, HORGOS, 2028, years))
        for _ in range(2):  # a run that is repeated finds the same
            verdict = Verdict(f"run-{turn}", "local", finding.outcome, datetime(2028, 12, 1, tzinfo=UTC))
            acts = judge(known, finding, verdict)
            is_new = known is None or known.finding != finding
            assert bool(acts) == is_new
            if not acts:
                continue
            decided = acts[-1]
            assert isinstance(decided, Decided)
            passed_before = known is not None and known.finding.outcome == "pass"
            assert [isinstance(act, Revoked) for act in acts[:-1]] == [True] * passed_before
            given_before += 1
            assert decided.revision == given_before
            entry = f"verification/1/{given_before}"
            known = Known(finding, "x@1", Decision(verdict, decided.revision, entry, entry))
    if findings:
        last = Finding.of(stand(HG, HORGOS, 2028, findings[-1]))
        assert known is not None
        assert known.finding == last
