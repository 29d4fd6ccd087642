"""Capacity on paper: a year of arrivals, queues by known formulas, plans, and the table that says them."""

from dataclasses import replace
from datetime import UTC, datetime
from math import inf
from pathlib import Path

import pytest

from bench.capacity.__main__ import main, printed
from bench.capacity.arrivals import arrivals, busiest
from bench.capacity.assumptions import HOURS, PLACES, WEEKDAYS, Assumptions, Place
from bench.capacity.measured import Measured, keep, kept
from bench.capacity.plan import GB, plan
from bench.capacity.prices import Prices
from bench.capacity.queue import left_over, recovery, waiting
from bench.capacity.report import amount, lines, size, time
from bench.growth.result import Grown, Growth
from bench.machine import Machine
from bench.order import FULL, OrderError
from bench.result import Result, Value, save

ASSUMED = Assumptions()
PROVINCE = Place(name="province", teachers=1_600_000)
MEASURED = Measured(
    taken_at=datetime(2026, 1, 2, tzinfo=UTC),
    commit="0123456789",
    processor="a processor",
    cores=2,
    rounds=5,
    acts=1000.0,
    events=500.0,
    awards_per_act=0.125,
    teachers=8000.0,
    verdicts=4000.0,
    certificates=100.0,
    bytes_per_act={"journal": 600.0, "keys": 150.0},
    bytes_per_teacher=15_000.0,
    entries_per_act=1.125,
    archived=64.0,
)
LAST_WEEK = slice(358 * 24, 365 * 24)


def test_a_year_has_as_many_acts_as_its_teachers_do() -> None:
    hours = arrivals(10_000, ASSUMED)
    assert len(hours) == 365 * 24
    assert sum(hours) == pytest.approx(10_000 * ASSUMED.acts)
    assert sum(hours[LAST_WEEK]) == pytest.approx(0.15 * sum(hours))
    assert min(hours) >= 0


def test_the_busiest_hour_lies_in_an_evening_of_the_last_week_of_december() -> None:
    hours = arrivals(10_000, ASSUMED)
    peak = hours.index(max(hours))
    assert LAST_WEEK.start <= peak < LAST_WEEK.stop
    assert peak % 24 in {20, 21}
    assert busiest(hours) == hours[peak] / 3600
    assert max(hours) > 5 * sum(hours) / len(hours)


def test_the_same_seed_gives_the_same_year_and_another_one_another() -> None:
    assert arrivals(100, ASSUMED) == arrivals(100, ASSUMED)
    assert arrivals(100, ASSUMED) != arrivals(100, replace(ASSUMED, seed=2))


def test_without_unevenness_a_day_is_what_its_month_and_weekday_expect() -> None:
    even = arrivals(100, replace(ASSUMED, unevenness=0.0))
    monday, sunday = sum(even[5 * 24 : 6 * 24]), sum(even[4 * 24 : 5 * 24])
    assert monday / sunday == pytest.approx(WEEKDAYS[0] / WEEKDAYS[6])
    assert even[5 * 24 + 20] / monday == pytest.approx(HOURS[20] / sum(HOURS))


@pytest.mark.parametrize("load", [0.3, 0.6, 0.8])
def test_requests_wait_as_long_as_the_formula_of_such_queues_says(load: float) -> None:
    served = 15.0
    found = [waiting(load * served, served, seed) for seed in range(4)]
    mean = sum(one.mean for one in found) / len(found)
    assert mean == pytest.approx(1000 / served * (1 + load / (2 * (1 - load))), rel=0.05)
    assert all(one.p99 > one.median >= 1000 / served - 1e-6 for one in found)


def test_an_hour_without_requests_has_no_waiting() -> None:
    assert waiting(1e-9, 10.0, 1).p99 == 0


def test_what_an_hour_cannot_take_waits_for_the_next() -> None:
    assert left_over([7200.0, 0.0, 9000.0, 3600.0], 1.0) == 5400
    assert left_over([7200.0, 7200.0, 0.0], 1.0) == 7200
    assert left_over([3600.0] * 5, 1.0) == 0


@pytest.mark.parametrize(("arriving", "rate", "away"), [(10.0, 30.0, 600.0), (99.0, 100.0, 60.0)])
def test_an_outage_is_caught_up_when_second_by_second_nothing_waits_any_more(
    arriving: float, rate: float, away: float
) -> None:
    waits, seconds = arriving * away, 0
    while waits > 0:
        waits += arriving - rate
        seconds += 1
    assert recovery(arriving, rate, away) == pytest.approx(seconds, abs=1)


def test_who_is_slower_than_what_comes_never_catches_up() -> None:
    assert recovery(10.0, 10.0, 1.0) == inf


def test_machines_are_as_many_as_the_busiest_hour_asks_for() -> None:
    found = plan(PROVINCE, MEASURED, replace(ASSUMED, acts=1000.0, disk=1e9))
    assert found.machines > 1
    assert found.utilisation <= ASSUMED.target < found.peak / ((found.machines - 1) * MEASURED.acts)
    assert (found.servers, found.left_over) == (2 * found.machines, 0)


def test_machines_are_as_many_as_their_disks_ask_for() -> None:
    found = plan(PROVINCE, MEASURED, replace(ASSUMED, disk=30.0))
    assert found.gigabytes == pytest.approx(1_600_000 * (60 * 750 + 15_000) / GB)
    assert found.machines == 7
    assert found.stored == pytest.approx(4 * found.gigabytes)


def test_too_few_machines_leave_acts_to_later_hours() -> None:
    found = plan(PROVINCE, MEASURED, replace(ASSUMED, acts=1000.0, machines=1))
    assert found.machines == 1
    assert found.utilisation > 1
    assert found.left_over > 0


def test_the_end_of_a_year_takes_as_long_as_everybody_takes_at_the_measured_rates() -> None:
    found = plan(PROVINCE, MEASURED, replace(ASSUMED, machines=2))
    assert (found.judging, found.hearing, found.issuing) == (100, 200, 8000)
    assert found.archived == pytest.approx(1_600_000 * 60 * 1.125 * 64 / GB)
    assert found.core_hours == 4 * 2 * 8760


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0254, "25 ms"), (1.0, "1.0 s"), (119.0, "119.0 s"), (120.0, "2.0 minutes"), (1200.0, "20 minutes"),
        (7200.0, "2.0 hours"), (172_800.0, "2.0 days"), (inf, "never"),
    ],
)  # fmt: skip
def test_time_is_said_in_the_unit_that_people_would_use(seconds: float, said: str) -> None:
    assert time(seconds) == said


def test_amounts_and_sizes_have_digits_that_mean_something() -> None:
    assert [amount(value) for value in (0.64, 3.0, 77.4, 1_140_000.0)] == ["0.6", "3", "77", "1,140,000"]
    assert [size(value) for value in (0.64, 999.0, 1000.0)] == ["0.6 GB", "999.0 GB", "1.0 TB"]


def test_a_cost_has_a_row_only_where_prices_are_given() -> None:
    plans = [plan(PROVINCE, MEASURED, replace(ASSUMED, machines=1))]
    prices = Prices.read({"PRICES": "0.5,2"})
    assert prices is not None
    assert prices.of(plans[0]) == pytest.approx(plans[0].core_hours * 0.5 + plans[0].stored * 24)
    assert Prices.read({"PRICES": ""}) is None
    assert len(lines(MEASURED, plans, prices)) == len(lines(MEASURED, plans, None)) + 1


@pytest.mark.parametrize(
    "given",
    [
        {"ACTS": "many"},
        {"ACTS": "0"},
        {"TARGET": "1"},
        {"HURRY": "-1"},
        {"PRICES": "1"},
        {"SEED": "1.5"},
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(OrderError):
        printed(MEASURED, given)


@pytest.mark.parametrize(
    "given", [{"RESULT": "a.json"}, {"RESULT": "a.json", "GROWTH": "b.json", "ARCHIVED": "62"}, {"ACTS": "x"}]
)
def test_the_command_says_in_a_sentence_what_it_cannot_do(
    given: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


def value(name: str, median: float) -> Value:
    return Value(name=name, says="", median=median, low=median, high=median, runs=[median])


def results(folder: Path, left_out: str = "") -> dict[str, str]:
    """A result of each benchmark in a folder, as the command is given them."""
    rates = {"E3": 1000.0, "E8": 8000.0, "E9": 4000.0, "E10": 100.0}
    sizes = {"E8-bytes": 2000.0, "E9-bytes": 1000.0, "E10-bytes": 12_000.0}
    peers = {"P-relay": 500.0, "E3-awards": 125.0}
    machine = Machine(
        processor="a processor", cores=2, memory_gb=24, system="", fdatasync_us=None,
        versions={}, postgresql={}, nats={},
    )  # fmt: skip
    result = Result(
        format=1, taken_at=MEASURED.taken_at, commit=MEASURED.commit, scale=FULL, smoke=False,
        spread_limit=25.0, machine=machine, stolen=None, statements=1.0, floors=[],
        measures=[value(name, found) for name, found in (rates | sizes).items() if name != left_out],
        peers=[value(name, found) for name, found in peers.items()], not_run={}, ratios=[], wrong=[],
    )  # fmt: skip
    grown = [
        Grown(
            entries=9 * acts, acts=8 * acts, filled_in=1.0, figures=[], ratios=[],
            bytes_per_act={"journal": 600.0, "keys": 150.0} if acts > 1 else {},
        )
        for acts in (1, 1000)
    ]  # fmt: skip
    growth = Growth(
        format=1, taken_at=MEASURED.taken_at, commit="", scale=FULL, smoke=False, machine=machine,
        stolen=None, growth=grown, extrapolated=None, wrong=[],
    )  # fmt: skip
    paths = save(result, folder / "result.json"), save(growth, folder / "growth.json")
    return {"RESULT": str(paths[0]), "GROWTH": str(paths[1]), "ARCHIVED": "64"}


def test_what_was_measured_is_taken_from_two_results_and_put_on_the_page(tmp_path: Path) -> None:
    page, file = tmp_path / "page.md", tmp_path / "kept.json"
    page.write_text("before\n<!-- make capacity -->\n| an old table |\n| of two lines |\n\nafter\n")
    assert main({**results(tmp_path), "SAVE": "1"}, page, file) == 0
    assert kept(file) == MEASURED
    table = printed(MEASURED, {})
    assert page.read_text() == f"before\n<!-- make capacity -->\n{table}\nafter\n"


def test_a_result_without_a_figure_that_is_needed_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(results(tmp_path, left_out="E9")) == 1
    assert capsys.readouterr().err == "The result has no E9.\n"
    (tmp_path / "growth.json").write_text("{}")
    assert main(results(tmp_path) | {"GROWTH": __file__}) == 1
    assert "is no such result" in capsys.readouterr().err


def test_figures_are_kept_as_they_are(tmp_path: Path) -> None:
    keep(MEASURED, tmp_path / "kept.json")
    assert kept(tmp_path / "kept.json") == MEASURED


def test_the_table_has_a_column_for_each_place() -> None:
    rows = printed(MEASURED, {}).splitlines()
    assert {row.count("|") for row in rows} == {len(PLACES) + 2}
