"""Declares rows of hours (申报) as whoever their rules name, with a slip as evidence, and reviews them.

A row is taken once its declaration is posted; what a reviewer cannot recognise, or what waits for a reviewer
who does not see it, is refused as it stands.

What a table of hours does not say is filled in from what it does: a place among authors from the hours, a
score from its rate, the data of a stamped proof from the roster.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

import pikepdf

from deploy.local.bank import Service
from deploy.local.intake import Row
from deploy.local.offices import Offices
from deploy.local.progress import Step
from deploy.local.sending import PORTION, Tally, portions

Answer = Mapping[str, Any]
Source = Mapping[str, Any]
"""A rule of hours as `GET /v1/rules` shows it."""
UNSAID = "见所附证明"
"""What a proof says that the table does not."""


class Declaring:
    """Declarations of one run."""

    def __init__(self, offices: Offices, sources: Mapping[str, Source]) -> None:
        self._offices = offices
        self._sources = sources
        self._slips: dict[tuple[str, ...], str] = {}
        self._used: dict[tuple[str, ...], int] = defaultdict(int)

    def send(self, rows: Sequence[Row], tally: Tally, step: Step) -> None:
        """Declare every row as the first registrar of its rule, then let each reviewer decide."""
        by_role: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_role[self._registrar(row)].append(row)
        handed_in: list[tuple[list[Row], list[Answer]]] = []
        for role, declared in by_role.items():
            hours = self._offices.acting(role)
            for portion in portions(declared, PORTION):
                answer = hours.post("/v1/declarations", [self._body(hours, row) for row in portion])
                handed_in.append((portion, answer["results"]))
                step.advance(len(portion))
        decided = self._review(rows)
        for portion, results in handed_in:
            ended = [_ended(result, decided.get(str(result.get("declaration")), {})) for result in results]
            tally.count([row.line for row in portion], ended)

    def _registrar(self, row: Row) -> str:
        kind = self._sources[row.body["source_rule"]]["registrars"][0]
        return self._offices.role(kind, str(row.body["teacher"]))

    def _body(self, hours: Service, row: Row) -> dict[str, Any]:
        body = dict(row.body)
        source = self._sources[body["source_rule"]]
        files = [self._slip(hours, body)] if body.get("evidence") else []
        known = dict(_details(source, body, self._offices.people.get(str(body["teacher"]), {})))
        details = known | body.get("details", {})
        return {**body, "declaration": body.pop("record"), "files": files, "details": details or None}

    def _slip(self, hours: Service, body: Mapping[str, Any]) -> str:
        """A file for what a row names as evidence: colleagues share it, each row of one's own has another."""
        school = self._offices.school(str(body["teacher"]))
        shared = (str(body["source_rule"]), school, str(body["year"]), str(body["evidence"]))
        mine = (*shared, str(body["teacher"]))
        self._used[mine] += 1
        key = (*shared, str(self._used[mine]))
        if key not in self._slips:
            sent = {"content": _page(" · ".join(key)), "headers": {"Content-Type": "application/pdf"}}
            self._slips[key] = hours.ask("POST", "/v1/evidence", {}, **sent).json()["digest"]
        return self._slips[key]

    def _review(self, rows: Sequence[Row]) -> dict[str, Answer]:
        """Each reviewer in turn agrees to what waits of these rows; the last decision on each."""
        names = {str(row.body["record"]) for row in rows}
        decided: dict[str, Answer] = {}
        turns = max((len(self._sources[row.body["source_rule"]]["reviewers"]) for row in rows), default=0)
        for turn in range(turns):
            for role in sorted({role for row in rows for role in self._reviewer(row, turn)}):
                decided |= _agree(self._offices.acting(role), names)
        return decided

    def _reviewer(self, row: Row, turn: int) -> Iterator[str]:
        reviewers = self._sources[row.body["source_rule"]]["reviewers"]
        if turn < len(reviewers) and self._offices.school(str(row.body["teacher"])):
            yield self._offices.role(reviewers[turn], str(row.body["teacher"]))


def _agree(hours: Service, names: Collection[str]) -> dict[str, Answer]:
    """Approve those of `names` that await who asks; each decision by its declaration."""
    waiting = [one["declaration"] for one in hours.pages("/v1/declarations", mine=True)]
    decided: dict[str, Answer] = {}
    for portion in portions([name for name in waiting if name in names], PORTION):
        decisions = [{"declaration": name, "verdict": "approve"} for name in portion]
        answer = hours.post("/v1/declarations/decisions", {"decisions": decisions})
        decided |= zip(portion, answer["results"], strict=True)
    return decided


def _ended(handed_in: Answer, decision: Answer) -> Answer:
    """What became of a row in the end: posted, or refused for what stands in its way."""
    ended = {**handed_in, **decision, "index": handed_in["index"]}
    if "problem" in ended or ended["state"] == "posted":
        return ended
    problem = {"code": f"declaration.{ended['state']}", "detail": "nobody has recognised it 尚未认定"}
    return {**ended, "problem": problem}


def _page(title: str) -> bytes:
    """An empty page; the same title gives the same file."""
    made = BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        file.docinfo["/Title"] = title
        file.save(made, deterministic_id=True)
    return made.getvalue()


def _details(source: Source, body: Mapping[str, Any], person: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    hours = _number(body.get("hours"))
    match source["kind"]:
        case "outcome_table":
            yield "rank", 1 if hours == _number(source["main"]) else int(source["main_rank"]) + 1
        case "higher_qualification":
            yield from (("level_from", "none"), ("level_to", 3))
        case "converted_score" if hours is not None:
            known = {"applicant": person.get("name"), "unit": person.get("school")}
            known |= {"student_number": body["teacher"], "date": body["to"]}
            score = int(hours * int(source["rate"]))
            figures = {"score": score, "hours": body["hours"]}
            told = known | {datum: figures[figure] for datum, figure in source["figures"].items()}
            yield "score", score
            yield "proof", {name: str(told.get(name, UNSAID)) for name in source["proof"]}
        case _:
            pass
    if source["exclusive_with"] and not source["exclusive_in_year"]:
        yield "programme", body["activity"]
    if source["prior_approval"]:
        consent = date.fromisoformat(str(body["from"])) - timedelta(days=1)
        yield "approved_at", f"{consent}T09:00:00+08:00"


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
