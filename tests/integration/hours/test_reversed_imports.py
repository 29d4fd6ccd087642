"""Taking an import back where something was built on it: who has a part in anything stays."""

from tests.integration.hours.acts import paper
from tests.integration.hours.classes import approved, seat, valley
from tests.integration.hours.test_declarations import declaration, declare
from tests.integration.hours.test_imports import send, take_back, undone
from tests.integration.hours.test_transfers import MOVING, ask
from tests.support.signing import calling
from tests.support.world import World


async def test_who_has_a_part_in_anything_stays_on_the_roster(world: World) -> None:
    hours = await valley(world)
    names = ("declares", "sits", "trains", "moves", "nothing")
    rows = "".join(f"{name},{MOVING['name']},S\n" for name in names)
    await send(hours, f"teacher,name,school\n{rows}", headers={"Idempotency-Key": "roster"})
    own = calling("teacher:declares")
    row = declaration("A", teacher="declares", files=[await paper(hours, "A", own)])
    assert (await declare(hours, row, own))[0] == 201
    await approved(hours, "K1", trainers=["trains"])
    assert await seat(hours, calling("school:S"), "K1", "sits") == ["enrolled"]
    assert (await ask(hours, "school:N", "N", "1", "moves"))[0] == 201
    assert undone(await take_back(hours, "roster")) == {
        "declares": "teacher.has_history",
        "sits": "teacher.has_history",
        "trains": "teacher.has_history",
        "moves": "teacher.has_history",
        "nothing": "removed",
    }
    assert (await hours.get("/v1/teachers/sits")).json()["name"] == MOVING["name"]
    assert (await hours.get("/v1/teachers/nothing")).status_code == 404
    assert await world.rebuild("hours") == []
