"""Where an organisation may stand: below a higher level, inside its division, with codes of its own."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hours.organisations.domain import LEVELS, Held, Level, Organisation, Tree, Wanted, judge
from shared.identifiers import division

DAY = date(2020, 1, 1)


def organisation(name: str, level: Level, parent: str = "", **codes: str) -> Organisation:
    none = {"division": "", "school_code": "", "credit_code": ""}
    return Organisation(organisation=name, level=level, name=name, parent=parent, **{**none, **codes})


def wanted(one: Organisation, since: date | None = DAY) -> Wanted:
    return Wanted(organisation=one, since=since, today=DAY)


def tree(*organisations: Organisation) -> Tree:
    made = Tree(organisations={}, held={}, school_codes={}, credit_codes={})
    for one in organisations:
        assert judge(made, wanted(one)) is None
        made.take(wanted(one))
    return made


PROVINCE = organisation("P", "province", division="440000")
CITY = organisation("C", "city", "P", division="440300")
DISTRICT = organisation("D", "district", "C", division="440304")
SCHOOL = organisation("S", "school", "D", school_code="2144000001")
WHOLE = (PROVINCE, CITY, DISTRICT, SCHOOL)


def refusal(one: Organisation, since: date = DAY) -> tuple[str, str] | None:
    refused = judge(tree(*WHOLE), wanted(one, since))
    return None if refused is None else (refused.path, refused.code)


def test_what_does_not_fit_is_refused_with_its_place() -> None:
    new = organisation("N", "school", "D")
    assert refusal(new) is None
    assert refusal(replace(new, parent="nobody")) == ("/parent", "organisation.parent_unknown")
    assert refusal(replace(new, parent="S")) == ("/parent", "organisation.parent_level")
    assert refusal(replace(PROVINCE, parent="P")) == ("/parent", "organisation.parent_not_allowed")
    assert refusal(replace(CITY, level="district", division="440304")) == (
        "/level",
        "organisation.level_fixed",
    )
    assert refusal(replace(new, division="440304")) == ("/division", "division.not_of_school")
    assert refusal(replace(DISTRICT, division="440305")) is None
    assert refusal(replace(DISTRICT, division="440400")) == ("/division", "division.invalid")
    assert refusal(replace(DISTRICT, division="450304")) == ("/division", "division.outside_parent")
    assert refusal(replace(DISTRICT, division="440305"), date(2019, 1, 1)) == (
        "/division_since",
        "division.before_last",
    )
    assert refusal(replace(CITY, division="440400")) == ("/division", "division.leaves_out")


def test_a_day_that_was_to_come_when_nobody_asked_is_put_right() -> None:
    made, recoded = tree(*WHOLE), replace(DISTRICT, division="440305")
    made.held["D"] = [Held("440304", DAY - timedelta(9)), Held("440305", date(2062, 1, 1))]
    made.organisations["D"] = recoded
    assert judge(made, wanted(replace(recoded, name="renamed"), None)) is None, (
        "what is held is not asked again"
    )
    assert judge(made, wanted(replace(recoded, division="440306"))) is not None
    made.take(wanted(recoded))
    assert made.held["D"] == [Held("440304", DAY - timedelta(9)), Held("440305", DAY)]
    assert judge(made, wanted(replace(recoded, division="440306"))) is None


def test_codes_belong_to_one_school_of_the_province_for_ever() -> None:
    new = organisation("N", "school", "D")
    assert refusal(replace(new, school_code="2144000002")) is None
    assert refusal(replace(new, school_code="21440000")) == ("/school_code", "school_code.invalid")
    assert refusal(replace(new, school_code="2145000002")) == ("/school_code", "school_code.other_province")
    assert refusal(replace(new, school_code="2144000001")) == ("/school_code", "school_code.taken")
    assert refusal(replace(CITY, school_code="2144000002")) == ("/school_code", "school_code.not_a_school")
    recoded = tree(*WHOLE, replace(SCHOOL, school_code="2144000009"))
    refused = judge(recoded, wanted(replace(new, school_code="2144000001")))
    assert refused is not None
    assert refused.code == "school_code.taken", "a code that was given up is not given out again"


CODES = ("440000", "440300", "440304", "450000", "450100", "450102", "", "44")


@st.composite
def rows(draw: st.DrawFn) -> Organisation:
    name, parent = draw(st.sampled_from("abcdef")), draw(st.sampled_from(["", *"abcdef"]))
    code = draw(st.sampled_from(["", "2144000001", "2145000001"]))
    level = draw(st.sampled_from(LEVELS))
    return organisation(name, level, parent, division=draw(st.sampled_from(CODES)), school_code=code)


@given(st.lists(rows(), max_size=40))
def test_whatever_is_taken_is_a_tree_of_divisions_inside_each_other(drawn: list[Organisation]) -> None:
    made = tree()
    for one in drawn:
        if judge(made, wanted(one)) is None:
            made.take(wanted(one))
    standing = made.organisations
    for one in standing.values():
        level, above = one.level, standing.get(one.parent)
        assert (above is None) == (level == "province")
        if above is not None:
            assert LEVELS.index(above.level) < LEVELS.index(level), "upwards never leads in a circle"
            if one.division:
                assert division.inside(one.division, above.division)
        assert (level == "school") == (not one.division)
    codes = [one.school_code for one in standing.values() if one.school_code]
    assert len(codes) == len(set(codes))
