"""What a profile says: shares of functions from stacks, and a page that names commit, machine and plans."""

from bench.machine import Machine
from bench.profiling.explained import Statement, readable
from bench.profiling.page import Profile, written
from bench.profiling.stacks import shares

RUN = "run (asyncio/runners.py:1);Database.run (/x/shared/src/shared/runtime/database.py:7)"
RECORD = "/x/services/points/src/points/activities/operations/recording.py"
FOLD = "/x/lib/python3.11/functools.py"
STACKS = [
    "run (asyncio/runners.py:1);prepare (/x/bench/workload.py:9) 50",
    f"{RUN};record ({RECORD}:3) 6",
    f"{RUN};record ({RECORD}:8);fold ({FOLD}:4);fold ({FOLD}:5) 2",
]


def test_shares_are_of_the_work_and_count_a_function_once_in_a_stack() -> None:
    found = {share.function: (share.file, share.whole, share.own) for share in shares(STACKS)}
    assert found == {
        "Database.run": ("shared/runtime/database.py", 1.0, 0.0),
        "record": ("points/activities/operations/recording.py", 1.0, 0.75),
        "fold": ("functools.py", 0.25, 0.25),
    }


def test_no_look_at_the_work_gives_no_shares() -> None:
    assert shares(STACKS[:1]) == []


def test_a_statement_is_shown_without_the_columns_of_its_rows() -> None:
    sql = "select found.*\n from unnest($1::TEXT[], $2::BIGINT[]) as rows(subject, after) where true"
    assert readable(sql) == "select found.* from rows where true"


def test_a_page_names_what_it_ran_on_and_shows_each_plan() -> None:
    machine = Machine(
        processor="Some Processor",
        cores=2,
        memory_gb=4,
        system="Linux x86_64",
        fdatasync_us=100,
        versions={"python": "3.11.7"},
        postgresql={"server_version": "18.4", "fsync": "on"},
        nats={},
    )
    statements = [
        Statement(sql="copy journal", count=2, seconds=0.3),
        Statement(sql="select a | b", count=1, seconds=0.1, plan=["Index Scan on act", "  Buffers: hit=4"]),
    ]
    profile = Profile(
        name="intake", things="acts", count=1000, seconds=1.0, shares=shares(STACKS), statements=statements
    )
    page = written(profile, machine, "abc123")
    assert "commit abc123, 1,000 acts" in page
    assert "Some Processor, 2 cores, Python 3.11.7" in page
    assert "| 100.0% | 75.0% | `record` | points/activities/operations/recording.py |" in page
    assert "0.4 s of 1.0 s were spent waiting for them, 400 µs for each of the acts." in page
    assert "| 1 | 2 | 150.00 | 75.0% | `copy journal` |" in page
    assert (
        "### Statement 2\n\n```sql\nselect a | b\n```\n\n```\nIndex Scan on act\n  Buffers: hit=4\n```"
        in page
    )
    assert "### Statement 1" not in page
