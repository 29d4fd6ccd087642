"""GD-07: what was handed in by the last day is registered, however late others decide on it."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hours.classes.domain.results import HandedIn, Outcome
from hours.classes.operations import results as classes
from hours.classes.operations.results import Rows
from hours.declarations.api import DeclarationBody
from hours.declarations.operations import handing_in
from hours.declarations.operations.posting import actor_of
from hours.plans.domain.entries import Result
from hours.plans.operations import results as plans
from hours.plans.operations.steps import Step
from hours.records import operations as records
from hours.records.domain.registration import Filing, Registrar
from shared.policy.calendar import day_of
from shared.runtime import clock
from shared.runtime.database import Transaction
from tests.integration.hours.acts import enrol, paper, total
from tests.integration.hours.classes import (
    CENTRE,
    CITY,
    PROVIDER,
    propose,
    register,
    result,
    seat,
    send,
    valley,
)
from tests.integration.hours.classes import decide as rule_on
from tests.integration.hours.plans import DISTRICT, do, draft, hand_in, plan, town
from tests.integration.hours.plans import register as recognise
from tests.integration.hours.test_appeals import act, appeal, reverse
from tests.integration.hours.test_declarations import (
    SCHOOL_OF,
    TEACHER,
    decide,
    declaration,
    declare,
)
from tests.integration.hours.test_organisations import WHOLE, post
from tests.support.deadlines import graced
from tests.support.past import record_at
from tests.support.signing import caller, calling
from tests.support.steps import take
from tests.support.world import World

YEAR = day_of(clock.now()).year - 1
IN_TIME = clock.now() - timedelta(days=1)
"""On the last day: yesterday."""
LATE, STEP = "registration.late", "2026_11_29_1730"


def of_last_year(number: str, **changed: Any) -> dict[str, Any]:
    days = {"year": YEAR, "from": f"{YEAR}-07-07", "to": f"{YEAR}-07-11"}
    return declaration(number, **{**days, **changed})


async def declared(world: World, *rows: dict[str, Any]) -> None:
    """Declare on the last day."""
    state, actor = world.apps["hours"].state, actor_of(caller("teacher:T1"))
    handed = [DeclarationBody.model_validate(row).handed() for row in rows]

    async def hand_in(tx: Transaction) -> None:
        for outcome in await handing_in.hand_in(tx, state.service.context, actor, handed, IN_TIME):
            assert isinstance(outcome, handing_in.Receipt), outcome

    await state.database.run(hand_in)


async def completed(world: World, row: dict[str, Any]) -> None:
    """Register at once on the last day."""
    state, filing = world.apps["hours"].state, Filing(registrar=Registrar(kind="operator", id="local"))
    registration = DeclarationBody.model_validate(row).registration_as(row["declaration"])

    async def enter(tx: Transaction) -> None:
        (outcome,) = await records.register(tx, state.service.context, filing, [registration], IN_TIME)
        assert isinstance(outcome, records.Receipt), outcome

    await state.database.run(enter)


async def same(world: World) -> None:
    """The journal gives the same tables, and the migration fills them like that."""
    assert await world.rebuild("hours") == []
    await take(world, "hours", STEP, "downgrade")
    await take(world, "hours", STEP)
    assert await world.rebuild("hours") == []


async def test_a_declaration_in_time_counts_whenever_it_is_recognised_granted_or_restored(
    world: World, tmp_path: Path
) -> None:
    hours = await world.serve("hours", HOURS_PACK=graced(tmp_path, -1))
    record_at(world, "hours", IN_TIME)
    await post(hours, *WHOLE)
    await enrol(hours, "T1", school="S", district="")
    await completed(world, of_last_year("R", source_rule="GZ-HR-2.01", hours="5"))
    record_at(world, "hours", None)
    one, refused, returned, late = [
        of_last_year(number, files=[await paper(hours, number, TEACHER)]) for number in "ABCD"
    ]
    await declared(world, one, refused, returned)
    answer = await hours.post("/v1/declarations", json=late, headers=TEACHER)
    said, now = answer.json(), day_of(clock.now())
    today, last = now.isoformat(), (now - timedelta(days=1)).isoformat()
    assert (answer.status_code, said["code"], said["arithmetic"]) == (409, LATE, [f"{today} > {last}"])
    assert (said["handed_in"], said["last"]) == (today, last)
    assert today in said["detail"]
    assert (await hours.get("/v1/declarations/D")).status_code == 404, "refused at once, and not kept"

    assert await decide(hours, SCHOOL_OF, "A") == "reviewed"
    listed = (await hours.get("/v1/declarations", params={"state": "reviewed"})).json()["items"]
    assert [(row["declaration"], row["handed_in"]) for row in listed] == [("A", IN_TIME.isoformat())]
    assert await decide(hours, CENTRE, "A") == "posted"
    record = (await hours.get("/v1/records/declaration:A")).json()
    why = (await hours.get(record["why"])).json()["because"][0]
    assert why["inputs"]["handed_in"] == IN_TIME.isoformat()

    assert await decide(hours, SCHOOL_OF, "B", "refuse", reason="材料不清") == "refused"
    assert await appeal(hours, "b", "declaration:B") == "open"
    assert await act(hours, "b/grant", CITY) == "granted"
    await reverse(hours, "declaration:A", CENTRE)
    assert await appeal(hours, "a", "record:declaration:A") == "open"
    assert await act(hours, "a/grant", CITY) == "granted"
    await reverse(hours, "R", calling("operator:local"))
    assert await appeal(hours, "r", "record:R") == "open"
    assert await act(hours, "r/grant", CITY) == "granted", "it was registered in time"
    assert (await total(hours, "T1", YEAR))["professional"] == "53.00"

    assert await decide(hours, SCHOOL_OF, "C", "return", reason="请补盖章") == "returned"
    corrected = {**returned, "hours": "20"}
    assert await declare(hours, corrected) == (409, LATE), "what is declared again is handed in again"
    await declared(world, corrected)
    assert [await decide(hours, who, "C") for who in (SCHOOL_OF, CENTRE)] == ["reviewed", "posted"]
    assert (await total(hours, "T1", YEAR))["professional"] == "73.00"
    await same(world)


async def test_wh_09_results_of_a_plan_in_time_are_recognised_later_and_the_others_not(
    world: World, tmp_path: Path
) -> None:
    strict = ('through = "plan"', 'through = "plan"\nreviewers = ["centre"]')
    hours = await town(world, HOURS_PACK=graced(tmp_path, -1, strict))
    assert await draft(hours, plan("P1", year=YEAR)) == (201, "P1")
    for what in ("submission", "approval"):
        assert (await do(hours, "P1", what, at=f"{YEAR}-01-15T10:00:00+08:00"))[0] == 200
    state = world.apps["hours"].state
    school = caller("school:S")
    step = Step(plan="P1", caller=school, now=IN_TIME)

    async def assess(tx: Transaction) -> None:
        rows = [Result(teacher=teacher, hours=Decimal(6), grade="passed") for teacher in ("T1", "T2")]
        assert await plans.assess(tx, state.service.context, step, rows, dry=False) == ["taken", "taken"]

    await state.database.run(assess)
    assert await do(hours, "P1", "return", DISTRICT, reason="请附考勤") == (200, "running")
    rows = (("T1", "6", "passed"), ("T2", "8", "passed"), ("T3", "6", "passed"))
    assert await hand_in(hours, "P1", *rows) == ["unchanged", "changed", "taken"]
    done = await recognise(hours, "P1", DISTRICT)
    codes = [row["problem"]["code"] if "problem" in row else row["teacher"] for row in done["results"]]
    assert codes == ["T1", LATE, LATE], "each by the day of its own result"
    await same(world)


async def test_hb_04_results_of_a_held_class_in_time_are_registered_once_it_is_admitted(
    world: World, tmp_path: Path
) -> None:
    plan_needed = ("[hours.classes]\n", "[hours.classes]\nannual_plan = true\n")
    hours = await valley(world, HOURS_PACK=graced(tmp_path, -1, plan_needed))
    days = dict.fromkeys(("enrol_by", "opens", "closes"), f"{YEAR}-05-06")
    assert await propose(hours, CENTRE, "K1", **days) == (201, "proposed")
    assert await rule_on(hours, CITY, "K1") == (200, "approved")
    await seat(hours, CENTRE, "K1", "T1", "T2", "T3")
    state, centre = world.apps["hours"].state, caller("centre:D")
    passed: Outcome = "passed"
    rows = [
        HandedIn(teacher=teacher, outcome=passed, parts={}, grade="合格", reassessment=False)
        for teacher in ("T1", "T2")
    ]
    wanted = Rows(number="K1", rows=rows, caller=centre, at=IN_TIME)
    await state.database.run(lambda tx: classes.hand_in(tx, state.service.context, wanted))
    said = [
        {"teacher": teacher, "outcome": "passed", "grade": grade}
        for teacher, grade in (("T1", "合格"), ("T2", "优秀"), ("T3", "合格"))
    ]
    assert await result(hours, PROVIDER, "K1", *said) == ["passed"] * 3
    assert await register(hours, CENTRE, "K1") == (409, "class.held")
    assert (await send(hours, CITY, "/K1/admission", {"reason": "补列入年度计划"}))[0] == 200
    assert await register(hours, CENTRE, "K1") == ["class:K1/1/T1", LATE, LATE], (
        "the same again is no later one"
    )
    await same(world)
