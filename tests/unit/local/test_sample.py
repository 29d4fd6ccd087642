"""The shipped sample year is what its generator makes, and has what a first run should show."""

import csv
import io
import itertools
import json
from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from deploy.local.sampling.community import VISITOR
from deploy.local.sampling.folder import FOLDER, files
from shared.identifiers import division
from shared.policy.loader import builtin

ACTIVITY_TYPES = {
    "resource.shared",
    "resource.rated",
    "topic.started",
    "topic.replied",
    "workshop.founded",
    "workshop.joined",
    "session.created",
    "session.joined",
    "session.outcome",
    "homework.recommended",
    "workshop.featured",
    "activity.withdrawn",
}


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return files()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def acts(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_committed_files_are_the_generators_output(made: dict[str, str]) -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(made)
    for name, text in made.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name} differs: run `make sample`"


def test_another_seed_makes_another_year(made: dict[str, str]) -> None:
    assert files(seed=7)["activities.ndjson"] != made["activities.ndjson"]


def test_about_sixty_teachers_of_three_schools_in_two_districts(made: dict[str, str]) -> None:
    roster = rows(made["roster.csv"])
    assert 55 <= len(roster) <= 65
    assert len({row["school"] for row in roster}) == 3
    assert len({row["district"] for row in roster}) == 2
    assert len({row["school"] for row in roster if row["vocational"] == "true"}) == 1
    assert len({row["teacher"] for row in roster}) == len(roster)


def test_schools_of_the_roster_stand_below_their_districts_in_the_tree(made: dict[str, str]) -> None:
    tree = {row["organisation"]: row for row in rows(made["organisations.csv"])}
    assert [row["level"] for row in tree.values()] == [
        "province",
        "city",
        *["district"] * 11,
        *["school"] * 3,
    ]
    for row in tree.values():
        assert division.level_of(row["division"]) == (None if row["level"] == "school" else row["level"])
        if row["parent"] and row["division"]:
            assert division.inside(row["division"], tree[row["parent"]]["division"])
    for row in rows(made["roster.csv"]):
        assert tree[tree[row["school"]]["parent"]]["name"] == row["district"]


def test_some_names_are_written_unusually(made: dict[str, str]) -> None:
    names = [row["name"] for row in rows(made["roster.csv"])]
    assert sum("·" in name for name in names) == 2
    assert any(ord(character) > 0xFFFF for name in names for character in name)


def test_every_type_of_act_happens(made: dict[str, str]) -> None:
    assert {act["type"] for act in acts(made["activities.ndjson"])} == ACTIVITY_TYPES


def test_every_reason_of_a_withdrawal_happens_once_before_its_act(made: dict[str, str]) -> None:
    seen: set[str] = set()
    early, reasons = 0, set()
    for act in acts(made["activities.ndjson"]):
        if act["type"] == "activity.withdrawn":
            reasons.add(act["object"]["reason"])
            early += act["object"]["activity"] not in seen
        seen.add(act["id"])
    assert reasons == {"moderation", "plagiarism", "fraud", "error"}
    assert early == 1


def test_acts_arrive_late_twice_and_with_their_instant_in_another_zone(made: dict[str, str]) -> None:
    lines = acts(made["activities.ndjson"])
    instants = [datetime.fromisoformat(act["occurred_at"]) for act in lines]
    assert any(later < earlier for earlier, later in itertools.pairwise(instants))
    twice = [key for key, count in Counter(act["id"] for act in lines).items() if count == 2]
    assert len(twice) > 10
    for key in twice:
        one, two = (act for act in lines if act["id"] == key)
        assert datetime.fromisoformat(one["occurred_at"]) == datetime.fromisoformat(two["occurred_at"])
    assert any(act["occurred_at"].endswith("Z") for act in lines)


def test_a_reply_arrives_before_its_topic(made: dict[str, str]) -> None:
    started: set[str] = set()
    orphans = 0
    for act in acts(made["activities.ndjson"]):
        topic = act["object"].get("topic")
        if act["type"] == "topic.started":
            started.add(topic)
        elif act["type"] == "topic.replied":
            orphans += topic not in started
    assert orphans


def test_hours_come_from_every_source_that_can_be_registered(made: dict[str, str]) -> None:
    pack = builtin("guangzhou")
    registrable = {source.id for source in pack.hours} - {"GZ-HR-2.12c"}  # the clause gives no figure
    found = rows(made["hours.csv"])
    assert {row["source_rule"] for row in found} == registrable
    for row in found:
        source = pack.source(row["source_rule"])
        assert source is not None
        assert source.category == row["category"]
        assert row["evidence"] or not source.evidence
        assert row["from"] <= row["to"]


def test_vocational_sources_are_for_vocational_teachers(made: dict[str, str]) -> None:
    vocational = {row["teacher"] for row in rows(made["roster.csv"]) if row["vocational"] == "true"}
    for row in rows(made["hours.csv"]):
        if "2.12" in row["source_rule"]:
            assert row["teacher"] in vocational


def test_a_visitor_of_no_roster_asks_for_an_exchange(made: dict[str, str]) -> None:
    assert VISITOR not in {row["teacher"] for row in rows(made["roster.csv"])}
    assert VISITOR in {row["teacher"] for row in rows(made["exchanges.csv"])}
