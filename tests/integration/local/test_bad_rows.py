"""Bad rows among good ones in a folder's hours: each is named, none is lost, and nothing is done twice."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from deploy.local import intake, sending
from deploy.local.bank import Bank
from deploy.local.columns import HOURS
from deploy.local.issuer.bearer import Bearer
from deploy.local.job import Account, Job, Task
from deploy.local.progress import Telling
from deploy.local.settings import OwnServers
from deploy.local.stack import Stack
from shared.policy import loader
from shared.runtime import clock

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("stack")]

YEAR = 2025
OWN = OwnServers(databases={}, nats_url=None, subject_prefix=None)
ORGANISATIONS = """organisation,level,name,parent,division
P44,province,广东省,,440000
C4401,city,广州市,P44,440100
D1,district,荔湾区,C4401,440103
D9,district,他省区,C4401,310101
S1,school,荔湾一小,D1,
S9,school,无区小学,D9,
SP,school,省属小学,P44,
"""
"""D9 has a code of another province, so neither it nor its school gets into the tree."""
ROSTER = """teacher,name,school,district,stage,role
T1,王芳,S1,荔湾区,小学,教师
T2,李强,S1,荔湾区,小学,教师
T3,赵敏,树外小学,越秀区,小学,教师
T4,钱伟,SP,,小学,教师
T5,孙丽,S1,天河区,小学,教师
T6,周杰,S9,他省区,小学,教师
"""
"""T5 is refused: the school does not lie in that district."""

PLATFORM, SLIP = "GZ-HR-1.01", "证明"
CLASS, PLAN = ("GZ-HR-2.02", "professional"), ("GZ-HR-3.02", "elective")
ROWS: list[tuple[str, tuple[str, str], str, str, str, str]] = [
    ("T1", (PLATFORM, "public"), "30", "公需课", "", ""),
    ("T9", (PLATFORM, "public"), "30", "公需课", "", "teacher.unknown"),
    ("T3", ("GZ-HR-2.03", "professional"), "8", "国培", SLIP, ""),
    ("T4", ("GZ-HR-2.03", "professional"), "8", "国培", SLIP, ""),
    ("T6", ("GZ-HR-2.03", "professional"), "8", "国培", SLIP, "declaration.reviewed"),
    ("T1", ("GZ-HR-2.09", "professional"), "18", "在职硕士", SLIP, ""),
    ("T1", ("GZ-HR-3.04", "elective"), "18", "在职硕士", SLIP, "programme.claimed"),
    ("T1", ("GZ-HR-2.03", "professional"), "8", "国培", "", "evidence.missing"),
    ("T1", ("GZ-HR-2.04", "professional"), "6", "教研", "", ""),
    ("T1", ("GZ-HR-2.06", "professional"), "16", "坊主", "", ""),
    ("T1", ("GZ-HR-3.03", "elective"), "8", "学习强国", SLIP, ""),
    ("T1", CLASS, "16", "研修班", "", ""),
    ("T2", CLASS, "16", "研修班", "", ""),
    ("T5", CLASS, "16", "研修班", "", "teacher.unknown"),
    ("T1", CLASS, "16", "研修班", "", "takes part already, by line 13"),
    ("T1", ("GZ-HR-2.02", "elective"), "8", "错类班", "", "category.mismatch"),
    ("T2", ("GZ-HR-2.02", "elective"), "8", "错类班", "", "category.mismatch"),
    ("T6", CLASS, "16", "研修班", "", "class.organiser_unknown"),
    ("T1", PLAN, "6", "校本研修", "", ""),
    ("T2", PLAN, "6", "校本研修", "", ""),
    ("T5", PLAN, "6", "校本研修", "", "plan.teacher_elsewhere"),
    ("T2", PLAN, "-1", "课堂观察", "", "zero or more"),
    ("T1", PLAN, "4", "课堂观察", "", ""),
    ("T2", PLAN, "4", "无" * 201, "", "body.invalid"),
    ("T6", PLAN, "6", "校本研修", "", "plan.school_unknown"),
    ("T2", ("GZ-HR-3.02", "professional"), "6", "课堂观察", "", "category.mismatch: professional ≠ elective"),
    ("T2", CLASS, "8", "研修班", "", "takes part in run-"),
    ("T1", ("GZ-HR-9.99", "professional"), "8", "无此规则", "", "rule.unknown"),
    ("T1", CLASS, "many", "研修班", "", "/hours"),
]
"""Teacher, rule and category, hours, activity, evidence, and how the row is refused; empty where taken."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "organisations.csv").write_text(ORGANISATIONS, "utf-8")
    (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
    (tmp_path / "activities.ndjson").write_text("", "utf-8")
    (tmp_path / "exchanges.csv").write_text("request,teacher,at,category,hours\n", "utf-8")
    lines = [
        f"R{at},{teacher},{YEAR},{rule},{category},{hours},{activity},中心,{YEAR}-05-06,{YEAR}-05-10,{evidence}"
        for at, (teacher, (rule, category), hours, activity, evidence, _) in enumerate(ROWS)
    ]
    (tmp_path / "hours.csv").write_text("\n".join([",".join(HOURS), *lines]), "utf-8")
    return tmp_path


@pytest.fixture
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    with (
        Stack(tmp_path_factory.mktemp("rows"), OWN, lambda _: None) as stack,
        Bank(stack.urls, stack.supervisor.check, lambda role: Bearer(stack.mint, [role])) as bank,
    ):
        yield bank


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held together has more rows here than one request takes."""
    monkeypatch.setattr(sending, "PORTION", 2)


def run(bank: Bank, folder: Path) -> Account:
    telling = Telling(Console(file=io.StringIO()))
    return Job(
        bank, Task(folder=intake.read(folder), pack=loader.builtin(), years=[YEAR], now=clock.now()), telling
    ).run()


def refused(account: Account) -> dict[int, str]:
    """Why each row of hours was refused, by its place among the rows."""
    return {fault.line - 2: fault.reason for fault in account.refused if fault.file == "hours.csv"}


def counted(account: Account) -> tuple[int, int, int]:
    """How many rows of hours were new, known and refused."""
    (tally,) = (tally for tally in account.tallies if tally.file == "hours.csv")
    return tally.new, tally.known, len(tally.refused)


def test_each_bad_row_is_named_the_others_are_kept_and_nothing_is_done_twice(
    bank: Bank, folder: Path
) -> None:
    wanted = {at: said for at, (*_, said) in enumerate(ROWS) if said}
    first = run(bank, folder)
    found = refused(first)
    assert found.keys() == wanted.keys(), found
    assert [found[at] for at, said in wanted.items() if said not in found[at]] == []
    taken = len(ROWS) - len(wanted)
    assert counted(first) == (taken, 0, len(wanted))

    totals = {one["teacher"]: one for one in bank.hours.pages("/v1/totals", year=YEAR)}
    sums = {
        who: [one["hours"][name] for name in ("public", "professional", "elective")]
        for who, one in totals.items()
    }
    assert sums == {
        "T1": ["30.00", "56.00", "18.00"],
        "T2": ["0.00", "16.00", "6.00"],
        "T3": ["0.00", "8.00", "0.00"],
        "T4": ["0.00", "8.00", "0.00"],
        "T6": ["0.00", "0.00", "0.00"],
    }
    before = bank.hours.heads()
    again = run(bank, folder)
    assert refused(again).keys() == wanted.keys()
    assert counted(again) == (0, taken, len(wanted))
    assert bank.hours.heads() == before

    file = folder / "hours.csv"
    file.write_text(
        file.read_text("utf-8").replace("professional,16,研修班", "professional,24,研修班"), "utf-8"
    )
    corrected = refused(run(bank, folder))
    assert {at for at, said in corrected.items() if "already, with 16.00 hours" in said} == {11, 12, 26}
    after = {
        one["teacher"]: one["hours"]["professional"] for one in bank.hours.pages("/v1/totals", year=YEAR)
    }
    assert after == {who: professional for who, (_, professional, _) in sums.items()}
