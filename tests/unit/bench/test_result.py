"""What is said of rounds: steady floors only, goals met or missed, and a file without places or hosts."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from bench.catalogue import FLOORS, MEASURES, NOT_RUN, PEERS, RATIOS, Goal
from bench.machine import Machine
from bench.order import FULL, ROOT, SMOKE, Order, OrderError
from bench.report import show
from bench.result import Result, UnsteadyError, check_steady, floors, measures, peers, ratios, save

ROUNDS = [{"F1": 100.0, "E2": 50.0, "chain": 4.0}, {"F1": 110.0, "E2": 33.0, "chain": 7.0, "P-naive": 11.0}]


def result() -> Result:
    machine = Machine(
        processor="a processor",
        cores=2,
        memory_gb=24,
        system="Linux x86_64",
        fdatasync_us=100,
        versions={},
        postgresql={},
        nats={},
    )
    return Result(
        format=1,
        taken_at=datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC),
        commit="0123456789",
        scale=FULL,
        smoke=False,
        spread_limit=25.0,
        machine=machine,
        stolen=None,
        statements=29.5,
        floors=floors(ROUNDS),
        measures=measures(ROUNDS),
        peers=peers(ROUNDS),
        not_run=NOT_RUN,
        ratios=ratios(ROUNDS),
        wrong=["round 2: E4"],
    )


def test_only_what_was_found_is_listed_with_its_goal() -> None:
    assert [value.name for value in floors(ROUNDS)] == ["F1"]
    assert [value.name for value in measures(ROUNDS)] == ["E2", "chain"]
    assert [value.name for value in peers(ROUNDS)] == ["P-naive"]
    batches, naive = ratios(ROUNDS)
    assert (naive.name, naive.runs, naive.met) == ("E2/P-naive", [3.0], None)
    assert (batches.name, batches.runs, batches.goal, batches.met) == ("E2/F1", [0.5, 0.3], "≥ 0.4", True)
    assert measures(ROUNDS)[1].met is False


@pytest.mark.parametrize(
    ("goal", "value", "met"),
    [
        (Goal(bound=5), 5.0, True),
        (Goal(bound=5), 4.9, False),
        (Goal(bound=5, at_most=True), 5.0, True),
        (Goal(bound=5, at_most=True), 5.1, False),
    ],
)
def test_a_goal_is_a_bound_from_one_side(goal: Goal, value: float, met: bool) -> None:
    assert goal.met(value) is met


def test_figures_are_refused_where_the_floor_swung() -> None:
    check_steady(ROUNDS, 25)
    with pytest.raises(UnsteadyError, match=r"F1 swung by 33 % \(allowed: 25 %; runs: 100, 140\)"):
        check_steady([{"F1": 100.0}, {"F1": 140.0}], 25)
    check_steady([{"F1": 100.0}, {"F1": 140.0}], 40)
    with pytest.raises(UnsteadyError, match="F1 has no figure"):
        check_steady([{"E2": 1.0}], 25)


def test_a_result_is_kept_under_its_date_and_commit_or_where_it_is_asked_for(tmp_path: Path) -> None:
    kept = save(result(), tmp_path / "new")
    assert kept == tmp_path / "new" / "2026-05-04-0123456789.json"
    assert msgspec.json.decode(kept.read_bytes(), type=Result) == result()
    assert save(result(), tmp_path / "mine.json") == tmp_path / "mine.json"


def test_every_ratio_is_of_figures_that_are_measured() -> None:
    names = {figure.name for figure in (*FLOORS, *MEASURES, *PEERS)}
    assert len(names) == len(FLOORS) + len(MEASURES) + len(PEERS)
    assert NOT_RUN.keys() <= {figure.name for figure in PEERS}
    assert {name for ratio in RATIOS for name in (ratio.upper, ratio.lower)} <= names


def test_a_peer_that_was_not_run_has_a_row_that_says_so() -> None:
    console = Console(width=160, record=True, file=StringIO())
    show(console, result())
    (row,) = [line for line in console.export_text().splitlines() if line.startswith("P-ledger")]
    assert row.split() == ["P-ledger", "PGLEDGER", "names", "no", "file", "not", "run"]


def test_an_order_is_read_from_the_environment() -> None:
    usual = Order.read({})
    assert (usual.scale, usual.smoke, usual.out, usual.spread) == (FULL, False, None, 25.0)
    asked = Order.read({"ROUNDS": "7", "SIZE": "900", "LOTS": "", "SPREAD": "60", "SAVE": "1"})
    assert (asked.scale.rounds, asked.scale.size, asked.scale.lots) == (7, 900, FULL.lots)
    assert asked.out == ROOT / "docs" / "bench" / "results"
    assert Order.read({"SMOKE": "1"}).scale == SMOKE
    assert usual.ledger is None
    assert Order.read({"PGLEDGER": __file__}).ledger == Path(__file__)
    assert Order.read({"OUT": "here.json"}).out == Path("here.json")


@pytest.mark.parametrize(
    "given", [{"ROUNDS": "0"}, {"SIZE": "many"}, {"SIZE": "10"}, {"LOTS": "-5"}, {"PGLEDGER": "nowhere.sql"}]
)
def test_an_order_that_makes_no_sense_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(OrderError, match=next(iter(given))):
        Order.read(given)
