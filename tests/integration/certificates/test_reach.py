"""What callers see of certificates, and do to them, ends where their reach ends; beyond it none exists."""

import httpx
import pytest

from tests.integration.certificates.conftest import Scene, figures
from tests.support.country import (
    CITY,
    OTHER_PROVINCE,
    PROVINCE,
    REACHED,
    TEACHER,
    WORKS,
    answered,
    listed,
    roster,
    tree,
    working,
)
from tests.support.signing import OPERATOR, signed

NEVER = "100000202490009999"
"""A number that was never issued."""
ORDERS = ("suspension", "reinstatement", "reissue", "revocation")
DOCUMENTS = ("{}/pdf", "{}/pdf?version=1")
KEPT = "select count(*) from kept_answer"
CERTIFICATES = "/v1/certificates"


def nameless(teacher: str) -> str:
    """A colleague whose name the roster does not have."""
    return f"{teacher}-nameless"


@pytest.fixture
async def country(scene: Scene) -> Scene:
    """Everybody of the country passed and has a certificate; a colleague of each cannot have one."""
    colleagues = [working(nameless(teacher), *place) for teacher, place in WORKS.items()]
    await scene.hours.say_all([*tree(), *roster(), *colleagues])
    for teacher in WORKS:
        scene.enrol(teacher)
        scene.enrol(nameless(teacher), name="")
    await scene.world.heard("certificates", "hours")
    await scene.pass_all([*WORKS, *map(nameless, WORKS)], figures())
    assert await scene.settled() == {"pending": 0, "failed": len(WORKS), "held": 0}
    return scene


async def numbers(scene: Scene) -> dict[str, str]:
    """Numbers of certificates by teacher."""
    return {each["teacher"]: each["number"] for each in await scene.certificates()}


async def test_a_certificate_beyond_the_reach_does_not_exist(country: Scene) -> None:
    for teacher, number in (await numbers(country)).items():
        for caller, reached in [*REACHED.items(), (TEACHER, {"T1"}), ("platform@city:C1", {"T1"})]:
            for address in ("{}", "{}?version=1", "{}/why", *DOCUMENTS):
                if address in DOCUMENTS and caller.startswith("auditor"):
                    continue
                at = f"{CERTIFICATES}/{address}"
                if teacher in reached:
                    assert (
                        await country.client.get(at.format(number), headers=signed(caller))
                    ).status_code == 200
                else:
                    told = await answered(country.client, caller, at, number)
                    assert told == await answered(country.client, caller, at, NEVER), (caller, at)
                    assert told[0] == 404
        public = await country.client.get(f"/verify/{number}", headers={"Authorization": ""})
        assert public.status_code == 200, "anybody may verify what is printed"


async def test_an_auditor_reads_a_certificate_and_not_the_document_that_names_its_holder(
    country: Scene,
) -> None:
    number = (await numbers(country))["T1"]
    for place in ("deployment:local", "province:P", "city:C1", "district:D1", "school:S1"):
        auditor = f"auditor@{place}"
        assert (await answered(country.client, auditor, f"{CERTIFICATES}/{{}}", number))[0] == 200, place
        for address in DOCUMENTS:
            status, said = await answered(country.client, auditor, f"{CERTIFICATES}/{address}", number)
            assert (status, "access.forbidden" in said) == (403, True), place


async def test_lists_and_counts_hold_what_lies_within(country: Scene) -> None:
    for caller, reached in REACHED.items():
        rows = await listed(country.client, caller, CERTIFICATES)
        assert sorted(row["teacher"] for row in rows) == sorted(reached), caller
        stuck = await listed(country.client, caller, f"{CERTIFICATES}/failures")
        assert [row["teacher"] for row in stuck] == [nameless(teacher) for teacher in sorted(reached)], caller
        work = await country.client.get(f"{CERTIFICATES}/pending", headers=signed(caller))
        assert work.json() == {"pending": 0, "failed": len(reached), "held": 0}, caller
    assert await listed(country.client, CITY, CERTIFICATES, teacher="T2") == []
    assert len(await listed(country.client, CITY, CERTIFICATES, teacher="T1", year="2024")) == 1


async def order(client: httpx.AsyncClient, caller: str, number: str, what: str, key: str) -> httpx.Response:
    headers = {"Idempotency-Key": key, **signed(caller)}
    return await client.post(f"{CERTIFICATES}/{number}/{what}", json={"reason": "审核"}, headers=headers)


async def test_an_order_beyond_the_reach_is_one_about_nothing(country: Scene) -> None:
    number = (await numbers(country))["T2"]
    for what in ORDERS:
        own = await order(country.client, PROVINCE, number, what, what)
        assert own.status_code in {200, 202}, own.text
        await country.settled()
    kept = country.world.cluster.postgres.sql(KEPT, country.world.databases["certificates"])
    for what in ORDERS:
        for caller in (CITY, OTHER_PROVINCE):
            for key in (what, "fresh"):
                told = await order(country.client, caller, number, what, key)
                nothing = await order(country.client, caller, NEVER, what, key)
                assert (told.status_code, told.json()["code"]) == (404, "certificate.unknown")
                assert told.text.replace(number, "*") == nothing.text.replace(NEVER, "*")
    assert country.world.cluster.postgres.sql(KEPT, country.world.databases["certificates"]) == kept
    own = await order(country.client, CITY, (await numbers(country))["T1"], "suspension", "own")
    assert own.status_code == 200, own.text


async def test_failures_are_tried_again_within_the_reach(country: Scene) -> None:
    for teacher in WORKS:
        country.enrol(nameless(teacher), name="陈小琳")
    for caller, retried in (("city_department@city:C1", 1), ("city_department@city:C2", 1), (OPERATOR, 1)):
        for _ in range(2):  # the second time replayed, but never what another one was told
            headers = {"Idempotency-Key": "again", **signed(caller)}
            answer = await country.client.post(f"{CERTIFICATES}/failures/retry", headers=headers)
            assert (answer.status_code, answer.json()) == (202, {"retried": retried}), caller
        await country.settled()
    issued = await numbers(country)
    assert set(issued) == {*WORKS, *map(nameless, WORKS)}
