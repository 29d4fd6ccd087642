"""Recognitions over HTTP: a transcript is checked, its lines are converted by factors and reviewed."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from shared.runtime.journal import canonical
from tests.integration.hours.acts import close_points, enrol, key, record, total
from tests.integration.hours.recognising import (
    FAR,
    NEIGHBOURS,
    NONE,
    from_there,
    hand_in,
    line,
    pack_of,
    results,
    signed,
    transcript,
)
from tests.integration.hours.test_declarations import decide, queue
from tests.integration.hours.test_organisations import WHOLE, post
from tests.integration.hours.test_persons import KEYS, ONE, OTHER
from tests.support.signing import calling
from tests.support.transcripts import signing_as, trusting
from tests.support.world import World, until

TEACHER, SCHOOL, CENTRE = calling("teacher:T1"), calling("school:S"), calling("centre:D")


async def town(world: World, folder: Path, *rules: str) -> httpx.AsyncClient:
    """T1 at a school of a district that believes two neighbours."""
    settings = {
        **signing_as("east"),
        **trusting(folder / "trust", "west", "south"),
        "HOURS_PERSON_KEYS": KEYS,
    }
    hours = await world.serve("hours", HOURS_PACK=pack_of(folder, *rules), **settings)
    await post(hours, *WHOLE)
    await enrol(hours, "T1", school="S", district="", citizen_id=ONE)
    await enrol(hours, "T2", school="S", district="", citizen_id=OTHER)
    await enrol(hours, "T3", school="S", district="")
    return hours


async def test_wh_10_neighbours_are_recognised_at_once_and_each_line_once(
    world: World, tmp_path: Path
) -> None:
    hours = await town(world, tmp_path, NEIGHBOURS)
    text = signed(transcript(line("record:A", "12"), line("record:B", "7.25")))
    answer = (await hand_in(hours, text, TEACHER)).json()
    assert (answer["accepted"], answer["refused"]) == (2, 0)
    first = answer["results"][0]
    assert (first["state"], first["rule"], first["clause"], first["factor"]) == (
        "posted",
        "T-RC-1",
        "二(二)",
        "1/1",
    )
    assert first["arithmetic"] == ["12.00 × 1/1 = 12.00"]
    assert (await total(hours, "T1", 2026))["professional"] == "19.25"
    again = await results(hours, text, TEACHER)
    assert [code for _, code, _ in again] == ["recognition.taken"] * 2
    newer = signed(transcript(line("record:A", "12"), line("record:C", "1"), number="W-2"))
    assert await results(hours, newer, SCHOOL) == [
        ("record:A", "recognition.taken", None),
        ("record:C", "posted", "1.00"),
    ]
    by_south = line("record:Z", "12", source=from_there("west", "record:A"))
    around = signed(transcript(by_south, line("record:Y", "2"), number="S-1", issuer="south"))
    assert await results(hours, around, TEACHER) == [
        ("record:Z", "recognition.taken", None),
        ("record:Y", "posted", "2.00"),
    ]
    assert (await total(hours, "T1", 2026))["professional"] == "22.25"
    assert await world.rebuild("hours") == []


async def test_what_needs_review_goes_to_the_reviewers_of_its_rule_and_is_rounded_once(
    world: World, tmp_path: Path
) -> None:
    hours = await town(world, tmp_path, FAR)
    text = signed(
        transcript(
            line("record:A", "0.5", unit="credit"),
            line("record:B", "2", unit="credit", mode="concentrated"),
            line("record:C", "3", unit="credit", category="other"),
            line("record:D", "4"),
        )
    )
    assert [code for _, code, _ in await results(hours, text, SCHOOL)] == [
        *["registrar.not_allowed"] * 3,
        "recognition.no_factor",
    ]
    assert await results(hours, text, TEACHER) == [  # 0.5 × 10/3 = 1.666…
        ("record:A", "declared", "1.67"),
        ("record:B", "declared", "16.00"),
        ("record:C", "declared", "10.00"),
        ("record:D", "recognition.no_factor", None),
    ]
    waiting = [f"transcript:west/record:{name}" for name in "ABC"]
    assert sorted(await queue(hours, SCHOOL)) == waiting
    assert (await total(hours, "T1", 2026))["professional"] == "0.00"
    for number in waiting:
        assert await decide(hours, SCHOOL, number) == "reviewed"
    assert await decide(hours, CENTRE, waiting[0]) == "posted"
    assert await decide(hours, CENTRE, waiting[1], "return", reason="补充说明") == "returned"
    assert await decide(hours, CENTRE, waiting[2], "refuse", reason="与本地培训重复") == "refused"
    assert await results(hours, text, TEACHER) == [
        ("record:A", "recognition.taken", None),
        ("record:B", "declared", "16.00"),
        ("record:C", "recognition.taken", None),
        ("record:D", "recognition.no_factor", None),
    ]
    for who in (SCHOOL, CENTRE):
        await decide(hours, who, waiting[1])
    assert (await total(hours, "T1", 2026))["professional"] == "17.67"
    shown = (await hours.get(f"/v1/records/declaration:{waiting[0]}")).json()
    assert shown["details"]["origin"] == {
        "issuer": "west",
        "transcript": "W-1",
        "line": "record:A",
        "unit": "credit",
        "category": "professional",
        "mode": "",
        "amount": "0.50",
        "earned_with": "west",
        "earned_as": "record:A",
    }
    assert (shown["registrar"], shown["recogniser"]) == ("teacher:T1", "centre:D")
    why = (await hours.get(f"/v1/entries/{shown['event'].partition('/')[2]}/why")).json()
    assert why["arithmetic"] == ["0.50 × 10/3 = 1.67"]
    assert why["rules"][0]["clause"] == "七"
    assert await world.rebuild("hours") == []


async def test_recognised_hours_obey_the_cap_and_a_closed_year_and_can_be_taken_back(
    world: World, tmp_path: Path
) -> None:
    points = await world.publisher("points")
    hours = await town(world, tmp_path, FAR.replace('reviewers = ["school", "centre"]\n', ""))
    lines = [
        line("record:A", "2", unit="credit", mode="concentrated"),
        line("record:B", "9", unit="credit"),
    ]
    text = signed(transcript(*lines, number="W-3"))
    assert [hours_ for _, _, hours_ in await results(hours, text, TEACHER)] == ["16.00", "30.00"]
    sums = await total(hours, "T1", 2026)
    assert (sums["professional"], sums["over_cap"]) == ("30.00", "16.00")
    record_ = "declaration:transcript:west/record:A"
    taken = await hours.post(f"/v1/records/{record_}/reversal", json={"reason": "材料不实"}, headers=key())
    assert taken.is_success, taken.text
    sums = await total(hours, "T1", 2026)
    assert (sums["professional"], sums["over_cap"]) == ("30.00", "0.00")
    assert (await results(hours, text, TEACHER))[0] == ("record:A", "recognition.taken", None)
    await close_points(points, 2024)
    await world.heard("hours", "points")
    assert (await hours.post("/v1/years/2024/close", headers=key())).status_code == 202

    async def closed() -> bool:
        return bool((await hours.get("/v1/years/2024")).json()["state"] == "closed")

    await until(closed)
    over = signed(transcript(line("record:L", "1", unit="credit", **of_year(2024)), number="W-4"))
    assert await results(hours, over, TEACHER) == [("record:L", "year.closed", None)]


def of_year(year: int) -> dict[str, Any]:
    return {"year": year, "first": date(year, 5, 6), "last": date(year, 5, 10)}


async def test_c360_02_without_a_factor_nothing_is_guessed(world: World, tmp_path: Path) -> None:
    hours = await town(world, tmp_path, NONE)
    text = signed(transcript(line("record:A", "12"), line("record:B", "3", unit="credit")))
    answer = (await hand_in(hours, text, TEACHER)).json()
    assert [one["problem"]["code"] for one in answer["results"]] == ["recognition.no_factor"] * 2
    assert "none is guessed" in answer["results"][0]["problem"]["detail"]
    assert answer["results"][0]["activity"] == "活动 record:A"
    shipped = await world.beside("hours", HOURS_PACK="", **trusting(tmp_path / "trust", "west"))
    refused = await hand_in(shipped, text, TEACHER)
    assert (refused.status_code, refused.json()["code"]) == (409, "recognition.not_offered")


async def test_what_counts_nowhere_or_was_earned_here_is_not_recognised(world: World, tmp_path: Path) -> None:
    hours = await town(world, tmp_path, NEIGHBOURS)
    text = signed(
        transcript(
            line("record:A", "0"),
            line("record:B", "3", source=from_there("east", "record:R1")),
            line("record:C", "2"),
            line("record:C", "2"),
        )
    )
    assert await results(hours, text, TEACHER) == [
        ("record:A", "recognition.nothing_counts", None),
        ("record:B", "recognition.earned_here", None),
        ("record:C", "posted", "2.00"),
        ("record:C", "recognition.taken", None),
    ]


async def test_what_its_issuer_corrected_is_not_recognised_beside_what_it_was(
    world: World, tmp_path: Path
) -> None:
    hours = await town(world, tmp_path, NEIGHBOURS)
    before = signed(transcript(line("record:A", "12")))
    assert await results(hours, before, TEACHER) == [("record:A", "posted", "12.00")]
    after = signed(
        transcript(
            line("record:A3", "10", first_line="record:A"),
            line("record:B2", "5", first_line="record:B"),
            number="W-2",
        )
    )
    assert await results(hours, after, TEACHER) == [
        ("record:A3", "recognition.taken", None),
        ("record:B2", "posted", "5.00"),
    ]
    late = signed(transcript(line("record:B", "6"), number="W-3"))
    assert await results(hours, late, TEACHER) == [("record:B", "recognition.taken", None)]


async def test_a_transcript_that_is_not_to_be_believed_is_refused_whole(world: World, tmp_path: Path) -> None:
    hours = await town(world, tmp_path, NEIGHBOURS)
    good = transcript(line("record:A", "12"))
    text = signed(good)
    head, body, signature = text.split(".")
    at = len(body) // 2
    flipped = f"{body[:at]}{'A' if body[at] != 'A' else 'B'}{body[at + 1 :]}"
    more = signed(transcript(line("record:A", "99"))).split(".")[1]
    negative = canonical(good).replace('"counted":"12"', '"counted":"-12"').encode()
    named = canonical(good).replace('"activity":"', f'"activity":"{OTHER}').encode()
    cases = {
        "transcript.not_genuine": [
            f"{head}.{more}.{signature}",
            signed(good, by="south"),
            signed(good, kind="other+json"),
        ],
        "transcript.issuer_unknown": [signed(transcript(line("record:A", "12"), issuer="north"))],
        "transcript.own": [signed(transcript(line("record:A", "12"), issuer="east"))],
        "transcript.other_person": [signed(transcript(line("record:A", "12"), citizen=OTHER))],
        "transcript.unreadable": [
            "a.b.c",
            signed(b"{}", by="west"),
            signed(b"nothing", by="west"),
            signed(negative, by="west"),
            signed(named, by="west"),
            signed(canonical(good).replace("活动", "\\u0000").encode(), by="west"),
        ],
    }
    for code, texts in cases.items():
        for one in texts:
            assert (await hand_in(hours, one, TEACHER)).json()["code"] == code
    changed = (await hand_in(hours, f"{head}.{flipped}.{signature}", TEACHER)).json()["code"]
    assert changed in {"transcript.not_genuine", "transcript.unreadable"}
    assert (await hand_in(hours, text, SCHOOL, "T2")).json()["code"] == "transcript.other_person"
    assert (await hand_in(hours, text, SCHOOL, "T3")).json()["code"] == "transcript.no_identity"
    assert (await hand_in(hours, text, TEACHER, "T2")).json()["code"] == "teacher.out_of_reach"
    assert (await hand_in(hours, text, {}, "T9")).json()["code"] == "teacher.unknown"
    assert (await total(hours, "T1", 2026))["professional"] == "0.00"


async def test_nothing_is_declared_or_registered_under_such_a_rule_without_a_transcript(
    world: World, tmp_path: Path
) -> None:
    hours = await town(world, tmp_path, NEIGHBOURS)
    row = record("R", "T1", "GZ-HR-2.01", "5", source_rule="T-RC-1", category="professional")
    (refused,) = (await hours.post("/v1/records", json=[row])).json()["results"]
    assert refused["problem"]["errors"][0]["code"] == "origin.missing"
    row.pop("record")
    made = {**row, "declaration": "transcript:west/record:A"}
    for declared, code in (({**row, "declaration": "mine"}, "origin.missing"), (made, "record.reserved")):
        answer = await hours.post("/v1/declarations", json=declared, headers=TEACHER)
        assert code in answer.text
        assert answer.status_code == 422


async def test_two_who_hand_the_same_line_in_at_once_have_it_once(world: World, tmp_path: Path) -> None:
    hours = await town(world, tmp_path, NEIGHBOURS)
    text = signed(transcript(line("record:A", "12")))
    newer = signed(transcript(line("record:A", "12"), number="W-9"))
    asked = [(text, TEACHER), (text, TEACHER), (newer, SCHOOL), (newer, TEACHER)]
    answers = await asyncio.gather(*(results(hours, one, who) for one, who in asked))
    assert [code for ((_, code, _),) in answers].count("posted") == 1
    assert (await total(hours, "T1", 2026))["professional"] == "12.00"
