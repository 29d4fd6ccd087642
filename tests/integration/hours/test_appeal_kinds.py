"""Appeals over HTTP against what is no refusal and no reversal: each undone by the room below, once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from shared.runtime import clock
from tests.integration.hours import plans
from tests.integration.hours.acts import key, paper, record, register, total
from tests.integration.hours.classes import (
    PROVIDER,
    approved,
    pack,
    result,
    seat,
    send,
    today,
    valley,
)
from tests.integration.hours.classes import register as register_class
from tests.integration.hours.test_appeals import CITY, GROUNDS, PROVINCE, act, appeal, listed, reverse
from tests.integration.hours.test_declarations import (
    CENTRE,
    SCHOOL_OF,
    TEACHER,
    decide,
    declaration,
    declare,
    village,
)
from tests.integration.hours.test_persons import KEYS
from tests.integration.hours.test_waivers import SECRET, ask
from tests.integration.hours.test_waivers import decide as decide_waiver
from tests.support.past import record_at
from tests.support.signing import account, calling, signed
from tests.support.waivers import with_waivers
from tests.support.world import World

WEEK = {"from": "2024-07-07", "to": "2024-07-11"}


async def correct(
    client: httpx.AsyncClient, number: str, to: str, headers: dict[str, str], changed: Any = None
) -> None:
    """A record is corrected to these hours of the declared training, under another number."""
    body = {**record(f"{to} h", "T1", "GZ-HR-2.03", to, **WEEK), "reason": "学时登记有误", **(changed or {})}
    address = f"/v1/records/{number}/correction"
    answer = await client.post(address, json=body, headers={**key(), **headers})
    assert answer.status_code == 201, answer.text


async def test_what_a_correction_took_is_given_back_in_its_place_and_counts_once(world: World) -> None:
    hours = await village(world)
    file = await paper(hours, "A", TEACHER)
    await declare(hours, declaration("A", files=[file]))
    assert await decide(hours, SCHOOL_OF, "A") == "reviewed"
    assert await decide(hours, CENTRE, "A") == "posted"
    await correct(hours, "declaration:A", "30", CENTRE)
    assert await appeal(hours, "a", "record:declaration:A") == "appeal.not_decided", "it gives more"
    await correct(hours, "30 h", "4", CENTRE)
    assert await appeal(hours, "a", "record:4 h") == "appeal.not_decided", "it stands"
    assert await appeal(hours, "a", "record:30 h") == "open"
    assert await appeal(hours, "b", "record:declaration:A") == "open", "it was 24 and is 4"
    local = "operator@deployment:local"
    await correct(hours, "4 h", "5", signed(local, "city_department@city:C"))
    assert await act(hours, "a/grant", signed("district_centre@district:D", "city_department@city:C")) == (
        "appeal.own"
    ), "its account corrected it"
    assert await act(hours, "a/grant", signed(local, "city_department@city:C")) == ("appeal.own"), (
        "its account corrected it since"
    )
    assert await act(hours, "a/grant", CITY) == "granted"
    assert (await total(hours, "T1"))["professional"] == "30.00", "and not 35"
    gone, anew = [(await hours.get(f"/v1/records/{one}")).json() for one in ("5 h", "appeal:a")]
    assert (gone["state"], anew["state"]) == ("reversed", "registered")
    assert (anew["restores"], anew["corrects"], anew["recogniser"]) == ("30 h", gone["event"], "city:C")
    same = ("registrar", "matter", "files")
    assert {name: anew[name] for name in same} == {name: gone[name] for name in same}
    taken_back = (await hours.get(gone["why"])).json()["inputs"]
    assert (taken_back["replacement"], taken_back["reason"]) == ("appeal:a", "appeal:a")
    assert await act(hours, "b/grant", CITY) == "appeal.not_decided", "what stands gives more than it did"
    assert await act(hours, "b/rejection", CITY, {"reason": "x"}) == "rejected"
    again = await hours.post(
        "/v1/records/appeal:a/reversal", json={"reason": "x"}, headers={**key(), **CENTRE}
    )
    assert again.json()["code"] == "registrar.not_allowed", "the city recognised it"
    assert await declare(hours, declaration("B", "GZ-HR-2.07", files=[file])) == (409, "evidence.claimed")
    await reverse(hours, "appeal:a", CITY)
    assert await appeal(hours, "c", "record:30 h") == "appeal.not_decided", "appeal about the reversal"
    assert await appeal(hours, "c", "record:appeal:a") == "open"
    await register(hours, record("R", "T1", "GZ-HR-2.01", "8"))
    earlier = record("R2", "T1", "GZ-HR-2.01", "8", year=2023, **{"from": "2023-05-06", "to": "2023-05-10"})
    await correct(hours, "R", "8", calling("operator:local"), earlier)
    assert await appeal(hours, "r", "record:R") == "open", "in another year they may be no use"
    assert await act(hours, "r/grant", PROVINCE) == "granted"
    assert [(await total(hours, "T1", year))["professional"] for year in (2023, 2024)] == ["0.00", "8.00"]
    assert await world.rebuild("hours") == []


async def test_what_a_smaller_result_left_is_given_back_in_its_place_and_counts_once(world: World) -> None:
    hours = await world.serve("hours")
    record_at(world, "hours", clock.now() - timedelta(days=31))
    await plans.settle(hours)
    await plans.approved(hours)
    await plans.hand_in(hours, "P1", ("T1", "16", "passed"))
    first = (await plans.register(hours, "P1"))["results"][0]["record"]
    await plans.reverse(hours, first, plans.OPERATOR)
    record_at(world, "hours", None)
    assert await appeal(hours, "a", f"record:{first}") == "appeal.too_late", "against the reversal"
    hand = account("hand", "school_administrator@school:S")
    await plans.hand_in(hours, "P1", ("T1", "8", "passed"), who=hand)
    registrar = account("registrar", "school_administrator@school:S")
    second = (await plans.register(hours, "P1", registrar))["results"][0]["record"]
    assert await appeal(hours, "a", f"record:{first}", SCHOOL_OF) == "appeal.own_doing"
    assert await appeal(hours, "a", f"record:{first}") == "open", "it was 16 and is 8 since today"
    for had_a_hand in ("hand", "registrar"):
        same = account(had_a_hand, "city_department@city:C")
        assert await act(hours, "a/grant", same) == "appeal.own", "it handed in or registered what stands"
    assert await act(hours, "a/grant", CITY) == "granted"
    assert (await total(hours, "T1"))["elective"] == "16.00", "once"
    gone, anew = [(await hours.get(f"/v1/records/{one}")).json() for one in (second, "appeal:a")]
    assert (gone["state"], anew["restores"], anew["corrects"]) == ("reversed", first, gone["event"])
    assert (anew["matter"], anew["recogniser"]) == ("plan:P1", "city:C")
    (result,) = (await plans.shown(hours, "P1"))["results"]
    assert result["record"] == "appeal:a"
    assert await appeal(hours, "b", f"record:{second}") == "appeal.not_decided", "what stands gives more"
    assert await plans.hand_in(hours, "P1", ("T1", "9", "passed")) == ["plan.result_registered"]
    await plans.reverse(hours, "appeal:a", CITY)
    assert await appeal(hours, "b", f"record:{first}") == "appeal.too_late", "nothing stands since"
    assert await appeal(hours, "b", "record:appeal:a") == "open"
    assert await plans.hand_in(hours, "P1", ("T1", "9", "passed")) == ["changed"], "nothing stands"
    await plans.register(hours, "P1")
    assert await appeal(hours, "c", f"record:{first}") == "appeal.granted", "appeal about what that gave"
    assert await act(hours, "b/grant", CITY) == "appeal.own", "it took back what it had granted"
    assert await act(hours, "b/grant", PROVINCE) == "granted"
    assert (await total(hours, "T1"))["elective"] == "16.00", "in the place of 9"
    assert await world.rebuild("hours") == []


async def test_a_refused_waiver_is_granted_by_who_is_shown_its_ground_for_that_alone(
    world: World, tmp_path: Path
) -> None:
    hours = await village(world, HOURS_PACK=with_waivers(tmp_path), HOURS_PERSON_KEYS=KEYS)
    file, other = await paper(hours, "诊断证明", TEACHER), await paper(hours, "other", TEACHER)
    assert await ask(hours, "W", "teacher:T1", files=[file]) == (201, "pending")
    assert await appeal(hours, "w", "waiver:W") == "appeal.not_decided"
    officer = account("officer", "city_department@city:C")
    refusal = await hours.post(
        "/v1/waivers/W/refusal", json={"reason": "病历不全"}, headers={**key(), **officer}
    )
    assert refusal.is_success
    assert await appeal(hours, "w", "waiver:W", SCHOOL_OF) == "appeal.not_party", "it is not told the ground"
    assert await appeal(hours, "w", "waiver:V") == "appeal.matter_unknown"
    assert await appeal(hours, "v", "waiver:W") == "open"
    assert await act(hours, "v/withdrawal", TEACHER) == "withdrawn"
    assert (await hours.get("/v1/appeals/v", headers=PROVINCE)).json()["ground"] is None, "nothing to decide"
    assert await appeal(hours, "w", "waiver:W", files=[other]) == "open"
    assert await listed(hours, PROVINCE, mine=True) == ["w"]

    told = {}
    for name, who in {"teacher": TEACHER, "school": SCHOOL_OF, "city": CITY, "province": PROVINCE}.items():
        one = (await hours.get("/v1/appeals/w", headers=who)).json()
        got = [(await hours.get(f"/v1/appeals/w/files/{a}", headers=who)).is_success for a in (file, other)]
        told[name] = (one["source_rule"], one["grounds"], (one["ground"] or {}).get("statement"), got)
    assert told == {
        "teacher": (None, GROUNDS, None, [False, True]),
        "school": (None, None, None, [False, False]),
        "city": (None, GROUNDS, None, [False, True]),
        "province": (None, GROUNDS, SECRET, [True, True]),
    }
    assert (await hours.get("/v1/waivers/W", headers=PROVINCE)).status_code == 403
    await who_may_not_see_waivers_learns_of_none(hours)
    for had_a_hand in ("teacher@person:T1", "officer"):
        same = account(had_a_hand, "provincial_education@province:P")
        assert await act(hours, "w/grant", same) == "appeal.own", "its account asked or refused"
    assert await ask(hours, "V", "teacher:T2", teacher="T2", files=[file]) == (201, "pending")
    assert await act(hours, "w/grant", PROVINCE) == "evidence.claimed"
    assert (
        await act(hours, "w/grant", PROVINCE, {"reason": "产假属实", "override": "双方同一证明"}) == "granted"
    )
    whole = (await hours.get("/v1/appeals/w", headers=PROVINCE)).json()
    assert (whole["ground"], whole["record"], whole["reason"]) == (None, None, "产假属实")
    waiver = (await hours.get("/v1/waivers/W", headers=TEACHER)).json()
    assert (waiver["state"], waiver["decided_by"]) == ("approved", "education:P")
    assert waiver["ground"]["reason"] == "产假属实"
    assert await ask(hours, "U", "school:S", kind="secondment", last=2024) == (201, "pending")
    assert await decide_waiver(hours, "U", "city:C") == (409, "waiver.overlaps"), "it holds"
    assert await appeal(hours, "x", "waiver:W") == "appeal.not_decided"
    assert await decide_waiver(hours, "W", "city:C", "end", year=2025) == (200, "ended")
    async with world.apps["hours"].state.database.transaction(reading=True) as tx:
        for secret in (GROUNDS, SECRET, "产假", "childbirth", "T-W1"):
            for table, column in (("journal", "data"), ("kept_answer", "body"), ("appeal_words", "words")):
                query = text(f"select count(*) from {table} where {column} like :secret")  # noqa: S608 - our own names
                found = (await tx.execute(query, {"secret": f"%{secret}%"})).scalar_one()
                assert found == 0, (table, secret)
    assert await world.rebuild("hours") == []


async def who_may_not_see_waivers_learns_of_none(hours: httpx.AsyncClient) -> None:
    """There is no appeal about a waiver for who is shown no waiver: in no list, at no address, in no why."""
    _, partition, seq = (await hours.get("/v1/appeals/w")).json()["history"][0]["event"].split("/")
    for who in ("auditor@school:S", "provincial_hr@province:P", "provider@district:D"):
        told = [
            (await hours.get(f"/v1/{address}", headers=signed(who))).json()
            for address in (
                "appeals",
                "appeals?matter=waiver:W",
                "appeals/w",
                f"entries/{partition}/{seq}/why",
            )
        ]
        assert "waiver" not in str(told), who
        assert told[-1]["code"] == "entry.unknown", who
        if who.startswith("provider"):
            assert {one["code"] for one in told[:-1]} == {"access.forbidden"}
        else:
            assert [one.get("code") for one in told[:-1]] == [None, None, "appeal.unknown"], who
    for knows in (TEACHER, SCHOOL_OF, CITY, PROVINCE):
        assert await listed(hours, knows, matter="waiver:W") == ["v", "w"]
        why = await hours.get(f"/v1/entries/{partition}/{seq}/why", headers=knows)
        assert why.json()["inputs"]["matter"] == "waiver:W", why.text


async def test_who_failed_or_was_excluded_in_a_class_is_reassessed_and_passed_by_no_appeal(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, HOURS_PACK=pack(tmp_path, "absence = { numerator = 1, denominator = 5 }"))
    lessons = [{"lesson": "1", "day": today().isoformat(), "hours": "16"}]
    await approved(hours, "K/1", lessons=lessons)
    await seat(hours, CENTRE, "K/1", "T1", "T2")
    for matter in ("class:K%2F1/T3", "class:N/T1", "class:K%2F1"):
        assert await appeal(hours, "a", matter, calling("school:S")) == "appeal.matter_unknown"
    assert await appeal(hours, "a", "class:K%2F1/T1") == "appeal.not_decided"
    assert await appeal(hours, "a", "verdict:V1") == "appeal.of_verdict"
    failed = {"teacher": "T1", "outcome": "failed"}
    passed = {**failed, "outcome": "passed", "reassessment": True}
    provider = account("trainer", "provider@district:D")
    assert await result(hours, provider, "K/1", failed) == ["failed"]
    missed = {"teacher": "T2", "lesson": "1", "absent": "4"}
    assert (await send(hours, provider, "/K/1/attendance", {"rows": [missed]}))[0] == 200
    assert await register_class(hours, CENTRE, "K/1") == ["result.failed", "result.excluded"]
    assert await appeal(hours, "a", "class:K%2F1/T1") == "open"
    assert await appeal(hours, "b", "class:K%2F1/T2", calling("school:S")) == "open"
    trainer = account("trainer", "city_department@city:C")
    assert [await act(hours, f"{one}/grant", trainer) for one in "ab"] == ["appeal.own"] * 2
    assert [await act(hours, f"{one}/grant", CITY) for one in "ab"] == ["granted"] * 2
    assert (await hours.get("/v1/appeals/a")).json()["record"] is None
    seats = (await hours.get("/v1/classes/K/1/seats")).json()["items"]
    assert [(one["outcome"], one["reassessment"]) for one in seats] == [(None, True)] * 2
    assert await register_class(hours, CENTRE, "K/1") == ["result.missing"] * 2, "an appeal assesses nobody"
    assert await appeal(hours, "c", "class:K%2F1/T1") == "appeal.not_decided"
    again = {**passed, "outcome": "failed"}
    assert await result(hours, PROVIDER, "K/1", again, {**passed, "teacher": "T2"}) == ["failed", "passed"]
    assert await appeal(hours, "c", "class:K%2F1/T1") == "open", "that is another result"
    assert await act(hours, "c/grant", CITY) == "appeal.own", "it decided before"
    assert await result(hours, PROVIDER, "K/1", passed) == ["passed"]
    assert await act(hours, "c/grant", PROVINCE) == "appeal.not_decided", "it holds no longer"
    assert await register_class(hours, CENTRE, "K/1") == ["class:K%2F1/1/T1", "class:K%2F1/1/T2"]
    assert (await total(hours, "T2", today().year))["professional"] == "16.00"
    assert await appeal(hours, "d", "class:K%2F1/T2", calling("school:S")) == "appeal.not_decided"
    assert await world.rebuild("hours") == []
