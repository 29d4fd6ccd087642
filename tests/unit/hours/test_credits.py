"""What hours make in credits, by the tables of HG-06 to HG-09, JX-01, JX-P1 and WH-01 to WH-06, by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hours.classes.domain.results import may_grade
from hours.ledger.domain.cap import cut, left, limit_of
from hours.ledger.domain.claim import Account, Claim, Cut, CycleLimit, Limit
from hours.records.domain.conversion import basic_credits, credited, expected, rounded
from hours.records.domain.explanation import arithmetic
from hours.records.domain.judge import given as worth
from hours.records.domain.registration import Details, Granted, Refused, Registration
from shared.policy.conversions import Conversion, Factor
from shared.policy.cycles import Span
from shared.policy.loader import builtin, load
from shared.policy.pack import Pack

NOTES = Path(__file__).parents[2] / "packs"
JIANGHAN, HARBOUR = load(NOTES / "jianghan.toml"), load(NOTES / "harbour.toml")
HORGOS, JIANGXI, WUHAN = builtin("horgos"), builtin("jiangxi"), builtin("wuhan")


def registered(pack: Pack, rule: str, hours: str, **details: Any) -> Registration:
    source = pack.source(rule)
    assert source is not None
    return Registration(
        record="R1",
        teacher="T1",
        year=2024,
        rule=rule,
        category=source.category,
        hours=Decimal(hours),
        activity="an activity",
        provider="",
        first=date(2024, 5, 2),
        last=date(2024, 5, 3),
        evidence="",
        details=Details(**details) if details else None,
    )


def made(pack: Pack, rule: str, hours: str, **details: Any) -> Granted:
    source = pack.source(rule)
    assert source is not None
    judged = worth(pack, source, registered(pack, rule, hours, **details))
    assert isinstance(judged, Granted), judged
    return judged


@pytest.mark.parametrize(
    ("pack", "rule", "hours", "details", "credits_"),
    [
        (HORGOS, "HG-02.4", "16", {"mode": "concentrated"}, "4.00"),
        (HORGOS, "HG-02.4", "18", {"mode": "online"}, "3.60"),
        (HORGOS, "HG-16.3", "18", {}, "3.60"),
        (HORGOS, "HG-02.4", "40", {"mode": "concentrated", "grade": "failed", "level": "district"}, "0.00"),
        (HORGOS, "HG-02.2", "80", {"mode": "concentrated", "grade": "good", "level": "province"}, "22.00"),
        (HORGOS, "HG-02.2", "80", {"mode": "concentrated", "grade": "excellent", "level": "nation"}, "23.00"),
        (HORGOS, "HG-02.2", "80", {"mode": "concentrated", "grade": "good", "level": "city"}, "21.00"),
        (HORGOS, "HG-02.2", "80", {"mode": "concentrated", "level": "province"}, "20.00"),
        (
            HORGOS,
            "HG-02.4",
            "16",
            {"mode": "concentrated", "grade": "excellent", "level": "district"},
            "4.40",
        ),
        (HORGOS, "HG-02.4", "7", {"mode": "concentrated", "grade": "good", "level": "district"}, "1.84"),
        (HORGOS, "HG-16.2", "8", {"mode": "concentrated", "level": "province"}, "6.00"),
        (HORGOS, "HG-16.2", "8", {"mode": "concentrated", "level": "district"}, "4.00"),
        (HORGOS, "HG-16.2", "8", {"mode": "concentrated", "level": "city", "grade": "excellent"}, "4.00"),
        (JIANGXI, "JX-03", "60", {}, "3.00"),
        (JIANGXI, "JX-03", "50", {}, "2.50"),
        (JIANGXI, "JX-03", "60", {"grade": "failed"}, "0.00"),
        (WUHAN, "WH-09.1", "12", {"mode": "concentrated"}, "1.50"),
        (WUHAN, "WH-09.2", "25", {"mode": "non_concentrated"}, "2.50"),
        (WUHAN, "WH-09.3", "25", {}, "2.50"),
        (WUHAN, "WH-02.1", "25", {}, "2.50"),
        (WUHAN, "WH-06.1", "120", {}, "6.00"),
        (WUHAN, "WH-09.1", "160", {"mode": "concentrated"}, "20.00"),
        (WUHAN, "WH-09.3", "200", {}, "20.00"),
    ],
)
def test_credits_of_the_tables(
    pack: Pack, rule: str, hours: str, details: dict[str, Any], credits_: str
) -> None:
    granted = made(pack, rule, hours, **details)
    assert (f"{granted.hours}", f"{granted.credits}") == (f"{Decimal(hours):.2f}", credits_)
    assert granted.reason == ("assessment.failed" if details.get("grade") == "failed" else "")


def changed(pack: Pack, rule: str, **figures: Any) -> Pack:
    """A pack whose conversion of that id has other figures."""
    rules = tuple(replace(one, **figures) if one.id == rule else one for one in pack.conversions)
    return replace(pack, conversions=rules)


CONCENTRATED = Factor(id="concentrated", name="concentrated", name_zh="集中培训", hours=Decimal(10))


@pytest.mark.parametrize(
    ("figures", "hours", "credits_", "reason"),
    [
        ({"whole": True}, "50", "2.00", ""),
        ({"whole": True}, "19.99", "0.00", "credits.below_one"),
        ({"percent": Decimal(50)}, "60", "1.50", ""),
        ({"percent": Decimal(50), "whole": True}, "60", "1.00", ""),
    ],
    ids=["floor", "less than one", "principals", "both"],
)
def test_whole_credits_and_a_part_of_them(
    figures: dict[str, Any], hours: str, credits_: str, reason: str
) -> None:
    granted = made(changed(JIANGXI, "JX-01", **figures), "JX-03", hours)
    assert (f"{granted.credits}", granted.reason) == (credits_, reason)


def test_ten_concentrated_hours_are_a_credit_where_twenty_online_ones_are() -> None:
    rule = replace(JIANGXI.conversions[0], factors=(*JIANGXI.conversions[0].factors, CONCENTRATED))
    assert rounded(basic_credits(rule, "concentrated", Decimal(60))) == 6
    assert rounded(basic_credits(rule, "online", Decimal(60))) == 3


def test_where_the_source_gives_credits_a_factor_of_one_leaves_them() -> None:
    one = replace(CONCENTRATED, hours=Decimal(1))
    rule = replace(JIANGXI.conversions[0], factors=(one,))
    assert rounded(basic_credits(rule, "concentrated", Decimal("3.25"))) == Decimal("3.25")


@pytest.mark.parametrize(
    ("rule", "details", "code", "path"),
    [
        ("HG-02.4", {}, "mode.missing", "/details/mode"),
        ("HG-02.4", {"mode": "by_post"}, "mode.unknown", "/details/mode"),
        ("HG-16.3", {"mode": "concentrated"}, "mode.unknown", "/details/mode"),
        ("HG-02.4", {"mode": "online", "grade": "优"}, "grade.unknown", "/details/grade"),
        ("HG-02.4", {"mode": "online", "grade": "good"}, "issuing_level.missing", "/details/level"),
        ("HG-02.4", {"mode": "online", "level": "school"}, "issuing_level.unknown", "/details/level"),
        ("HG-16.2", {"mode": "online"}, "issuing_level.missing", "/details/level"),
    ],
)
def test_what_rules_do_not_know_is_refused_with_its_place(
    rule: str, details: dict[str, Any], code: str, path: str
) -> None:
    source = HORGOS.source(rule)
    assert source is not None
    refused = worth(HORGOS, source, registered(HORGOS, rule, "8", **details))
    assert isinstance(refused, Refused)
    assert (refused.code, refused.paths) == (code, (path,))


def test_an_explanation_has_every_step_up_to_the_one_rounding() -> None:
    granted = made(HORGOS, "HG-02.4", "7", mode="concentrated", grade="good", level="district")
    assert arithmetic(granted.basis, granted.hours, granted.credits) == [
        "7.00",
        "7.00 ÷ 4 = 1.75",
        "1.75 + 1.75 × 0.05 = 1.8375",
        "1.8375 → 1.84",
    ]


def test_wh_p1_one_record_gives_no_more_than_its_rule_says() -> None:
    granted = made(JIANGHAN, "WH-P1.1", "160")
    assert (f"{granted.credits}", f"{granted.hours}") == ("15.00", "160.00")
    assert granted.reason == "record_cap.reached"
    assert arithmetic(granted.basis, granted.hours, granted.credits) == [
        "160.00",
        "160.00 ÷ 8 = 20.00",
        "min(20.00, 15.00) = 15.00",
    ]
    assert made(JIANGHAN, "WH-P1.1", "120").reason == ""
    assert expected(JIANGHAN, "WH-P1.1", Decimal(160), "concentrated") == 15
    visit = made(HARBOUR, "HA-2", "50")
    assert arithmetic(visit.basis, visit.hours) == ["50.00", "min(50.00, 40.00) = 40.00"]
    assert expected(HARBOUR, "HA-2", Decimal(50), "") == 40


def test_a_class_is_expected_to_give_basic_credits() -> None:
    assert expected(HORGOS, "HG-02.4", Decimal(16), "concentrated") == 4
    assert expected(builtin(), "GZ-HR-2.02", Decimal(16), "concentrated") == 16


def test_a_grade_of_a_class_is_known_and_goes_with_the_outcome() -> None:
    rule = HORGOS.conversions[0]
    assert may_grade(rule, "good", "passed") is None
    assert may_grade(rule, "failed", "failed") is None
    assert may_grade(None, "优秀", "passed") is None
    said = [may_grade(rule, "优秀", "passed"), may_grade(rule, "failed", "passed")]
    assert [one.code for one in said if one] == ["grade.unknown", "grade.disagrees"]


AMOUNTS = st.decimals(min_value=0, max_value=500, places=2)
TIMES = st.sampled_from(["0.05", "0.10", "0.15", "1", "2"]).map(Decimal)


@given(AMOUNTS, st.integers(1, 20), TIMES)
def test_credits_are_rounded_once(hours: Decimal, factor: int, times: Decimal) -> None:
    reward = HORGOS.rewards[0]
    case = replace(reward.cases[0], levels=("district",), grade="good", times=times)
    rule = replace(HORGOS.conversions[0], factors=(replace(CONCENTRATED, hours=Decimal(factor)),))
    pack = replace(HORGOS, conversions=(rule,), rewards=(replace(reward, cases=(case,)),))
    source = pack.source("HG-02.4")
    assert source is not None
    details = Details(mode="concentrated", grade="good", level="district")
    granted = credited(pack, source, details, Granted(hours=hours))
    assert isinstance(granted, Granted)
    exact = Fraction(hours) / factor * (1 + Fraction(times))
    assert granted.credits is not None
    assert abs(Fraction(granted.credits) - exact) <= Fraction(1, 200)
    assert Fraction(granted.credits) - exact != Fraction(-1, 200), "a half goes up"


def claim(number: int, year: int, amount: str | Decimal) -> Claim:
    account = Account(teacher="T1", year=year, rule="WH-06.1", category="non_concentrated")
    return Claim(
        ground=f"record:R{number}",
        account=account,
        hours=Decimal(amount),
        reason="",
        origin="hours/32/1",
        effective_at=datetime(2010, 5, 1, tzinfo=UTC),
    )


def cuts(pack: Pack, asked: Sequence[tuple[int, str | Decimal]]) -> list[Cut]:
    claims = [claim(number, year, amount) for number, (year, amount) in enumerate(asked)]
    return list(cut((one, limit_of(pack, one.account)) for one in claims))


def test_five_a_year_are_cut_before_twenty_a_cycle() -> None:
    found = cuts(WUHAN, [(2008, "6"), (2009, "5"), (2010, "5"), (2011, "5"), (2012, "6"), (2013, "4")])
    assert [one.counted for one in found] == [5, 5, 5, 5, 0, 4]
    assert [one.reason for one in found] == [
        "cap.reached",
        "",
        "",
        "",
        "cycle_cap.reached",
        "",
    ]
    assert [one.in_cycle for one in found] == [0, 5, 10, 15, 20, 0]


def test_what_is_left_is_the_smaller_of_both_rooms() -> None:
    limit = Limit(Decimal(5), CycleLimit(Decimal(20), Span(2008, 2012)))
    full = {year: Decimal(5) for year in (2008, 2009, 2010)}
    assert left(full, 2011, limit) == 5
    assert left({**full, 2011: Decimal(3)}, 2012, limit) == 2
    assert left({**full, 2011: Decimal(3)}, 2011, limit) == 2


@given(
    st.lists(st.tuples(st.integers(2008, 2014), st.decimals(min_value=0, max_value=9, places=2)), max_size=14)
)
def test_what_counts_of_a_cycle_does_not_depend_on_the_order(asked: list[tuple[int, Decimal]]) -> None:
    years = {year: Decimal(0) for year in range(2008, 2015)}
    for year, amount in asked:
        years[year] += amount
    for order in (asked, asked[::-1], sorted(asked)):
        counted = cuts(WUHAN, order)
        for first, last in ((2008, 2012), (2013, 2017)):
            inside = [
                one.counted for one, (year, _) in zip(counted, order, strict=True) if first <= year <= last
            ]
            most = sum((min(years[year], Decimal(5)) for year in years if first <= year <= last), Decimal(0))
            assert sum(inside, Decimal(0)) == min(most, Decimal(20))


def test_packs_of_hours_convert_nothing() -> None:
    granted = made(builtin(), "GZ-HR-2.02", "16")
    assert (granted.credits, granted.amount) == (None, Decimal("16.00"))
    assert isinstance(HORGOS.conversions[0], Conversion)
