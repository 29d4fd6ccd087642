"""Types of fields: each refuses with its own code."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from shared.runtime.errors import COMMON, Catalogue, DomainError, faults_of
from shared.runtime.fields import HoursField, Instant, OptionalReason, Reason, Text
from shared.wording import Language


class Choice(BaseModel):
    colour: Literal["red", "green", "blue"]


def test_what_is_allowed_is_a_list_of_what_may_be_sent() -> None:
    with pytest.raises(ValidationError) as refused:
        Choice.model_validate({"colour": "grey"})
    [fault] = faults_of(refused.value.errors())
    assert (fault.path, fault.code) == ("/colour", "field.not_allowed")
    assert fault.params["expected"] == ["red", "green", "blue"]


class Body(BaseModel):
    name: Text = "x"
    why: Reason = "x"
    override: OptionalReason = ""
    at: Instant = datetime(2025, 1, 1, tzinfo=UTC)
    hours: HoursField = Decimal(0)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "a\0b", "text.nul"),
        ("name", "长" * 201, "text.too_long"),
        ("name", "", "text.empty"),
        ("why", "", "text.empty"),
        ("why", "身份证34052419800101001x,住院", "text.citizen_id"),
        ("why", "１１０１０５１９４９１２３１００２Ｘ", "text.citizen_id"),
        ("override", "(440524188001010014)", "text.citizen_id"),
        ("at", "2025-04-04T16:32:00", "instant.offset_missing"),
        ("at", "2025-04-04", "instant.invalid"),
        ("at", "yesterday", "instant.invalid"),
        ("at", 1743755520, "instant.invalid"),
        ("at", "0001-01-01T00:00:00+14:00", "instant.out_of_range"),
        ("at", "1899-12-31T23:59:59Z", "instant.out_of_range"),
        ("at", "2200-01-01T00:00:00+08:00", "instant.out_of_range"),
        ("at", "9999-12-31T23:59:59Z", "instant.out_of_range"),
        ("hours", "-1", "hours.negative"),
        ("hours", "-0.001", "hours.negative"),
        ("hours", "1.005", "hours.over_precise"),
        ("hours", 1.005, "hours.over_precise"),
        ("hours", "NaN", "hours.invalid"),
        ("hours", "1e400", "hours.invalid"),
        ("hours", "1000000", "hours.invalid"),
        ("hours", "1e-400", "hours.over_precise"),
        ("hours", True, "hours.invalid"),
        ("hours", None, "hours.invalid"),
        ("hours", "zehn", "hours.invalid"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_place_and_code(
    field: str, value: Any, code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Body.model_validate({field: value})
    assert [(f.path, f.code) for f in faults_of(refused.value.errors())] == [(f"/{field}", code)]


@pytest.mark.parametrize(
    ("value", "hours"),
    [("17.5", "17.50"), (17.5, "17.50"), (8, "8.00"), ("0", "0.00"), ("999999.99", "999999.99")],
)
def test_hours_are_exact_and_have_two_places(value: Any, hours: str) -> None:
    assert str(Body.model_validate({"hours": value}).hours) == hours


def test_texts_are_normalised_so_that_the_same_name_is_the_same_text() -> None:
    assert Body.model_validate({"name": "e\u0301"}).name == "é"


def test_a_reason_may_have_other_numbers() -> None:
    for number in ("340524198001010010", "034052419800101001X", "340524800101001"):
        assert Body.model_validate({"why": number, "override": ""}).why == number


def test_instants_are_the_same_whatever_their_offset() -> None:
    china = Body.model_validate({"at": "2025-01-01T07:59:59+08:00"}).at
    assert china == Body.model_validate({"at": "2024-12-31T23:59:59Z"}).at
    assert china.tzinfo is UTC


class Kinds(BaseModel):
    text: str = ""
    count: int = Field(default=1, ge=1, le=9)
    share: Decimal = Decimal(0)
    told: bool = False
    day: date = date(2025, 1, 1)
    several: list[int] = Field(default_factory=list, max_length=2)
    one: Choice | None = None


CATALOGUE = Catalogue(COMMON)


@pytest.mark.parametrize(
    ("field", "value", "code", "english", "chinese"),
    [
        ("text", 7, "field.invalid", "a text is expected", "此处应为文本"),
        ("count", "x", "field.invalid", "a whole number is expected", "此处应为整数"),
        ("count", 0, "number.too_small", "The least that is allowed here is 1.", "最小允许值为 1"),
        ("count", 10, "number.too_large", "The most that is allowed here is 9.", "最大允许值为 9"),
        ("share", "x", "field.invalid", "a number is expected", "此处应为数字"),
        ("share", "NaN", "field.invalid", "a number is expected", "此处应为数字"),
        ("told", "perhaps", "field.invalid", "true or false is expected", "此处应为true 或 false"),
        ("day", "soon", "field.invalid", "a date is expected", "此处应为日期"),
        ("several", 1, "field.invalid", "a list is expected", "此处应为列表"),
        ("several", [1, 2, 3], "list.too_long", "At most 2 items", "最多允许 2 项"),
        ("one", 1, "field.invalid", "an object is expected", "此处应为对象"),
    ],
)
def test_what_was_expected_is_said_in_both_languages(
    field: str, value: Any, code: str, english: str, chinese: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Kinds.model_validate({field: value})
    faults = faults_of(refused.value.errors())
    assert [(fault.path, fault.code) for fault in faults] == [(f"/{field}", code)]
    expected: list[tuple[Language, str]] = [("en", english), ("zh", chinese)]
    for language, words in expected:
        [said] = CATALOGUE.render(DomainError("body.invalid", faults=faults), language)["errors"]
        assert words in said["detail"]
