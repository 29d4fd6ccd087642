"""What people may do to a certificate, once each, with a reason; and why it stands as it does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.certificates.conftest import Scene, figures
from tests.support.past import record_at
from tests.support.past_answers import Then

DAY = timedelta(days=1)

BAD_REASONS: list[tuple[dict[str, str], str]] = [
    ({}, "field.missing"),
    ({"reason": ""}, "text.empty"),
    ({"reason": "a\0"}, "text.nul"),
]


@pytest.fixture
async def number(scene: Scene) -> str:
    scene.enrol("T1")
    await scene.passed("T1", figures())
    await scene.settled()
    return str((await scene.certificate("T1"))["number"])


async def test_suspension_and_reinstatement(scene: Scene, number: str) -> None:
    answer = await scene.order(number, "suspension", reason="举报核查")
    assert answer.status_code == 200
    assert answer.json() == {
        "number": number,
        "version": 1,
        "state": "suspended",
        "state_code": "02",
        "reason": "举报核查",
    }
    again = await scene.order(number, "suspension")
    assert again.status_code == 409
    assert again.json()["code"] == "certificate.state_conflict"
    assert again.json()["state"] == "suspended"
    scene.client.headers["Accept-Language"] = "zh"
    told = (await scene.order(number, "suspension")).json()["detail"]
    assert told == f"证书 {number} 当前状态为“暂停”，不能执行该操作，未作任何更改。"
    assert (await scene.order(number, "reinstatement")).json()["state"] == "valid"
    assert (await scene.order(number, "reinstatement")).status_code == 409
    assert await scene.world.rebuild("certificates") == []


async def test_the_same_key_gives_the_first_answer_and_another_body_a_conflict(
    scene: Scene, number: str
) -> None:
    first = await scene.order(number, "suspension", key="k", reason="甲")
    replay = await scene.order(number, "suspension", key="k", reason="甲")
    assert replay.status_code == 200
    assert replay.json() == first.json()
    assert replay.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    other = await scene.order(number, "suspension", key="k", reason="乙")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.conflict")


async def test_what_is_missing_or_unknown_is_said(scene: Scene) -> None:
    for what in ("suspension", "reinstatement", "revocation", "reissue"):
        unknown = await scene.order("440100202450000028", what)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "certificate.unknown")
        address = f"/v1/certificates/440100202450000028/{what}"
        no_key = await scene.client.post(address, json={"reason": "x"})
        assert (no_key.status_code, no_key.json()["code"]) == (400, "idempotency.key_missing")
        for body, code in BAD_REASONS:
            refused = await scene.client.post(address, json=body, headers={"Idempotency-Key": "k"})
            assert refused.status_code == 422
            (error,) = refused.json()["errors"]
            assert (error["path"], error["code"]) == ("/reason", code)


async def test_a_revoked_certificate_returns_only_as_a_reissue(scene: Scene, number: str) -> None:
    assert (await scene.order(number, "revocation", reason="作弊")).json()["state"] == "revoked"
    for what in ("revocation", "suspension", "reinstatement"):
        assert (await scene.order(number, what)).status_code == 409
    await scene.passed("T1", figures("20"), revision=2)
    assert await scene.settled() == {"pending": 0, "failed": 0, "held": 1}
    (held,) = (await scene.client.get("/v1/certificates/failures")).json()["items"]
    assert held["problem"]["code"] == "certificate.held"
    assert held["failed_at"] is None
    assert (await scene.certificate("T1"))["state"] == "revoked"
    answer = await scene.order(number, "reissue", reason="申诉成立")
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/certificates/{number}"
    assert await scene.settled() == {"pending": 0, "failed": 0, "held": 0}
    certificate = await scene.certificate("T1")
    assert (certificate["version"], certificate["state"]) == (2, "valid")
    assert certificate["hours"]["elective"] == "20.00"
    whole = (await scene.client.get(f"/v1/certificates/{number}")).json()
    assert whole["versions"][0]["reason"] == "申诉成立"
    assert await scene.world.rebuild("certificates") == []


async def test_a_reissue_prints_what_the_roster_says_now(scene: Scene, number: str) -> None:
    scene.enrol("T1", "陈小林", "广州市越秀区朝天小学")
    await scene.order(number, "reissue", reason="姓名更正")
    await scene.settled()
    certificate = await scene.certificate("T1")
    assert (certificate["number"], certificate["version"]) == (number, 2)
    shown = (await scene.client.get(f"/verify/{number}")).json()
    assert (shown["name"], shown["school"]) == ("陈*林", "广州市越秀区朝天小学")


async def test_nobody_makes_a_certificate_valid_without_a_pass(scene: Scene, number: str) -> None:
    await scene.failed("T1", figures("8"), revision=2)
    await scene.settled()
    assert (await scene.certificate("T1"))["state"] == "suspended"
    for what, code in (
        ("reinstatement", "certificate.no_pass"),
        ("reissue", "certificate.state_conflict"),
    ):
        answer = await scene.order(number, what)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert (await scene.order(number, "revocation", reason="复核属实")).json()["state"] == "revoked"
    answer = await scene.order(number, "reissue")
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate.no_pass")


async def test_a_persons_suspension_outlives_verdicts(scene: Scene, number: str) -> None:
    await scene.order(number, "suspension")
    await scene.passed("T1", figures("20"), revision=2)
    assert await scene.settled() == {"pending": 0, "failed": 0, "held": 1}
    assert (await scene.certificate("T1"))["state"] == "suspended"
    await scene.order(number, "reinstatement")
    assert await scene.settled() == {"pending": 0, "failed": 0, "held": 0}
    certificate = await scene.certificate("T1")
    assert (certificate["version"], certificate["state"]) == (2, "valid")
    assert await scene.world.rebuild("certificates") == []


async def test_why_names_rule_verdict_arithmetic_and_history(scene: Scene, number: str) -> None:
    passed = await scene.passed("T1", figures("20", carried_in="8"), revision=2)
    await scene.settled()
    why: dict[str, Any] = (await scene.client.get(f"/v1/certificates/{number}/why")).json()
    assert why["rule"]["rule"] == "CT-01"
    assert why["rule"]["words"]
    assert why["verdict"] == passed.id
    assert (why["authority"], why["decision"], why["revision"]) == ("local", "run-1/T1/2", 2)
    lines = {line["category"]: (line["counted"], line["required"], line["met"]) for line in why["arithmetic"]}
    assert lines == {
        "public": ("30.00", "30.00", True),
        "professional": ("42.00", "42.00", True),
        "elective": ("20.00", "18.00", True),
        "total": ("92.00", "90.00", True),
    }
    assert [entry["type"] for entry in why["history"]] == [
        "entitlement.granted.v1",
        "certificate.issued.v1",
        "entitlement.granted.v1",
        "certificate.superseded.v1",
        "certificate.issued.v1",
    ]
    assert (await scene.client.get("/v1/certificates/440100202450000028/why")).status_code == 404


async def test_why_is_told_as_it_was_known_and_as_of_a_day(scene: Scene) -> None:
    start = datetime(2025, 1, 6, 4, tzinfo=UTC)
    scene.enrol("T1")
    record_at(scene.world, "certificates", start)
    await scene.passed("T1", figures())
    await scene.settled()
    number = str((await scene.certificate("T1"))["number"])
    then = Then(scene.world, "certificates", scene.client, (f"/v1/certificates/{number}/why",))
    await then.keeps(start)
    then.moves_to(start + DAY)
    await scene.order(number, "suspension")
    await then.keeps(start + DAY)
    then.moves_to(start + 2 * DAY)
    await scene.order(number, "reinstatement")
    await scene.passed("T1", figures("20"), revision=2)
    await scene.settled()
    await then.keeps(start + 2 * DAY)
    then.moves_to(start + 3 * DAY)
    await scene.order(number, "revocation")
    await then.answers_alike()
    told = [answers[0] for answers in then.kept.values()]
    assert [(one["version"], one["state"], len(one["history"])) for one in told] == [
        (1, "valid", 2),
        (1, "suspended", 3),
        (2, "valid", 7),
    ]
    for before in ({"known_at": (start - DAY).isoformat()}, {"effective_on": "2000-01-01"}):
        answer = await scene.client.get(f"/v1/certificates/{number}/why", params=before)
        assert (answer.status_code, answer.json()["code"]) == (404, "certificate.unknown"), before


async def test_why_says_in_words_what_it_rests_on_and_why_it_is_in_its_state(
    scene: Scene, number: str
) -> None:
    async def said(language: str) -> dict[str, Any]:
        answer = await scene.client.get(
            f"/v1/certificates/{number}/why", headers={"Accept-Language": language}
        )
        found: dict[str, Any] = answer.json()
        return found

    first = await said("zh")
    assert first["words"] == "依据本平台对 2024 年度验证通过的结果签发,第 1 版,现为“有效”。"
    assert [line["arithmetic"] for line in first["arithmetic"]] == [
        "30.00 ≥ 30.00",
        "42.00 ≥ 42.00",
        "18.00 ≥ 18.00",
        "90.00 ≥ 90.00",
    ]
    await scene.order(number, "suspension", reason="举报核查")
    assert (await said("zh"))["words"].endswith("现为“暂停”(原因:举报核查)。")
    await scene.order(number, "reinstatement", reason="核查无误")
    await scene.failed("T1", figures("17"), revision=2)
    await scene.settled()
    assert (await said("en"))["words"] == (
        "Rests on the pass of 2024, decided by this platform; version 1 is suspended"
        " (a later verdict is a fail)."
    )


async def test_no_name_is_in_the_journal(scene: Scene, number: str) -> None:
    await scene.order(number, "reissue")
    await scene.settled()
    heads = (await scene.client.get("/v1/journal/heads")).json()["heads"]
    for partition, head in heads.items():
        if head:
            said = (await scene.client.get(f"/v1/journal/{partition}")).text
            assert "陈小琳" not in said
            assert "华阳小学" not in said
