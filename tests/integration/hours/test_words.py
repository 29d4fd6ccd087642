"""Words that are kept and that others read: no route takes one with a citizen's identity number in it."""

from typing import Any

import httpx

from tests.integration.hours.acts import key, record
from tests.integration.hours.classes import outline
from tests.integration.hours.plans import THEMES, plan
from tests.integration.hours.test_annual_plans import entry
from tests.integration.hours.test_declarations import declaration
from tests.support.signing import calling

WORDS = "身份证号34052419800101001X"
CITY = "city:C"


def waiver(**changed: Any) -> dict[str, Any]:
    return {"teacher": "T1", "kind": "illness", "first": 2024, "last": 2024, **changed}


ASKED: list[tuple[str, str, dict[str, Any], str]] = [
    (CITY, "/v1/swaps/1/refusal", {"reason": WORDS}, "/reason"),
    ("teacher:T1", "/v1/waivers", waiver(statement=WORDS), "/statement"),
    (CITY, "/v1/waivers/1/approval", {"reason": WORDS}, "/reason"),
    (CITY, "/v1/waivers/1/refusal", {"reason": WORDS}, "/reason"),
    (CITY, "/v1/waivers/1/end", {"reason": WORDS, "year": 2024}, "/reason"),
    ("teacher:T1", "/v1/appeals", {"matter": "record:R1", "grounds": WORDS}, "/grounds"),
    (CITY, "/v1/appeals/1/grant", {"reason": WORDS}, "/reason"),
    (CITY, "/v1/appeals/1/rejection", {"reason": WORDS}, "/reason"),
    ("provider:C", "/v1/courses/1/submission", {"form": {"address": WORDS}}, "/form/address"),
    (
        "provider:C",
        "/v1/courses",
        {"rule": "R", "organisation": "C", "title": WORDS, "form": {"lecturer": "T1"}},
        "/title",
    ),
    ("centre:D", "/v1/classes", outline("K1", title=WORDS), "/title"),
    ("centre:D", "/v1/classes", outline("K1", provider=WORDS), "/provider"),
    ("centre:D", "/v1/classes", outline("K1", annual_plan=WORDS), "/annual_plan"),
    (
        "centre:D",
        "/v1/classes",
        outline("K1", lessons=[{"lesson": WORDS, "day": "2024-05-06", "hours": "8"}]),
        "/lessons/0/lesson",
    ),
    ("centre:D", "/v1/annual-plans", {"year": 2024, "entries": [entry("1", name=WORDS)]}, "/entries/0/name"),
    ("centre:D", "/v1/annual-plans/D/2024/report", {"words": WORDS}, "/words"),
    ("school:S", "/v1/plans", plan("P1", title=WORDS), "/title"),
    ("school:S", "/v1/plans", plan("P1", themes=[{**THEMES[0], "title": WORDS}]), "/themes/0/title"),
    ("teacher:T1", "/v1/declarations", declaration("A", activity=WORDS), "/activity"),
    ("teacher:T1", "/v1/declarations", declaration("A", details={"grade": WORDS}), "/details/grade"),
    ("operator:local", "/v1/records", record("R1", "T1", "GZ-HR-2.02", "8", provider=WORDS), "/provider"),
    ("operator:local", "/v1/records", record("R1", "T1", "GZ-HR-2.02", "8", evidence=WORDS), "/evidence"),
]


async def test_no_identity_number_stands_in_words_for_others(hours: httpx.AsyncClient) -> None:
    for who, path, body, place in ASKED:
        answer = await hours.post(path, json=body, headers={**calling(who), **key()})
        said = answer.json()
        told = [(one["path"], one["code"]) for one in said.get("errors", [said])]
        assert (answer.status_code, told) == (422, [(place, "text.citizen_id")]), path
        assert WORDS not in answer.text
