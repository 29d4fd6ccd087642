"""Holds what a table of hours says was held: schools' plans (校本研修计划) and classes (培训班) of a year.

A year that is past is taken over from paper: the operator submits and approves a plan as of its days, and an
organiser lists who took part in a class. What was done before is found done, and nothing is done twice.
What is refused as a whole refuses each of its rows; a row that is refused alone leaves the others.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from deploy.local.bank import RefusedError
from deploy.local.intake import Fault, Row
from deploy.local.offices import Offices
from deploy.local.sending import Tally

PAPER, CONSENT = "operator@deployment:paper", "operator@deployment:consent"
"""Two accounts of the operator: nobody approves what they submitted."""
STANDS = "result.registered"
"""How a class answers the result of somebody whose hours it registered before."""

Key = tuple[str, ...]
"""What rows that were held together say alike."""
Answer = Mapping[str, Any]


def plans(offices: Offices, rows: Iterable[Row], tally: Tally) -> None:
    """Run each school's training as a plan: submitted, approved, assessed, registered."""

    def key(row: Row) -> Key:
        return offices.school(str(row.body["teacher"])), *_theme(row)

    _hold(rows, key, lambda number, held: _plan(offices, number, held), tally)


def _plan(offices: Offices, number: str, held: Sequence[Row]) -> list[Answer]:
    body = held[0].body
    school = offices.school(str(body["teacher"]))
    own = offices.acting(f"school_administrator@school:{school}")
    most = max(Decimal(str(row.body["hours"])) for row in held)
    theme = {"title": body["activity"], "hours": str(most), "from": body["from"], "to": body["to"]}
    plan = {"plan": number, "school": school, "year": body["year"], "rule": body["source_rule"]}
    own.post("/v1/plans", {**plan, "title": body["activity"], "themes": [theme]})
    for what, role, days in (("submission", PAPER, 14), ("approval", CONSENT, 7)):
        at = {"at": f"{_before(body['from'], days)}T10:00:00+08:00"}
        offices.acting(role).post(f"/v1/plans/{number}/{what}", at, key=f"{number}-{what}")
    results = [_passed(row, grade="passed", hours=row.body["hours"]) for row in held]
    assessed = own.post(f"/v1/plans/{number}/results", {"results": results})
    return _told(held, own.post(f"/v1/plans/{number}/registration"), assessed)


def classes(offices: Offices, rows: Iterable[Row], tally: Tally) -> None:
    """Hold each class: proposed by the centre, approved by the city, its results registered."""

    def key(row: Row) -> Key:
        return (
            offices.authority(offices.school(str(row.body["teacher"]))),
            *_theme(row),
            str(row.body["hours"]),
        )

    _hold(rows, key, lambda number, held: _class(offices, number, held), tally)


def _class(offices: Offices, number: str, held: Sequence[Row]) -> list[Answer]:
    body, place = held[0].body, f"/v1/classes/{number}"
    school = offices.school(str(body["teacher"]))
    centre = offices.acting(f"district_centre@{offices.authority(school)}")
    city = offices.acting(f"city_department@{offices.city(school)}")
    what = {"title": body["activity"], "provider": body["provider"], "format": "concentrated"}
    rule = {name: body[name] for name in ("source_rule", "category", "hours")}
    days = {"enrol_by": str(_before(body["from"], 7)), "opens": body["from"], "closes": body["to"]}
    centre.post("/v1/classes", {"class": number, **what, **rule, **days})
    city.post(f"{place}/decision", {"decision": "approved"}, key=f"{number}-decision")
    seated = centre.post(f"{place}/seats", {"teachers": [row.body["teacher"] for row in held]})
    assessed = centre.post(f"{place}/results", {"rows": [_passed(row, outcome="passed") for row in held]})
    return _told(held, centre.post(f"{place}/registration"), seated, assessed)


def _passed(row: Row, **said: object) -> dict[str, object]:
    return {"teacher": row.body["teacher"], **said}


def _told(held: Sequence[Row], registered: Answer, *before: Answer) -> list[Answer]:
    """What became of each row: how it was refused on the way there, or what was registered."""
    by_teacher = {result["teacher"]: result for result in registered["results"]}
    told: list[Answer] = []
    for at, row in enumerate(held):
        on_the_way = (answer["results"][at] for answer in before)
        refused = [one for one in on_the_way if one.get("problem", {"code": STANDS})["code"] != STANDS]
        result = refused[0] if refused else by_teacher[row.body["teacher"]]
        told.append({**result, "index": at})
    return told


def _hold(
    rows: Iterable[Row],
    key: Callable[[Row], Key],
    act: Callable[[str, Sequence[Row]], list[Answer]],
    tally: Tally,
) -> None:
    """Do everything with what was held together; where it is refused, so is each of its rows."""
    together: defaultdict[Key, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        first = together[key(row)].setdefault(str(row.body["teacher"]), row)
        if first is not row:
            reason = f"{row.body['teacher']} takes part already, by line {first.line} 同一教师已列入"
            tally.refused.append(Fault(file=tally.file, line=row.line, reason=reason))
    for said, by_teacher in together.items():
        number, held = f"run-{sha256('|'.join(said).encode()).hexdigest()[:12]}", list(by_teacher.values())
        try:
            results = act(number, held)
        except RefusedError as refusal:
            tally.refused += [Fault(file=tally.file, line=row.line, reason=str(refusal)) for row in held]
        else:
            tally.count([row.line for row in held], results)


def _theme(row: Row) -> Key:
    return tuple(
        str(row.body[name]) for name in ("source_rule", "year", "activity", "provider", "from", "to")
    )


def _before(day: object, days: int) -> date:
    return date.fromisoformat(str(day)) - timedelta(days=days)
