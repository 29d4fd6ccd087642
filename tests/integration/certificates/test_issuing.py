"""From a verdict to a numbered document: once, with what the roster says, whatever goes wrong between."""

import re
from dataclasses import replace
from hashlib import sha256
from importlib import resources
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from tests.integration.certificates.conftest import Scene, figures, verdict
from tests.support.signing import signed
from tests.support.versions import as_version


async def test_a_pass_becomes_a_numbered_certificate(scene: Scene) -> None:
    scene.enrol("T0360", "欧阳䶮·𬭎", "广州市天河区华阳小学")
    passed = await scene.passed("T0360", figures(carried_in="8"))
    assert await scene.settled() == {"pending": 0, "failed": 0, "held": 0}
    certificate = await scene.certificate("T0360")
    assert certificate["number"] == "44010020245000001X"
    assert certificate["state"] == "valid"
    assert certificate["state_code"] == "01"
    assert certificate["version"] == 1
    assert certificate["verdict"] == passed.id
    assert certificate["policy"] == "guangzhou@1"
    assert certificate["hours"]["professional"] == "34.00"
    assert certificate["hours"]["carried_in"] == "8.00"
    assert certificate["issued_at"] == "2025-01-08T02:30:00Z"
    assert await scene.world.rebuild("certificates") == []


async def test_the_document_is_kept_as_issued(scene: Scene) -> None:
    scene.enrol("T1", "欧阳䶮·𬭎", "广州市天河区华阳小学")
    await scene.passed("T1", figures())
    await scene.settled()
    certificate = await scene.certificate("T1")
    address = f"/v1/certificates/{certificate['number']}/pdf"
    answer = await scene.client.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    assert f"{certificate['number']}-v1.pdf" in answer.headers["content-disposition"]
    assert sha256(answer.content).hexdigest() == certificate["digest"]
    text = re.sub(r"\s", "", PdfReader(BytesIO(answer.content)).pages[0].extract_text())
    for printed in ("欧阳䶮·𬭎", certificate["number"], "2025年1月8日", "广州市教育局", "guangzhou@1"):
        assert printed in text
    again = await scene.client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert (await scene.client.get(address, params={"version": 2})).status_code == 404


async def test_the_same_figures_again_change_nothing(scene: Scene) -> None:
    scene.enrol("T1")
    await scene.passed("T1", figures())
    await scene.settled()
    before = await scene.certificate("T1")
    await scene.passed("T1", figures("18.00"), revision=2)
    await scene.settled()
    assert await scene.certificate("T1") == before


async def test_a_correction_is_a_second_version_of_the_same_number(scene: Scene) -> None:
    scene.enrol("T1")
    first = await scene.passed("T1", figures())
    await scene.settled()
    await scene.revoked("T1", first)
    await scene.passed("T1", figures("20"), revision=2)
    await scene.settled()
    certificate = await scene.certificate("T1")
    assert (certificate["number"], certificate["version"], certificate["state"]) == (
        "44010020245000001X",
        2,
        "valid",
    )
    whole = (await scene.client.get(f"/v1/certificates/{certificate['number']}")).json()
    earlier, later = whole["versions"]
    assert (earlier["state"], earlier["state_code"], earlier["replaced_by"]) == ("superseded", "03", 2)
    assert later["hours"]["elective"] == "20.00"
    documents = [
        (await scene.client.get(f"/v1/certificates/{certificate['number']}/pdf", params={"version": v}))
        for v in (1, 2)
    ]
    assert [sha256(each.content).hexdigest() for each in documents] == [earlier["digest"], later["digest"]]
    assert "替代第1版" in re.sub(r"\s", "", PdfReader(BytesIO(documents[1].content)).pages[0].extract_text())
    assert await scene.world.rebuild("certificates") == []


async def test_a_lost_pass_suspends_and_the_same_pass_again_reinstates(scene: Scene) -> None:
    scene.enrol("T1")
    first = await scene.passed("T1", figures())
    await scene.settled()
    await scene.revoked("T1", first)
    await scene.failed("T1", figures("8"), revision=2)
    await scene.settled()
    suspended = await scene.certificate("T1")
    assert (suspended["state"], suspended["state_code"]) == ("suspended", "02")
    assert suspended["reason"] == "verdict.revoked"
    await scene.passed("T1", figures(), revision=3)
    await scene.settled()
    valid = await scene.certificate("T1")
    assert (valid["state"], valid["version"]) == ("valid", 1)
    assert await scene.world.rebuild("certificates") == []


async def test_a_revocation_of_an_earlier_pass_does_not_touch_the_later_one(scene: Scene) -> None:
    scene.enrol("T1")
    first = await scene.passed("T1", figures())
    await scene.passed("T1", figures("20"), revision=2)
    await scene.settled()
    await scene.revoked("T1", first)
    await scene.settled()
    assert (await scene.certificate("T1"))["state"] == "valid"


async def test_a_fail_without_a_certificate_is_nothing(scene: Scene) -> None:
    await scene.failed("T1", figures("17"), revision=1)
    assert await scene.settled() == {"pending": 0, "failed": 0, "held": 0}
    assert await scene.certificates() == []


async def test_one_bad_row_in_a_hundred_stops_nobody(scene: Scene) -> None:
    teachers = [scene.enrol(f"T{n:04}", f"教师{n}") for n in range(100)]
    scene.enrol("T0042", "李😀明")
    await scene.pass_all(teachers, figures())
    assert await scene.settled() == {"pending": 0, "failed": 1, "held": 0}
    issued = await scene.certificates()
    assert len(issued) == 99
    numbers = sorted(int(each["number"][11:17]) for each in issued)
    assert numbers == list(range(1, 100))
    await _told_why(scene)
    before = {each["teacher"]: each for each in issued}
    scene.enrol("T0042", "李明")
    await scene.announce("T0042")
    assert await scene.settled() == {"pending": 0, "failed": 0, "held": 0}
    after = {each["teacher"]: each for each in await scene.certificates()}
    assert after.pop("T0042")["number"][11:17] == "000100"
    assert after == before
    assert await scene.world.rebuild("certificates") == []


async def _told_why(scene: Scene) -> None:
    answer = await scene.client.get("/v1/certificates/failures", headers={"Accept-Language": "zh-CN"})
    (failure,) = answer.json()["items"]
    assert failure["teacher"] == "T0042"
    assert failure["problem"]["code"] == "glyph.missing"
    assert failure["problem"]["sign"] == "😀"
    assert "U+1F600" in failure["problem"]["detail"]
    assert "更正名册" in failure["problem"]["detail"]
    answer = await scene.client.get("/v1/certificates/failures", headers=signed("auditor@deployment:local"))
    (failure,) = answer.json()["items"]
    assert (failure["problem"]["sign"], failure["problem"]["points"]) == ("*", "*"), "a sign of a name"


async def test_who_is_not_on_the_roster_is_tried_again_on_order(scene: Scene) -> None:
    await scene.passed("T1", figures())
    scene.enrol("T2", "  ")
    await scene.passed("T2", figures())
    assert await scene.settled() == {"pending": 0, "failed": 2, "held": 0}
    items = (await scene.client.get("/v1/certificates/failures", params={"limit": 1})).json()
    assert items["items"][0]["problem"]["code"] == "teacher.unknown"
    rest = (await scene.client.get("/v1/certificates/failures", params={"cursor": items["next"]})).json()
    assert [item["problem"]["code"] for item in rest["items"]] == ["name.missing"]
    assert rest["next"] is None
    scene.enrol("T1", "陈小琳")
    scene.enrol("T2", "李明")
    address = "/v1/certificates/failures/retry"
    assert (await scene.client.post(address)).status_code == 400
    answer = await scene.client.post(address, headers={"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json()) == (202, {"retried": 2})
    assert await scene.settled() == {"pending": 0, "failed": 0, "held": 0}
    replay = await scene.client.post(address, headers={"Idempotency-Key": "k1"})
    assert replay.headers["idempotent-replayed"] == "true"
    assert len(await scene.certificates()) == 2


async def test_work_waits_while_the_hours_service_is_away(scene: Scene) -> None:
    await scene.world.stop("hours")
    scene.enrol("T1")
    await scene.passed("T1", figures())
    await scene.world.heard("certificates", "verification")
    work = (await scene.client.get("/v1/certificates/pending")).json()
    assert work == {"pending": 1, "failed": 0, "held": 0}
    await scene.world.start("hours", scene.hours.app)
    assert await scene.settled() == {"pending": 0, "failed": 0, "held": 0}
    assert (await scene.certificate("T1"))["state"] == "valid"


async def test_names_are_asked_for_in_batches(scene: Scene) -> None:
    teachers = [scene.enrol(f"T{n:04}") for n in range(150)]
    await scene.pass_all(teachers, figures())
    await scene.settled()
    assert len(await scene.certificates()) == 150
    assert max(scene.roster.requests) > 1
    assert len(scene.roster.requests) < 20


async def test_a_list_is_read_in_pages(scene: Scene) -> None:
    await scene.pass_all([scene.enrol(f"T{n}") for n in range(5)], figures())
    await scene.settled()
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await scene.client.get("/v1/certificates", params={"limit": 2, **cursor})).json()
        seen += [item["number"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert [number[11:17] for number in seen] == [f"{n:06}" for n in range(1, 6)]
    assert await scene.certificates(year=2023) == []
    assert await scene.certificates(state="revoked") == []
    assert len(await scene.certificates(year=2024, state="valid")) == 5


async def test_a_pass_under_rules_that_are_not_kept_waits_for_them(scene: Scene, tmp_path: Path) -> None:
    scene.enrol("T1")
    draft = verdict("T1", "verification.passed.v1", figures(), 1)._replace(policy="guangzhou@0")
    await scene.verification.say_all([draft])
    assert await scene.settled() == {"pending": 0, "failed": 1, "held": 0}
    (failure,) = (await scene.client.get("/v1/certificates/failures")).json()["items"]
    assert (failure["problem"]["code"], failure["problem"]["policy"]) == ("policy.not_kept", "guangzhou@0")
    shipped = resources.files("shared.policy").joinpath("packs/guangzhou.toml").read_text(encoding="utf-8")
    then = as_version(shipped, "0").replace('issuer = "广州市教育局"', 'issuer = "广州市教育委员会"')
    (tmp_path / "guangzhou-0.toml").write_text(then, encoding="utf-8")
    await scene.world.stop("certificates")
    client = await scene.world.serve("certificates", CERTIFICATES_PACKS=str(tmp_path))
    retried = await client.post("/v1/certificates/failures/retry", headers={"Idempotency-Key": "again"})
    assert retried.json() == {"retried": 1}
    later = replace(scene, client=client)
    await later.settled()
    shown = (await client.get(f"/verify/{(await later.certificate('T1'))['number']}")).json()
    assert (shown["state"], shown["issuer"]) == ("valid", "广州市教育委员会")
