"""Topics that a cycle covers, or that are taken whole, and what nobody was offered."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from hours.obligations.domain.explanation import Wording, conclude, explain_check
from hours.obligations.domain.standing import Activity, Standing
from shared.policy import loader
from shared.policy.errors import PackError
from shared.policy.names import item_names
from shared.wording import Language
from tests.unit.hours.obliging import (
    NEW,
    TOPICS,
    TRAINING,
    held,
    rule,
    stand,
    wording,
)


def test_jx_05_ten_of_eleven_are_not_all() -> None:
    ten = held(TRAINING, 300, date(2025, 5, 8), None, *(one for one in TOPICS if one != "mental_health"))
    standing = stand("JX-05", NEW, [ten], 2025)
    assert (standing.state, standing.lacking, standing.not_offered) == ("missed", ["mental_health"], [])
    assert standing.checks[0].counted == 10
    all_told = conclude(standing, wording("zh"))
    assert "缺:心理健康教育。" in all_told
    rest = held(TRAINING, "0.5", date(2021, 1, 1), None, "mental_health")
    assert stand("JX-05", NEW, [ten, rest], 2025).state == "met", "however short it was"


def test_jx_05_what_nobody_was_offered_is_reported_against_the_programme() -> None:
    ten = held(TRAINING, 1, date(2025, 5, 8), None, *(one for one in TOPICS if one != "mental_health"))
    offered = [one for one in TOPICS if one != "mental_health"]
    standing = stand("JX-05", NEW, [ten], 2025, offered=offered)
    assert (standing.state, standing.lacking, standing.not_offered) == ("not_offered", [], ["mental_health"])
    both = stand("JX-05", NEW, [], 2025, offered=offered)
    assert (both.state, both.not_offered) == ("missed", ["mental_health"])


def test_topics_of_another_cycle_do_not_count_and_a_rule_may_ask_for_fewer() -> None:
    before = held(TRAINING, 1, date(2020, 12, 31), None, *TOPICS)
    assert stand("JX-05", NEW, [before], 2025).state == "missed"
    assert stand("JX-05", NEW, [before], 2020).state == "not_asked", "cycles begin in 2021"
    two = msgspec.structs.replace(rule("JX-05"), needed=2)
    taken = held(TRAINING, 1, date(2022, 3, 3), None, *TOPICS[:2])
    assert stand(two, NEW, [taken], 2022).state == "met"


PUBLIC = loader.load(Path(__file__).parents[2] / "packs" / "public_topics.toml")


def taken(hours: str, *topics: str, day: date = date(2023, 5, 8)) -> Activity:
    return replace(held(TRAINING, hours, day, None, *topics), category="public", rule="GD-02.1")


def of_public(*activities: Activity, on: date = date(2024, 1, 1)) -> Standing:
    found = PUBLIC.obligation("GD-02")
    assert found is not None
    return stand(found, NEW, activities, 2023, on)


def test_gd_02_parts_of_two_topics_do_not_add_up_and_are_flagged() -> None:
    halves = taken("15", "topic_a"), taken("15", "topic_b")
    standing = of_public(*halves)
    assert (standing.state, standing.reason) == ("missed", "topics.divided")
    short = [(check.name, f"{check.counted}", f"{check.missing}") for check in standing.checks]
    assert short == [("topic_a", "15.00", "15.00"), ("topic_b", "15.00", "15.00")]
    going_on = of_public(*halves, on=date(2023, 12, 31))
    assert (going_on.state, going_on.reason) == ("open", "topics.divided")
    fewer = of_public(taken("15", "topic_a"), taken("14.99", "topic_b"))
    assert (fewer.state, fewer.reason) == ("missed", "")
    whole = of_public(*halves, taken("15", "topic_b"))
    assert (whole.state, whole.reason) == ("met", "")


def test_gd_02_nobody_can_tell_of_what_hours_are_that_name_no_topic_or_two() -> None:
    for unnamed in (taken("15"), taken("15", "topic_a", "topic_b"), taken("15", "topic_a", "topic_c")):
        standing = of_public(taken("15", "topic_a"), unnamed)
        assert (standing.state, standing.reason) == ("unknown", "topics.unknown")
        assert of_public(taken("30", "topic_b"), unnamed).state == "met"
        assert of_public(taken("14.99", "topic_a"), unnamed).state == "missed"


@pytest.mark.parametrize(
    ("language", "check", "whole"),
    [
        (
            "en",
            "2023, topic A: 15.00 h count, at least 30.00 h asked (one of these suffices), short 15.00.",
            (
                "Not everything that was asked is there, and the time for it is over."
                " Several topics together have the hours that one of them has to have."
            ),
        ),
        (
            "zh",
            "2023 年专题一:计入 15.00 学时,要求不少于 30.00 学时(择一即可),缺 15.00。",
            "未达到要求,期限已过。各专题学时合计已够,但没有一个专题单独学满。",
        ),
    ],
)
def test_gd_02_is_told_by_topic(language: Language, check: str, whole: str) -> None:
    standing = of_public(taken("15", "topic_a"), taken("15", "topic_b"))
    wording = Wording(language=language, items=item_names(PUBLIC, language), topics=PUBLIC.topics)
    assert explain_check(standing, standing.checks[0], wording) == check
    assert conclude(standing, wording) == whole


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            'category = "public"\nhours',
            'category = "private"\nhours',
            "category: no hours are posted into private",
        ),
        ("last = 2023", "last = 2022", "last: 2022 lies before first 2023"),
        ('id = "topic_b"', 'id = "topic_a"', "topics: names a topic twice"),
        (
            'id = "topic_c"',
            'id = "topic_a"',
            "topics[0].name: topic_a is called otherwise in another obligation",
        ),
    ],
)
def test_a_whole_topic_that_contradicts_itself_does_not_load(before: str, after: str, said: str) -> None:
    text = (Path(__file__).parents[2] / "packs" / "public_topics.toml").read_text(encoding="utf-8")
    assert text.count(before) == 1
    with pytest.raises(PackError, match=re.escape(said)):
        loader.parse(text.replace(before, after), "pack.toml")
