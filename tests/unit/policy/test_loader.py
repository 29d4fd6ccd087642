"""What a wrong pack gets: an error with the file and the key, whatever is wrong (规则包校验)."""

import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from shared.policy import loader
from shared.policy.loader import PackError

TEXT = resources.files("shared.policy").joinpath("packs/guangzhou.toml").read_text(encoding="utf-8")
WRITTEN: dict[str, Any] = tomllib.loads(TEXT, parse_float=Decimal)
del WRITTEN["examples"]  # their shapes: test_examples

OPTIONAL = {
    *("cap", "evidence", "vocational_only", "prior_approval", "reviewers", "exclusive_with", "last"),
    *("valid_to", "clauses", "courses", "steps", "by", "term", "renewals", "terms", "principles", "slots"),
    *("valid_to", "plausibility", "exclusive_in_year", "figures"),
    *("content_rule", "authority_rule", "carried_rule", "approvals"),
}
WITHOUT = {"points", "exchange", "expiry", "carry_over", "requirements", "cycles", "answer", "proof"}
"""What a place may do without as a whole."""
PRODUCED = {"name": "production", "title": "Production", "title_zh": "课程制作"}
ENTRIES = {
    *("exchange.caps.professional", "exchange.caps.elective"),
    *("hours[14].figures.annual_points", "hours[14].figures.converted_hours"),
    *(
        f"requirements[{index}].minima.{category}"
        for index, row in enumerate(WRITTEN["requirements"])
        for category in row["minima"]
    ),
}

Key = tuple[str | int, ...]


def _path(key: Key) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key).lstrip(".")


def _keys(value: Any, key: Key = ()) -> Iterator[tuple[Key, Any]]:
    """Every key of the pack with its value, tables and lists included."""
    if isinstance(value, dict | list):
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*key, name), item
            yield from _keys(item, (*key, name))


def _at(written: Any, key: Key) -> Any:
    for part in key:
        written = written[part]
    return written


def _fault(change: Callable[[dict[str, Any]], object]) -> PackError:
    written = deepcopy(WRITTEN)
    change(written)
    with pytest.raises(PackError) as caught:
        loader.build(written, "guangzhou.toml")
    error = caught.value
    assert str(error) == f"guangzhou.toml: {error.key}: {error.message}"
    return error


def _set(key: Key, value: Any) -> PackError:
    return _fault(lambda written: _at(written, key[:-1]).__setitem__(key[-1], value))


ALL = dict(_keys(WRITTEN))
FIELDS = [key for key in ALL if isinstance(key[-1], str) and _path(key) not in ENTRIES]
REQUIRED = [key for key in FIELDS if key[-1] not in OPTIONAL and _path(key) not in WITHOUT]
TABLES = [
    (),
    *(
        key
        for key, value in ALL.items()
        if isinstance(value, dict) and key[-1] not in {"caps", "figures", "minima"}
    ),
]
NUMBERS = [key for key, value in ALL.items() if isinstance(value, int) and not isinstance(value, bool)]
TEXTS = [
    key
    for key, value in ALL.items()
    if isinstance(value, str) and key[-1] in {"clause", "words", "title", "note"}
]


@pytest.mark.parametrize("key", REQUIRED, ids=_path)
def test_a_missing_key_is_named(key: Key) -> None:
    error = _fault(lambda written: _at(written, key[:-1]).pop(key[-1]))
    assert (error.key, error.message) == (_path(key), "is missing")


def test_points_are_not_given_without_saying_until_when_they_live() -> None:
    error = _fault(lambda written: written.pop("expiry"))
    assert (error.key, error.message) == ("expiry", "points are given, and nothing says until when they live")


@pytest.mark.parametrize("gone", [{"points", "exchange", "expiry", "carry_over"}, {"exchange", "carry_over"}])
def test_a_place_may_do_without_points_their_exchange_and_carry_over(gone: set[str]) -> None:
    pack = loader.build({key: value for key, value in WRITTEN.items() if key not in gone}, "other.toml")
    assert (pack.exchange, pack.carry_over, dict(pack.targets)) == (None, None, {})
    assert pack.parts["total"] == tuple(pack.posted), "nothing is carried in"


def test_something_is_asked_for() -> None:
    error = _fault(lambda written: written.update(requirements=[], cycles=[], examples=[]))
    assert (error.key, error.message) == ("requirements", "neither a year nor a cycle asks for anything")


@pytest.mark.parametrize("table", TABLES, ids=_path)
def test_an_unknown_key_is_named(table: Key) -> None:
    error = _fault(lambda written: _at(written, table).__setitem__("colour", "red"))
    assert (error.key, error.message) == (_path((*table, "colour")), "is not a known key")


@pytest.mark.parametrize("key", [key for key, value in ALL.items() if not isinstance(value, dict)], ids=_path)
def test_a_value_of_the_wrong_type_is_named(key: Key) -> None:
    assert _set(key, {"x": 1}).key == _path(key)


@pytest.mark.parametrize("key", NUMBERS, ids=_path)
@pytest.mark.parametrize("value", [-1, "20", True, Decimal("NaN"), Decimal("Infinity"), date(2024, 1, 1)])
def test_what_is_no_number_is_named(key: Key, value: object) -> None:
    assert _set(key, value).key == _path(key)


@pytest.mark.parametrize("key", TEXTS, ids=_path)
@pytest.mark.parametrize("value", ["", " \n "])
def test_empty_words_are_named(key: Key, value: str) -> None:
    assert _set(key, value).key == _path(key)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        (("points", 3, "cap"), Decimal("100.0"), "int"),
        (("points", 3, "cap"), 0, ">= 1"),
        (("points", 0, "kind"), "shared_contents", "shared_contents"),
        (("points", 4, "good_stars"), 6, "<= 5"),
        (("points", 4, "min_mean"), Decimal("5.5"), "1 to 5 stars"),
        (("points", 4, "min_mean"), 0, "1 to 5 stars"),
        (("points", 0, "id"), "bp four", "regex"),
        (("points", 1, "id"), "GZ-BP-04", "used twice (first at points[0])"),
        (("hours", 0, "id"), "GZ-BP-04", "used twice (first at points[0])"),
        (("slots", 0, "id"), "GZ-BP-04", "both a reserved slot and an enabled rule (points[0])"),
        (("slots", 1, "id"), "GZ-BP-01", "used twice (first at slots[0])"),
        (("exchange", "id"), "GZ-EX-02", "both a reserved slot and an enabled rule (slots[7])"),
        (("verification", "rules", 4, "id"), "GZ-VF-01", "used twice (first at verification.rules[0])"),
        (("slots", 0, "section"), "waivers", "waivers"),
        (("exchange", "rate"), Decimal("100.5"), "int"),
        (("exchange", "caps", "professional"), Decimal("10.5"), "int"),
        (("exchange", "caps", "personal"), 10, "personal"),
        (("exchange", "caps"), {}, "no category"),
        (("hours", 2, "category"), "special", "special"),
        (("hours", 2, "registrars"), [], "length >= 1"),
        (("hours", 2, "registrars"), ["centre", "centre"], "twice"),
        (("hours", 4, "registrars"), ["education"], "education registers the classes that it holds"),
        (("hours", 14, "registrars"), ["school", "city"], "city registers the classes that it holds"),
        (("hours", 0, "reviewers"), ["school"], "what a platform records is not reviewed"),
        (("hours", 2, "reviewers"), ["school"], "recognised by the city, by a centre of a level"),
        (("hours", 3, "lead_months"), 1, "only classes and plans"),
        (("hours", 13, "lead_months"), 0, ">= 1"),
        (("hours", 13, "registrars"), ["centre"], "registered by the school"),
        (("hours", 13, "reviewers"), ["distance_centre"], "recognised by the centre, or by nobody"),
        (("hours", 4, "cap"), Decimal("10.005"), "two decimal places"),
        (("hours", 4, "cap"), Decimal("-0.5"), "not negative"),
        (("hours", 14, "proof"), ["applicant", "applicant"], "twice"),
        (("hours", 14, "proof"), [], "length >= 1"),
        (("hours", 14, "figures"), {"age": "score"}, "age is not among the data of the proof"),
        (("hours", 11, "grades"), [], "length >= 1"),
        (("hours", 11, "grades"), ["A", "A"], "twice"),
        (("hours", 11, "hours"), {"A": 1, "D": 2}, "D is not among the grades A, B, C"),
        (("courses", 0, "renewal"), "GZ-CR-01a", "not among the renewals"),
        (("courses", 0, "applicants"), ["host", "host"], "twice"),
        (("courses", 0, "applicants"), ["distance_centre"], "decides as well"),
        (("courses", 0, "form"), ["hours", "hours"], "twice"),
        (("courses", 0, "steps", 4, "name"), "final_review", "final_review is another step"),
        (("courses", 0, "steps", 0, "name"), "renewal", "what follows all"),
        (("courses", 0, "steps", 0, "term"), "GZ-CR-03a", "not among the terms"),
        (("courses", 0, "steps", 0, "does"), "production", "with who applied"),
        (("courses", 1, "steps"), [{**PRODUCED, "does": "production"}], "nobody reviews"),
        (("renewals", 0, "earliest"), 6, "6 is more than latest 5"),
        (("categories",), [], "length >= 1"),
        (("categories", 0, "id"), "Public", "regex"),
        (("categories", 0, "id"), "total", "total is the name of another sum"),
        (("categories", 1, "id"), "public", "public is used twice"),
        (("categories", 0, "within"), "elective", "elective is none of the categories before it"),
        (("categories", 2, "within"), "leisure", "leisure is none of the categories before it"),
        (("hours", 0, "category"), "leisure", "leisure is no category of this pack"),
        (("carry_over", "category"), "leisure", "leisure is no category of this pack"),
        (("requirements", 2, "minima", "leisure"), 1, "leisure is no category of this pack"),
        (("requirements", 2, "total"), 89, "less than the categories together (90)"),
        (("requirements", 2, "first"), 2020, "overlaps"),
        (("requirements", 2, "first"), 2023, "no requirement for 2021 to 2022"),
        (("requirements", 1, "last"), 2019, "2019 lies before first 2020"),
        (("requirements", 0, "first"), 2012, "no requirement for 2010"),
        (("requirements", 2, "last"), 2030, "no requirement after 2030"),
        (("pack", "valid_to"), date(2009, 12, 31), "2009-12-31 lies before valid_from 2010-01-01"),
        (("pack", "valid_from"), "2010-01-01", "got text"),
        (("pack", "timezone"), "Asia/Guangzhou", "unknown time zone 'Asia/Guangzhou'"),
        (("pack", "timezone"), "", "unknown time zone"),
        (("pack", "timezone"), "../etc/passwd", "unknown time zone"),
        (("pack", "timezone"), "Asia", "unknown time zone"),
        (("pack", "year_begins"), "02-29", "02-29 is no day of every year"),
        (("pack", "year_begins"), "9-1", "regex"),
        (("pack", "division"), "44010", "regex"),
        (("pack", "division"), "4401000", "regex"),
        (("pack", "division"), "44010x", "regex"),
        (("pack", "id"), "guang@zhou", "regex"),
        (("pack", "version"), "one", "regex"),
        (("certificates", 0, "division"), "", "regex"),
        (("certificates", 0, "digit"), 1, ">= 5"),
        (("certificates", 0, "cycle"), "X-1", "names the cycle of a certificate of that name"),
        (("certificates", 0, "valid_years_after"), -1, ">= 0"),
        (("certificates", 0, "digit"), 10, "<= 9"),
        (("carry_over", "years"), 0, ">= 1"),
        (("verification", "authority"), "school", "school"),
        (("verification", "content_rule"), "GZ-VF-04", "not among the rules of the verification"),
        (("verification", "authority_rule"), "GZ-BP-04", "not among the rules of the verification"),
        (("verification", "carried_rule"), "GZ-VF-04", "not among the rules of the verification"),
    ],
    ids=lambda part: _path(part) if isinstance(part, tuple) else None,
)
def test_a_wrong_value_is_named(key: Key, value: Any, says: str) -> None:
    error = _set(key, value)
    assert error.key.startswith(_path(key))
    assert says in error.message


@pytest.mark.parametrize(
    ("first", "last", "key", "says"),
    [
        ("13-01", "12-31", "exchange.window.first", "13-01 is no day of the year"),
        ("02-30", "12-31", "exchange.window.first", "02-30 is no day"),
        ("03-01", "06-31", "exchange.window.last", "06-31 is no day"),
        ("12-01", "11-30", "exchange.window.last", "lies before 12-01"),
        ("1-1", "12-31", "exchange.window.first", "regex"),
    ],
)
def test_a_wrong_window_is_named(first: str, last: str, key: str, says: str) -> None:
    error = _set(("exchange", "window"), {"first": first, "last": last})
    assert error.key == key
    assert says in error.message


def test_a_window_asks_for_calendar_years() -> None:
    def school_years(written: dict[str, Any]) -> None:
        written["pack"]["year_begins"] = "09-01"
        written["exchange"]["window"] = {"first": "11-01", "last": "11-30"}

    assert _fault(school_years).key == "exchange.window"


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["GZ-HR-3.99"], "no way of registering"),
        (["GZ-BP-04"], "no way of registering"),
        (["GZ-HR-2.05"], "no way of registering"),
        (["GZ-HR-2.09"], "excludes itself"),
        (["GZ-HR-2.10"], "does not name GZ-HR-2.09 in return"),
    ],
)
def test_exclusive_rules_must_exist_and_agree(names: list[str], says: str) -> None:
    error = _set(("hours", 7, "exclusive_with"), names)
    assert error.key == "hours[7].exclusive_with[0]"
    assert says in error.message


def test_exclusive_rules_agree_on_how_long_they_exclude() -> None:
    error = _fault(lambda written: written["hours"][7].update(exclusive_in_year=True))
    assert error.key == "hours[7].exclusive_with[0]"
    assert "exclusive_in_year" in error.message


@pytest.mark.parametrize("name", ["name", "digit"])
def test_two_kinds_of_certificate_are_told_apart(name: str) -> None:
    other = {"id": "CT-02", "name": "annual", "digit": 6} | {name: WRITTEN["certificates"][0][name]}
    error = _fault(lambda written: written["certificates"].append(written["certificates"][0] | other))
    assert error.key in {"certificates[1].name", "certificates[1].digit"}


def test_an_entry_of_a_table_is_named() -> None:
    assert _set(("hours", 11, "hours"), {"A": 8, "B": "many"}).key == "hours[11].hours.B"
    assert _set(("hours", 11, "hours"), {"A": 8, "B": Decimal(-8)}).key == "hours[11].hours.B"
    assert _set(("exchange", "caps"), {"elective": 10, "personal": 10}).key == "exchange.caps.personal"
    assert _set(("exchange", "caps"), {"elective": 10, "public": 0}).key == "exchange.caps.public"


def test_an_entry_that_is_wrong_beside_its_like_leaves_one_of_them_named() -> None:
    assert _set(("exchange", "caps"), {"elective": 0, "professional": 0}).key == "exchange.caps.elective"


def test_hours_are_posted_into_categories_that_contain_no_other() -> None:
    error = _set(("categories", 1, "within"), "public")
    assert error.key == "hours[0].category"
    assert "public contains other categories" in error.message


def test_hours_by_grade_load_once_they_are_given() -> None:
    written = deepcopy(WRITTEN)
    written["hours"][11]["hours"] = {"A": 30, "B": Decimal("20.5")}
    rule = loader.build(written, "guangzhou.toml").hours[11]
    assert getattr(rule, "hours", None) == {"A": Decimal(30), "B": Decimal("20.5")}


def test_a_term_of_plans_and_their_recognition_load() -> None:
    text = TEXT.replace('through = "plan"', 'through = "plan"\nlead_months = 1\nreviewers = ["centre"]')
    rule = loader.parse(text, "other.toml").source("GZ-HR-3.02")
    assert rule is not None
    assert (rule.lead_months, rule.reviewers) == (1, ("centre",))


def test_a_window_and_a_months_expiry_load() -> None:
    text = TEXT.replace('kind = "calendar_year"', 'kind = "months"\nmonths = 12')
    text = text.replace("caps = {", 'window = { first = "03-01", last = "11-30" }\ncaps = {')
    pack = loader.parse(text, "other.toml")
    assert getattr(pack.expired_by, "months", None) == 12
    window = pack.exchanged_by.window
    assert window is not None
    assert (window.first, window.last) == ("03-01", "11-30")


def test_decimals_are_read_exactly() -> None:
    pack = loader.parse(TEXT.replace("main = 28", "main = 28.10"), "guangzhou.toml")
    rule = pack.source("GZ-HR-2.10")
    assert str(getattr(rule, "main", None)) == "28.10"


def test_text_that_is_not_toml_says_where() -> None:
    with pytest.raises(PackError, match=r"^bad\.toml: is not TOML: .*line 2"):
        loader.parse("[pack]\nid = x\n", "bad.toml")


def test_a_key_written_twice_is_not_toml() -> None:
    with pytest.raises(PackError, match=r"^guangzhou\.toml: is not TOML"):
        loader.parse(TEXT.replace("points = 20\n", "points = 20\npoints = 30\n"), "guangzhou.toml")


def test_a_file_is_read_and_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(TEXT, encoding="utf-8")
    assert loader.load(file) == loader.load(str(file)) == loader.builtin()
    file.write_text(TEXT.replace("cap = 100", "cap = -1", 1), encoding="utf-8")
    with pytest.raises(PackError, match=r"^mine\.toml: points\[0\]\.cap: Expected `int` >= 1") as caught:
        loader.load(file)
    assert (caught.value.file, caught.value.key) == ("mine.toml", "points[0].cap")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"^none\.toml: cannot be read: No such file"):
        loader.load(tmp_path / "none.toml")
    file = tmp_path / "latin.toml"
    file.write_bytes(b'[pack]\nid = "\xe9"\n')
    with pytest.raises(PackError, match=r"^latin\.toml: is not UTF-8 \(byte 13\)"):
        loader.load(file)


@pytest.mark.parametrize("name", ["atlantis", "../guangzhou", ""])
def test_a_pack_that_is_not_shipped_is_named(name: str) -> None:
    with pytest.raises(PackError, match="no such pack is shipped"):
        loader.builtin(name)


@pytest.mark.parametrize(
    ("index", "field", "value", "says"),
    [
        (0, "through", "declaration", "is not registered through declaration"),
        (2, "through", "completion", "is not registered through completion"),
        (1, "reviewers", ["centre"], "what a platform records is not reviewed"),
        (2, "reviewers", ["school"], "by the city, by a centre of a level, or by nobody"),
        (2, "reviewers", ["centre"], "by the city, by a centre of a level, or by nobody"),
        (2, "reviewers", ["centre@district", "city"], "by the city, by a centre of a level, or by nobody"),
        (2, "reviewers", ["centre@city"], "registers or reviews already"),
        (3, "reviewers", ["school", "school"], "registers or reviews already"),
        (4, "reviewers", ["research_department"], "registers or reviews already"),
    ],
)
def test_the_way_of_a_rule_and_who_reviews_must_go_together(
    index: int, field: str, value: object, says: str
) -> None:
    error = _set(("hours", index, field), value)
    assert error.key == f"hours[{index}].{field}"
    assert says in error.message


@pytest.mark.parametrize("reviewer", ["school@city", "centre@province", "city@district"])
def test_who_reviews_is_named_at_a_level_where_there_is_one(reviewer: str) -> None:
    assert _set(("hours", 3, "reviewers"), [reviewer]).key == "hours[3].reviewers[0]"


def test_a_level_in_a_reviewer_does_not_make_it_another_kind() -> None:
    error = _set(("hours", 3, "reviewers"), ["centre", "centre@city"])
    assert error.key == "hours[3].reviewers"


def test_the_floor_of_a_degree_is_one_of_the_degrees() -> None:
    study = {"kind": "degree_study", "degrees": ["专科", "本科"], "floors": {"小学": "硕士"}}
    like = {name: value for name, value in WRITTEN["hours"][7].items() if name != "kind"}
    error = _set(("hours", 7), {**like, **study})
    assert error.key == "hours[7].floors.小学"


CITYS = {"level": "city", "format": "online", "approvers": ["city"]}


@pytest.mark.parametrize(
    "approver", ["school", "centre@province", "city@district", "education@province", "distance_centre"]
)
def test_who_approves_a_class_is_an_authority_at_a_level_where_there_is_one(approver: str) -> None:
    key = "hours[2].classes.approvals[0].approvers[0]"
    approvals = [{**CITYS, "approvers": [approver]}]
    assert _set(("hours", 2, "classes", "approvals"), approvals).key == key


@pytest.mark.parametrize(
    ("classes", "place", "message"),
    [
        ({"approvers": ["city", "city"]}, "approvers", "names something twice"),
        (
            {"approvals": [{**CITYS, "format": "by post"}]},
            "approvals[0].format",
            "by post is not among the formats concentrated, online, mixed",
        ),
        (
            {"approvals": [CITYS, {**CITYS, "level": "district"}, CITYS]},
            "approvals[2]",
            "city classes that are online have approvers already",
        ),
        (
            {"approvals": [{**CITYS, "approvers": ["city", "city"]}]},
            "approvals[0].approvers",
            "names something twice",
        ),
        *(
            (
                {"approvals": [{"level": level, "format": "online", "approvers": ["education", below]}]},
                "approvals[0].approvers[1]",
                f"{below} does not stand at or above a {level}",
            )
            for level, below in (
                ("city", "centre@district"),
                ("province", "centre@city"),
                ("province", "centre"),
                ("province", "city"),
            )
        ),
        (
            {"approvers": ["distance_centre@city"]},
            "approvers",
            "no authority decides on annual plans of a district",
        ),
        ({"absence": {"numerator": 6, "denominator": 5}}, "absence", "is more than the whole"),
        (
            {"score": {"weights": {"time": Decimal("0.5")}, "pass_mark": 60}},
            "score.weights",
            "add up to 0.5, not to 1",
        ),
        (
            {"score": {"weights": {"time": 1}, "pass_mark": 101}},
            "score.pass_mark",
            "101 is more than 100",
        ),
    ],
)
def test_classes_that_cannot_be_are_named(classes: dict[str, Any], place: str, message: str) -> None:
    shipped = WRITTEN["hours"][2]["classes"]
    error = _set(("hours", 2, "classes"), {**shipped, **classes})
    assert (error.key, error.message) == (f"hours[2].classes.{place}", message)


def test_only_hours_through_classes_say_how_classes_are_held() -> None:
    error = _set(("hours", 0, "classes"), WRITTEN["hours"][2]["classes"])
    assert (error.key, error.message) == ("hours[0].classes", "hours through completion have no classes")
