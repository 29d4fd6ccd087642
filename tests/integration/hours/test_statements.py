"""The statement of hours: every hour says where it comes from and who took it back, also as a table."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import httpx

from hours.records import operations as records
from hours.records.domain.registration import Details, Filing, Registrar, Registration
from tests.integration.hours.acts import AT, decide, enrol, exchange, key, recall, record, register
from tests.integration.hours.conftest import Town
from tests.support.signing import calling

FORMULA, LONG = '=HYPERLINK("http://x","评课")', "441900000000000012"
DIGEST = "ab" * 32
FIGURES = {"public": "0", "professional": "50", "elective": "0", "carried_in": "0"}
DECLARED = Registration(
    record="D1",
    teacher="T1",
    year=2024,
    rule="GZ-HR-2.03",
    category="professional",
    hours=Decimal(20),
    activity=FORMULA,
    provider="省教师发展中心",
    first=date(2024, 5, 6),
    last=date(2024, 5, 10),
    evidence="结业证书",
    details=Details(),
    files=(DIGEST,),
)
"""What came out of a declaration, with a file that proves it."""


async def lines(hours: httpx.AsyncClient, teacher: str = "T1", year: int = 2024) -> list[dict[str, Any]]:
    answer = await hours.get(f"/v1/teachers/{teacher}/statement", params={"year": year})
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def filed(town: Town) -> None:
    """Hours out of a declaration, hours registered and taken back, hours exchanged and recalled in part."""
    await enrol(town.hours, "T1")
    app = town.world.apps["hours"].state
    filing = Filing(
        registrar=Registrar(kind="teacher", id="T1"), recogniser="centre:D01", matter="declaration:D1"
    )
    async with app.database.transaction() as tx:
        await records.register(tx, app.service.context, filing, [DECLARED], AT)
    await register(
        town.hours,
        record(LONG, "T1", "GZ-HR-3.02", "6", details={"plan_approved_at": "2024-01-05T09:00:00+08:00"}),
    )
    await town.hours.post(f"/v1/records/{LONG}/reversal", json={"reason": "登记有误"}, headers=key())
    await exchange(town.points, "X1", "T1", "professional", 5)
    await recall(town.points, "X1", "T1", 2)
    await town.heard()


async def test_where_does_each_hour_come_from_and_who_took_it_back(town: Town) -> None:
    await filed(town)
    declared, posted, reversed_, exchanged, recalled, rest = await lines(town.hours)
    assert (declared["title"], declared["title_zh"]) == (
        "National or provincial training",
        "国家级、省级培训",
    )
    assert declared["source"] == {
        "kind": "record",
        "record": "D1",
        "href": "/v1/records/D1",
        "activity": FORMULA,
        "provider": "省教师发展中心",
        "from": "2024-05-06",
        "to": "2024-05-10",
        "evidence": "结业证书",
        "files": [{"digest": DIGEST, "href": f"/v1/evidence/{DIGEST}"}],
        "registrar": "teacher:T1",
        "recogniser": "centre:D01",
        "matter": "declaration:D1",
        "reviews": [],
    }
    assert declared["reversal"] is None
    assert reversed_["reverses"] == posted["entry"]
    assert reversed_["source"] == posted["source"]
    assert (reversed_["reversal"]["by"], reversed_["reversal"]["why"]) == ("operator:local", "登记有误")
    assert (exchanged["source"]["points"], exchanged["source"]["href"]) == (500, "/v1/exchanges/X1")
    assert [(line["hours"], line["reason"]) for line in (recalled, rest)] == [
        ("-5.00", "recalled"),
        ("3.00", ""),
    ]
    assert (recalled["reversal"]["why"], rest["reversal"]) == ("X1/1", None)
    await decide(town.verification, "T1", 2024, "passed", FIGURES)
    await town.heard()
    [carried] = await lines(town.hours, year=2025)
    assert (carried["source"]["kind"], carried["source"]["year"], carried["hours"]) == (
        "verdict",
        2024,
        "8.00",
    )


async def test_the_statement_as_a_table_runs_nothing_and_keeps_its_ids(town: Town) -> None:
    await filed(town)
    asked = {"year": 2024, "limit": 1}
    path = "/v1/teachers/T1/statement"
    plain = await town.hours.get(path, params={**asked, "format": "csv"})
    assert plain.headers["content-type"].startswith("text/csv")
    wanted = await town.hours.get(path, params=asked, headers={"Accept": "text/csv", "Accept-Language": "zh"})
    assert wanted.content.startswith("\ufeff".encode())
    head, *rows = csv.reader(StringIO(wanted.content.decode("utf-8-sig"), newline=""))
    table = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["变动"] for row in table] == ["入账", "入账", "冲正", "入账", "冲正", "入账"], "it is whole"
    assert [row["计入学时"] for row in table] == ["20.00", "6.00", "-6.00", "5.00", "-5.00", "3.00"]
    first, second, taken_back, exchanged, *_ = table
    assert (first["活动"], first["认定人"], first["佐证文件"]) == (
        f"'{FORMULA}",
        "centre:D01",
        f"/v1/evidence/{DIGEST}",
    )
    assert (first["规则名称"], first["专业科目累计"]) == ("国家级、省级培训", "20.00")
    assert (second["依据"], taken_back["冲正原因"], exchanged["所用积分"]) == (
        f"record:{LONG}",
        "登记有误",
        "500",
    )
    assert b"movement" in plain.content.splitlines()[0]
    for form, accept, kind in (("json", "text/csv", "application/json"), ("csv", "*/*", "text/csv")):
        answer = await town.hours.get(path, params={**asked, "format": form}, headers={"Accept": accept})
        assert answer.headers["content-type"].startswith(kind)
    elsewhere = await town.hours.get(path, params={**asked, "format": "csv"}, headers=calling("school:S99"))
    assert elsewhere.status_code == 404
