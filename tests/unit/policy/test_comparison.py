"""Two packs side by side: what came, went and changed, and nothing else."""

import tomllib
from collections.abc import Callable
from decimal import Decimal
from importlib import resources
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.policy import loader
from shared.policy.comparison import Difference, Value, compare
from shared.policy.pack import Pack

TEXT = resources.files("shared.policy").joinpath("packs/guangzhou.toml").read_text(encoding="utf-8")
PACK = loader.builtin()


def changed(change: Callable[[dict[str, Any]], object]) -> Pack:
    written = tomllib.loads(TEXT, parse_float=Decimal)
    change(written)
    return loader.build(written, "changed.toml")


def told(differences: list[Difference]) -> list[tuple[str, str, list[Value]]]:
    return [(one.kind, one.name, list(one.values)) for one in differences]


def test_a_pack_is_no_different_from_itself_wherever_its_rules_stand() -> None:
    def turn(written: dict[str, Any]) -> None:
        for section in ("points", "hours", "slots", "principles"):
            written[section] = written[section][::-1]

    assert compare(PACK, PACK) == []
    assert compare(PACK, changed(turn)) == []


def test_a_figure_a_row_and_a_default_that_change_are_told_by_rule() -> None:
    def change(written: dict[str, Any]) -> None:
        written["points"][1]["min_people"] = 8
        written["requirements"][2]["minima"]["elective"] = Decimal(20)
        written["requirements"][2]["total"] = Decimal(92)
        written["exchange"]["caps"] = {"professional": 10}
        written["hours"][2]["evidence"] = True
        written["hours"][2]["classes"]["approvals"] = [
            {"level": "district", "format": "online", "approvers": ["centre@city", "education"]}
        ]

    assert told(compare(PACK, changed(change))) == [
        (
            "changed",
            "requirements 2021",
            [
                Value(key="minima.elective", before="18", after="20"),
                Value(key="total", before="90", after="92"),
            ],
        ),
        ("changed", "GZ-BP-06", [Value(key="min_people", before="10", after="8")]),
        (
            "changed",
            PACK.hours[2].id,
            [
                Value(key="classes.approvals[0].level", before="city", after="district"),
                Value(
                    key="classes.approvals[0].approvers",
                    before="distance_centre@city",
                    after="centre@city, education",
                ),
                Value(key="evidence", before="", after="true"),
            ],
        ),
        ("changed", "GZ-EX-01", [Value(key="caps.elective", before="10", after="")]),
    ]


def test_a_slot_that_becomes_a_rule_says_so_and_what_goes_is_told_last() -> None:
    def change(written: dict[str, Any]) -> None:
        slot = next(row for row in written["slots"] if row["id"] == "GZ-HR-2.05")
        written["slots"].remove(slot)
        rule = {**written["hours"][4], "id": "GZ-HR-2.05", "clause": slot["clause"]}
        written["hours"].append(rule)
        written["principles"].pop()

    found = compare(PACK, changed(change))
    assert [(one.kind, one.name) for one in found] == [
        ("changed", "GZ-HR-2.05"),
        ("removed", PACK.principles[-1].id),
    ]
    assert Value(key="section", before="hours", after="") in found[0].values
    assert found[1].part.title_zh == PACK.principles[-1].title_zh


@given(st.sets(st.sampled_from([rule.id for rule in PACK.points])))
def test_rules_that_only_one_pack_has_are_added_one_way_and_removed_the_other(gone: set[str]) -> None:
    fewer = changed(
        lambda written: written.update(points=[row for row in written["points"] if row["id"] not in gone])
    )
    assert {(one.kind, one.name) for one in compare(PACK, fewer)} == {("removed", name) for name in gone}
    assert {(one.kind, one.name) for one in compare(fewer, PACK)} == {("added", name) for name in gone}
