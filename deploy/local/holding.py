"""Holds what a table of hours says was held: schools' plans (校本研修计划) and classes (培训班) of a year.

A year that is past is taken over from paper: the operator submits and approves a plan as of its days, and an
organiser lists who took part in a class. What was done before is found done, and nothing is done twice.
What is refused as a whole refuses each of its rows; a row that is refused alone leaves the others.

A class is known by its theme and its hours, so hours that were corrected make another class: whoever takes
part in one of the same theme already is refused in it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from deploy.local.bank import RefusedError, Service
from deploy.local.intake import Fault, Row
from deploy.local.offices import Offices
from deploy.local.sending import Address, Tally, send_bodies

PAPER, CONSENT = "operator@deployment:paper", "operator@deployment:consent"
"""Two accounts of the operator, who alone may say what was on paper on a day that is past."""
TAKEN_OVER = "taken over from paper 据纸质材料补录"
"""Why what was held long ago is approved now."""
STANDS = "result.registered"
"""How a class answers the result of somebody whose hours it registered before."""

Answer = Mapping[str, Any]
Sources = Mapping[str, Mapping[str, Any]]
"""The rules of hours as `GET /v1/rules` shows them, by id."""


def plans(offices: Offices, sources: Sources, rows: Iterable[Row], tally: Tally) -> None:
    """Run each school's training as a plan: submitted, approved, assessed, registered."""

    def number(row: Row) -> str:
        return _stem(offices.school(str(row.body["teacher"])), row)

    def hold(name: str, held: Sequence[Row]) -> list[Answer]:
        return _plan(offices, sources[held[0].body["source_rule"]], name, held)

    _hold(_fitting(sources, rows, tally), number, hold, tally)


def _plan(offices: Offices, source: Answer, number: str, held: Sequence[Row]) -> list[Answer]:
    body, place = held[0].body, f"/v1/plans/{number}"
    school = offices.school(str(body["teacher"]))
    own = offices.acting(f"school_administrator@school:{school}")
    recogniser = offices.role(str(next(iter(source["reviewers"]), "school")), str(body["teacher"]))
    most = max(Decimal(str(row.body["hours"])) for row in held)
    theme = {"title": body["activity"], "hours": str(most), "from": body["from"], "to": body["to"]}
    plan = {"plan": number, "school": school, "year": body["year"], "rule": body["source_rule"]}
    own.post("/v1/plans", {**plan, "title": body["activity"], "themes": [theme]})
    for what, role, days in (("submission", PAPER, 14), ("approval", CONSENT, 7)):
        at = {"at": f"{_before(body['from'], days)}T10:00:00+08:00"}
        offices.acting(role).post(f"{place}/{what}", at, key=f"{number}-{what}")
    results = [_passed(row, grade="passed", hours=row.body["hours"]) for row in held]
    assessed = send_bodies(Address(own, f"{place}/results", "results"), results)
    return _told(held, offices.acting(recogniser).post(f"{place}/registration"), assessed)


def classes(offices: Offices, sources: Sources, rows: Iterable[Row], tally: Tally) -> None:
    """Hold each class: proposed by who registers, approved by whom its rule names, its results registered."""

    def number(row: Row) -> str:
        holder = offices.role(_holder(sources, row), str(row.body["teacher"])).partition("@")[2]
        return f"{_stem(holder, row)}-{Decimal(str(row.body['hours'])):.2f}"

    def hold(name: str, held: Sequence[Row]) -> list[Answer]:
        return _class(offices, sources[held[0].body["source_rule"]], name, held)

    _hold(_fitting(sources, rows, tally), number, hold, tally)


def _holder(sources: Sources, row: Row) -> str:
    """The kind of office that holds classes of a rule: the first that may register."""
    return str(sources[row.body["source_rule"]]["registrars"][0])


def _class(offices: Offices, source: Answer, number: str, held: Sequence[Row]) -> list[Answer]:
    body, place = held[0].body, f"/v1/classes/{number}"
    teacher, form = str(body["teacher"]), _form(source, body)
    holder = offices.role(source["registrars"][0], teacher)
    centre = offices.acting(holder)
    approver = offices.acting(offices.role(_approver(source["classes"], holder, form), teacher))
    what = {"title": body["activity"], "provider": body["provider"], "format": form}
    rule = {name: body[name] for name in ("source_rule", "category", "hours")}
    days = {"enrol_by": str(_before(body["from"], 7)), "opens": body["from"], "closes": body["to"]}
    centre.post("/v1/classes", {"class": number, **what, **rule, **days})
    decision = {"decision": "approved", "reason": TAKEN_OVER}
    approver.post(f"{place}/decision", decision, key=f"{number}-decision")
    if source["classes"]["annual_plan"]:
        approver.post(f"{place}/admission", {"reason": TAKEN_OVER}, key=f"{number}-admission")
    others = _seated_beside(centre, number)
    free = [row for row in held if row.body["teacher"] not in others]
    seated = send_bodies(Address(centre, f"{place}/seats", "teachers"), [row.body["teacher"] for row in free])
    results = [_passed(row, outcome="passed", **_grade(row)) for row in free]
    assessed = send_bodies(Address(centre, f"{place}/results", "rows"), results)
    told = iter(_told(free, centre.post(f"{place}/registration"), seated, assessed))
    return [
        _beside(others[row.body["teacher"]]) if row.body["teacher"] in others else next(told) for row in held
    ]


def _form(source: Answer, body: Mapping[str, Any]) -> str:
    """How a class is held: as its rows say, else in the first form of its rule."""
    return str(body.get("details", {}).get("mode") or source["classes"]["formats"][0])


def _approver(classes: Answer, holder: str, form: str) -> str:
    """The kind of office that approves a class of an organisation, by its level, in a form."""
    level = holder.partition("@")[2].partition(":")[0]
    said = (
        one["approvers"] for one in classes["approvals"] if (one["level"], one["format"]) == (level, form)
    )
    return str(next(said, classes["approvers"])[0])


def _grade(row: Row) -> dict[str, str]:
    """The grade of a result, where a row says one."""
    grade = row.body.get("details", {}).get("grade")
    return {"grade": str(grade)} if grade else {}


def _seated_beside(centre: Service, number: str) -> dict[str, str]:
    """Who takes part in a class of the same theme with other hours, and in which."""
    stem = number.rpartition("-")[0]
    names = [one["class"] for one in centre.pages("/v1/classes") if one["class"].startswith(f"{stem}-")]
    return {
        seat["teacher"]: name
        for name in names
        if name != number
        for seat in centre.pages(f"/v1/classes/{name}/seats")
    }


def _beside(other: str) -> Answer:
    hours = other.rpartition("-")[2]
    detail = f"takes part in {other} already, with {hours} hours 同一培训已按 {hours} 学时列入"
    return {"problem": {"code": "class.other_hours", "detail": detail}}


def _passed(row: Row, **said: object) -> dict[str, object]:
    return {"teacher": row.body["teacher"], **said}


def _told(held: Sequence[Row], registered: Answer, *before: Sequence[Answer]) -> list[Answer]:
    """What became of each row: how it was refused on the way there, or what was registered."""
    by_teacher = {result["teacher"]: result for result in registered["results"]}
    told: list[Answer] = []
    for row, *on_the_way in zip(held, *before, strict=True):
        refused = [one for one in on_the_way if one.get("problem", {"code": STANDS})["code"] != STANDS]
        told.append(refused[0] if refused else by_teacher[row.body["teacher"]])
    return told


def _fitting(sources: Sources, rows: Iterable[Row], tally: Tally) -> list[Row]:
    """The rows of their rule's category: what is held together has one, whatever a row says."""
    fitting: list[Row] = []
    for row in rows:
        said, category = row.body["category"], sources[row.body["source_rule"]]["category"]
        if said == category:
            fitting.append(row)
        else:
            reason = f"category.mismatch: {said} ≠ {category} 科目类别与规则不符"
            tally.refused.append(Fault(file=tally.file, line=row.line, reason=reason))
    return fitting


def _hold(
    rows: Iterable[Row],
    number: Callable[[Row], str],
    act: Callable[[str, Sequence[Row]], list[Answer]],
    tally: Tally,
) -> None:
    """Do everything with what was held together; where it is refused, so is each of its rows."""
    together: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        first = together[number(row)].setdefault(str(row.body["teacher"]), row)
        if first is not row:
            reason = f"{row.body['teacher']} takes part already, by line {first.line} 同一教师已列入"
            tally.refused.append(Fault(file=tally.file, line=row.line, reason=reason))
    for name, by_teacher in together.items():
        held = list(by_teacher.values())
        try:
            results = act(name, held)
        except RefusedError as refusal:
            tally.refused += [Fault(file=tally.file, line=row.line, reason=str(refusal)) for row in held]
        else:
            told = [{**result, "index": at} for at, result in enumerate(results)]
            tally.count([row.line for row in held], told)


def _stem(place: str, row: Row) -> str:
    """The beginning of the number of what was held in one place under one theme."""
    theme = ("source_rule", "year", "activity", "provider", "from", "to")
    said = "|".join((place, *(str(row.body[name]) for name in theme)))
    return f"run-{sha256(said.encode()).hexdigest()[:12]}"


def _before(day: object, days: int) -> date:
    return date.fromisoformat(str(day)) - timedelta(days=days)
