"""A small country for tests of reach: two cities of a province, another province, and who reaches whom in it.

It is said in the name of the hours service: `P` over `C1` over `D1` over `S1`, the same with 2, and `Q`. One
teacher works at each of the schools, and one at a school that is in no tree.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import httpx

from shared.contracts.hours import OrganisationRegistered, TeacherRegistered
from shared.runtime.journal import Draft
from tests.support.signing import OPERATOR, signed

SAID = datetime(2024, 6, 1, 4, tzinfo=UTC)
ABOVE = {"P": "", "Q": "", "C1": "P", "C2": "P", "D1": "C1", "D2": "C2", "S1": "D1", "S2": "D2"}
WORKS = {"T1": ("S1", "天河区"), "T2": ("S2", "福田区"), "T3": ("elsewhere", "罗湖区")}
LEVELS = {"P": "province", "Q": "province", "C": "city", "D": "district", "S": "school"}

CITY, DISTRICT = "city_department@city:C1", "district_centre@district:D1"
PROVINCE, OTHER_PROVINCE = "provincial_hr@province:P", "provincial_hr@province:Q"
TEACHER = "teacher@person:T1"
REACHED: Mapping[str, frozenset[str]] = {
    "school_administrator@school:S1": frozenset({"T1"}),
    DISTRICT: frozenset({"T1"}),
    CITY: frozenset({"T1"}),
    "auditor@province:P": frozenset({"T1", "T2"}),
    PROVINCE: frozenset({"T1", "T2"}),
    OTHER_PROVINCE: frozenset(),
    OPERATOR: frozenset(WORKS),
}
"""Teachers whom each of these callers reaches."""


def tree() -> list[Draft]:
    """The organisations."""
    return [lying(organisation, parent) for organisation, parent in ABOVE.items()]


def lying(organisation: str, parent: str) -> Draft:
    """An organisation stands below another one."""
    said = OrganisationRegistered(
        organisation=organisation,
        level=LEVELS[organisation[0]],
        name=organisation,
        parent=parent,
        division="",
        division_since=date(2000, 1, 1),
        school_code="",
        credit_code="",
    )
    return _draft("organisation.registered.v1", f"organisation:{organisation}", said)


def roster() -> list[Draft]:
    """The teachers."""
    return [working(teacher, school, district) for teacher, (school, district) in WORKS.items()]


def working(teacher: str, school: str, district: str) -> Draft:
    """A teacher is on the roster."""
    said = TeacherRegistered(
        teacher=teacher,
        school=school,
        district=district,
        stage="primary",
        role="teacher",
        vocational=False,
        digest="0" * 64,
    )
    return _draft("teacher.registered.v1", f"teacher:{teacher}", said)


def _draft(kind: str, subject: str, said: OrganisationRegistered | TeacherRegistered) -> Draft:
    return Draft(type=kind, subject=subject, effective_at=SAID, policy="test@1", data=said)


async def answered(client: httpx.AsyncClient, caller: str, address: str, named: str) -> tuple[int, str]:
    """Status and body of what a caller is told at an address that has `{}`, but for what is named there."""
    answer = await client.get(address.format(named), headers=signed(caller))
    return answer.status_code, answer.text.replace(named, "*")


async def listed(
    client: httpx.AsyncClient, caller: str, address: str, **filters: str
) -> list[dict[str, str]]:
    """All items of a list, read in pages of one."""
    items: list[dict[str, str]] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = {**filters, "limit": "1", **({"cursor": cursor} if cursor else {})}
        answer = await client.get(address, params=asked, headers=signed(caller))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= 1
        items += page["items"]
        cursor = page.get("next")
    return items
