"""Larger ledgers against the small one: ratios in which less is worse, and what is carried on from them."""

import re
from typing import Any

import msgspec
import pytest

from bench.growth.ledger import Ledger, partly_known
from bench.growth.order import GrowthOrder
from bench.growth.result import Grown, extrapolated, grown
from bench.growth.stencil import MARK, mark, marked
from bench.order import OrderError
from bench.result import Value
from bench.workload import Recorded, Workload, community

SMALL = [{"E2": 1000.0, "as-of-p99": 2.0}, {"E2": 500.0, "as-of-p99": 4.0}]
LARGE = [{"E2": 900.0, "as-of-p99": 2.5}, {"E2": 400.0}]


def ledger(entries: int) -> Ledger:
    return Ledger(
        databases={},
        copies=4,
        entries=entries,
        acts=entries // 2,
        seconds=1.0,
        recorded=Recorded(),
        bytes={"journal": 400 * entries},
    )


def test_a_rate_is_compared_as_it_is_and_a_latency_upside_down() -> None:
    found = grown(ledger(1000), LARGE, SMALL)
    ratios = {ratio.name: (ratio.runs, ratio.met) for ratio in found.ratios}
    assert ratios == {"E2": ([0.9, 0.8], True), "as-of-p99": ([0.8], True)}
    assert (found.entries, found.acts, found.bytes_per_act) == (1000, 500, {"journal": 800.0})


def test_the_small_ledger_is_compared_with_nothing() -> None:
    found = grown(ledger(10), SMALL, SMALL)
    assert (found.ratios, [figure.median for figure in found.figures]) == ([], [750.0, 3.0])


def of(entries: int, **ratios: float) -> Grown:
    values = [Value(name=n, says="", median=r, low=r, high=r, runs=[r]) for n, r in ratios.items()]
    return Grown(entries=entries, acts=1, filled_in=1.0, bytes_per_act={}, figures=[], ratios=values)


def test_what_a_decade_cost_is_what_the_next_one_costs() -> None:
    said = extrapolated([of(10), of(1_000_000, E2=0.9, E3=1.0), of(10_000_000, E2=0.81, E3=1.0)])
    assert said is not None
    assert said.entries == 100_000_000
    assert said.ratios == pytest.approx({"E2": 0.729, "E3": 1.0})
    half = extrapolated([of(10), of(1000, E2=0.9), of(100_000, E2=0.81)])
    assert half is not None
    assert half.ratios["E2"] == pytest.approx(0.81 * 0.9**0.5)


def test_one_large_ledger_shows_no_trend() -> None:
    assert extrapolated([of(10), of(1_000_000, E2=0.9)]) is None
    assert extrapolated([of(10), of(1_000_000, E2=0.9), of(10_000_000)]) is None


def test_sizes_are_read_upwards_beside_the_rest_of_the_order() -> None:
    usual = GrowthOrder.read({"SIZES": ""})
    assert (usual.sizes, usual.order.scale.rounds) == ((1_000_000, 10_000_000), 3)
    asked = GrowthOrder.read({"SIZES": "9000, 4000,9000", "ROUNDS": "2", "SMOKE": "1"})
    assert (asked.sizes, asked.order.scale.rounds, asked.order.smoke) == ((4000, 9000), 2, True)


@pytest.mark.parametrize("sizes", ["many", "1000,", "10", "2000;3000", "²000"])
def test_sizes_that_make_no_sense_are_refused(sizes: str) -> None:
    with pytest.raises(OrderError, match=f"SIZES={re.escape(sizes)}"):
        GrowthOrder.read({"SIZES": sizes})


def test_a_workload_under_the_mark_names_nobody_without_it() -> None:
    lines = marked(community(500, source=MARK, year=2025)).lines
    assert all(line.count(MARK.encode()) >= 2 for line in lines)
    assert not [line for line in lines if re.search(rb'"T\d', line)]


def test_half_of_the_replies_and_ratings_name_known_objects_and_nothing_that_is_taken_back_moves() -> None:
    plain = community(3000, source="later", year=2025)
    names = [mark(3), mark(7)]
    mixed = partly_known(plain, names, {"topic": 19, "resource": 8}, seed=5)
    assert mixed == partly_known(plain, names, {"topic": 19, "resource": 8}, seed=5)
    assert mixed.recorded == plain.recorded
    before, after = documents(plain), documents(mixed)
    moved = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert {new["source"] for _, new in moved} == set(names)
    assert {new["type"] for _, new in moved} == {"topic.replied", "resource.rated"}
    assert 0.4 < len(moved) / sum(one["type"] in {"topic.replied", "resource.rated"} for one in before) < 0.6
    taken_back = {one["object"]["activity"] for one in before if one["type"] == "activity.withdrawn"}
    assert not taken_back & {old["id"] for old, _ in moved}
    topics = {new["object"]["topic"] for _, new in moved if "topic" in new["object"]}
    assert topics == {f"topic-{number}" for number in range(1, 20)}


def documents(workload: Workload) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in workload.lines]
