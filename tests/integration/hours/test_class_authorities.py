"""WH-08 over HTTP: who approves a class is a matter of its level and form, and never who holds it."""

from datetime import timedelta
from pathlib import Path

from shared.policy.calendar import months_before
from tests.integration.hours.classes import (
    CENTRE,
    CITY,
    CITY_CENTRE,
    decide,
    propose,
    register,
    result,
    send,
    today,
    valley,
)
from tests.integration.hours.packs import WUHAN_CLASSES, pack_file
from tests.support.signing import OPERATOR, account, signed
from tests.support.world import World

DEPARTMENT, CITY_DEPARTMENT = (signed(f"research_department@{place}") for place in ("district:D", "city:C"))
EDUCATION, ELSEWHERE = signed("provincial_education@province:P"), signed("district_centre@district:E")
TRAINING = {"source_rule": "WH-08.1", "provider": ""}


async def test_wh_08_who_approves_follows_from_the_level_and_the_form(world: World, tmp_path: Path) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, WUHAN_CLASSES))
    offices = {"city": CITY, "centre@city": CITY_CENTRE, "centre@district": CENTRE, "education": EDUCATION}
    why = {"reason": "报名人数不足"}
    for number, by, form, approver in (
        ("city-concentrated", CITY_CENTRE, "concentrated", "city"),
        ("district-concentrated", CENTRE, "concentrated", "centre@city"),
        ("city-other", CITY_DEPARTMENT, "other", "centre@city"),
        ("district-other", DEPARTMENT, "other", "centre@district"),
    ):
        assert await propose(hours, by, number, format=form, **TRAINING) == (201, "proposed")
        reaching = set(offices) - ({"centre@district"} if number.startswith("city") else set())
        for name, office in offices.items():
            wrong = (403, "class.not_approver") if name in reaching else (404, "class.unknown")
            said = (409, "class.late") if name == approver else wrong
            assert await decide(hours, office, number) == said, (number, name)
        assert await decide(hours, ELSEWHERE, number) == (404, "class.unknown")
        assert await decide(hours, offices[approver], number, why="急需") == (200, "approved")
        for name in reaching - {approver}:
            if offices[name] != by:
                said = await send(hours, offices[name], f"/{number}/cancellation", why)
                assert said == (403, "class.not_approver"), (number, name)
        assert (await send(hours, offices[approver], f"/{number}/cancellation", why))[0] == 200
    assert await world.rebuild("hours") == []


async def test_wh_08_nobody_approves_what_their_own_office_or_account_proposed(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, WUHAN_CLASSES))
    other = {**TRAINING, "format": "other"}
    assert await propose(hours, CENTRE, "K1", **other) == (201, "proposed")
    assert await decide(hours, CENTRE, "K1", why="急需") == (403, "class.own_proposal")
    clerk = account("clerk", "research_department@district:D"), account("clerk", "district_centre@district:D")
    assert await propose(hours, clerk[0], "K2", **other) == (201, "proposed")
    assert await decide(hours, clerk[1], "K2", why="急需") == (403, "class.own_proposal")
    assert await propose(hours, signed(OPERATOR), "K3", organiser="D", **other) == (201, "proposed")
    assert await decide(hours, CENTRE, "K3", why="急需") == (403, "class.own_proposal"), "it may hold it"
    assert await decide(hours, CENTRE, "K2", "returned", "请补充考核办法") == (200, "returned")
    assert await propose(hours, CENTRE, "K2", hours="8", **other) == (409, "class.conflict"), "nor takes it"
    assert await propose(hours, clerk[0], "K2", hours="8", **other) == (201, "proposed")
    assert await decide(hours, CENTRE, "K2", why="急需") == (200, "approved")
    passed = {"teacher": "T1", "outcome": "passed"}
    assert await result(hours, CENTRE, "K2", passed) == (403, "class.not_organiser")
    assert await register(hours, CENTRE, "K2") == (403, "class.not_organiser")
    assert await result(hours, DEPARTMENT, "K2", passed) == ["seat.unknown"]
    assert await register(hours, DEPARTMENT, "K2") == []


async def test_wh_08_the_last_day_is_a_month_before_the_opening(world: World, tmp_path: Path) -> None:
    hours = await valley(world, HOURS_PACK=pack_file(tmp_path, WUHAN_CLASSES))
    opens = today()
    while months_before(opens, 1) < today():
        opens += timedelta(days=1)
    for number, day, said in (
        ("in time", opens, (200, "approved")),
        ("a day late", opens - timedelta(days=1), (409, "class.late")),
    ):
        days = dict.fromkeys(("enrol_by", "opens", "closes"), day.isoformat())
        name = number.replace(" ", "-")
        assert await propose(hours, CENTRE, name, **days, **TRAINING) == (201, "proposed")
        assert await decide(hours, CITY_CENTRE, name) == said
