"""Examples of certificates: somebody has all that is asked, passes, and is issued one, looked at later."""

from datetime import timedelta
from typing import Any

import httpx

from deploy.policy.given import Pair
from shared.policy.examples import CertificateExample
from tests.integration.hours.acts import key
from tests.integration.verification.ledger import finish
from tests.support.examples.desk import Desk
from tests.support.examples.sums import enough, hand_in_sums
from tests.support.moments import at
from tests.support.signing import OPERATOR, account
from tests.support.world import until


async def certificate_pairs(
    desk: Desk, certificates: httpx.AsyncClient, teacher: str, example: CertificateExample
) -> list[Pair]:
    """The number that is issued next in its series, and what anybody is told of it on the day."""
    kind = desk.pack.certificate(example.certificate)
    span = desk.pack.certified(kind, example.year)
    for year in span.years:
        await hand_in_sums(desk, teacher, year, enough(desk.pack, kind.cycle, year))
    await desk.world.heard("verification", "hours")
    asked = {"year": span.last, "cycle": kind.cycle, "scope": {"kind": "teacher", "id": teacher}}
    over = desk.noon(desk.pack.years.last_day(span.last) + timedelta(days=1))
    with at(over):
        headers = {**key(), **account(OPERATOR, OPERATOR)}
        answer = await desk.verification.post("/v1/runs", json=asked, headers=headers)
    assert answer.is_success, answer.text
    run = await finish(desk.verification, answer.json()["run"])
    assert run["passed"] == 1, run
    found: list[dict[str, Any]] = []

    async def issued() -> bool:
        listed = await certificates.get("/v1/certificates", params={"teacher": teacher})
        found[:] = listed.json()["items"]
        return bool(found)

    await until(issued)
    with at(desk.noon(example.on)):
        shown = await certificates.get(f"/verify/{found[0]['number']}", headers=account(OPERATOR, OPERATOR))
    return [("number", example.number, found[0]["number"]), ("state", example.state, shown.json()["state"])]
