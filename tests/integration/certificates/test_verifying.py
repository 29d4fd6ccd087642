"""The public page: what strangers see, what they do not, and that asking teaches nothing."""

import asyncio
from time import perf_counter

import pytest

from certificates.verifying.api import ANSWER_AFTER
from tests.integration.certificates.conftest import Scene, figures
from tests.support.world import World

NAME = "欧阳小琳"
HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "Accept-Language": "zh-CN,zh;q=0.9"}


@pytest.fixture
async def number(scene: Scene) -> str:
    scene.enrol("T1", NAME, "广州市<天河区>华阳小学")
    await scene.passed("T1", figures(carried_in="8"))
    await scene.settled()
    return str((await scene.certificate("T1"))["number"])


async def test_machines_are_answered_in_json(scene: Scene, number: str) -> None:
    answer = await scene.client.get(f"/verify/{number}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "state": "valid",
        "message": "This certificate is genuine and valid.",
        "number": number,
        "state_code": "01",
        "version": 1,
        "current_version": 1,
        "name": "欧**琳",
        "school": "广州市<天河区>华阳小学",
        "year": 2024,
        "last": 2024,
        "kind": "年度验证证书",
        "hours": {
            "public": "30.00",
            "professional": "34.00",
            "elective": "18.00",
            "carried_in": "8.00",
            "total": "90.00",
        },
        "issuer": "广州市教育局",
        "issued_on": "2025-01-08",
        "valid_until": None,
    }


async def test_people_are_answered_with_a_page(scene: Scene, number: str) -> None:
    answer = await scene.client.get(f"/verify/{number}", headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for shown in ("该证书真实有效", "欧**琳", "2024", "<b>34</b>专业科目", "<b>90</b>合计", number):
        assert shown in answer.text
    assert "&lt;天河区&gt;" in answer.text
    assert NAME not in answer.text
    english = await scene.client.get(f"/verify/{number}", headers={**HTML, "Accept-Language": "en"})
    assert "This certificate is genuine and valid." in english.text


async def test_the_name_and_the_teacher_are_in_no_public_answer(scene: Scene, number: str) -> None:
    for headers in ({}, HTML):
        for version in ({}, {"version": 1}):
            answer = await scene.client.get(f"/verify/{number}", params=version, headers=headers)
            assert NAME not in answer.text
            assert "T1" not in answer.text


async def test_an_unknown_number_is_answered_like_a_known_one(scene: Scene, number: str) -> None:
    known = await scene.client.get(f"/verify/{number}")
    unknown = await scene.client.get("/verify/440100202450000028")
    assert unknown.status_code == 404
    assert unknown.headers["content-type"] == known.headers["content-type"]
    assert unknown.json().keys() == known.json().keys()
    assert unknown.json()["state"] == "unknown"
    assert unknown.json()["number"] == "440100202450000028"
    assert all(
        value is None for name, value in unknown.json().items() if name not in {"state", "message", "number"}
    )
    no_version = await scene.client.get(f"/verify/{number}", params={"version": 7})
    assert (no_version.status_code, no_version.json()["state"]) == (404, "unknown")
    page = await scene.client.get("/verify/440100202450000028", headers=HTML)
    assert page.status_code == 404
    assert "查无此证" in page.text


async def test_no_number_is_answered_sooner_than_another(scene: Scene, number: str) -> None:
    for text in (number, "440100202450000028"):
        begun = perf_counter()
        await scene.client.get(f"/verify/{text}")
        assert perf_counter() - begun >= ANSWER_AFTER


async def test_a_mistyped_number_is_called_so_and_not_repeated(world: World) -> None:
    client = await world.serve("certificates")
    for text in ("440100202450000021", "44010020245000001", "11010519491231002X", "<script>", "０" * 18):
        answer = await client.get(f"/verify/{text}")
        assert (answer.status_code, answer.json()["state"]) == (422, "mistyped")
        assert answer.json()["number"] is None
        page = await client.get(f"/verify/{text}", headers=HTML)
        assert page.status_code == 422
        assert "编号有误" in page.text
        assert "script" not in page.text
        assert "11010519491231002X" not in page.text


async def test_the_number_is_read_as_people_type_it(scene: Scene, number: str) -> None:
    typed = f"{number[:6]} {number[6:10]}-{number[10:]}".lower()
    answer = await scene.client.get("/verify", params={"number": typed})
    assert answer.json()["number"] == number
    form = await scene.client.get("/verify", headers=HTML)
    assert form.status_code == 200
    assert '<form action="/verify"' in form.text


async def test_the_code_on_an_old_paper_says_superseded(scene: Scene, number: str) -> None:
    await scene.passed("T1", figures("20"), revision=2)
    await scene.settled()
    old = (await scene.client.get(f"/verify/{number}", params={"version": 1})).json()
    assert (old["state"], old["version"], old["current_version"]) == ("superseded", 1, 2)
    assert old["message"] == "Version 1 was replaced; version 2 stands in its place."
    new = (await scene.client.get(f"/verify/{number}")).json()
    assert (new["state"], new["version"], new["hours"]["elective"]) == ("valid", 2, "20.00")


@pytest.mark.parametrize(("what", "state"), [("suspension", "suspended"), ("revocation", "revoked")])
async def test_other_states_are_shown(scene: Scene, number: str, what: str, state: str) -> None:
    await scene.order(number, what)
    shown = (await scene.client.get(f"/verify/{number}")).json()
    assert shown["state"] == state
    page = await scene.client.get(f"/verify/{number}", headers=HTML)
    assert {"suspended": "已暂停", "revoked": "已被撤销"}[state] in page.text


async def test_an_address_that_asks_too_often_is_told_when_to_return(world: World) -> None:
    client = await world.serve("certificates", CERTIFICATES_LOOKUPS="3/hour")
    numbers = ["440100202450000028"] * 4
    answers = await asyncio.gather(*(client.get(f"/verify/{number}") for number in numbers))
    assert sorted(answer.status_code for answer in answers) == [404, 404, 404, 429]
    refused = await client.get("/verify/440100202450000028")
    assert refused.json()["code"] == "lookup.too_many"
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    page = await client.get("/verify/440100202450000028", headers=HTML)
    assert page.status_code == 429
    assert "查验过于频繁" in page.text
