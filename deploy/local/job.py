"""The main job (主流程): years from roster to certificate, through the public interfaces only.

organisations → roster → activities → hours from other sources → of each year exchanges, close and
verification → cycles of several years → certificates. What the rules of a place do not have is left out.
A step begins when what the step before has said is applied wherever it is heard; positions tell, never time.
Every step can be done again and then changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deploy.local import holding, intake, sending
from deploy.local.bank import Bank, Service, follow, wait_until_heard
from deploy.local.declaring import Declaring
from deploy.local.intake import Fault, Folder, Row, Table
from deploy.local.offices import Offices
from deploy.local.progress import Telling
from deploy.local.sending import Address, Tally
from shared.policy.cycles import Cycle
from shared.policy.pack import Pack

AUTOMATIC = "run-"  # begins the keys of exchanges that the run asks for in the name of everybody
EVERYONE = {"kind": "everyone"}
PLATFORM = "platform@deployment:run"
RECORD = "record"  # the way of rows that come as the operator's


@dataclass(slots=True)
class Account:
    """What the run did with the rows of the folder."""

    tallies: list[Tally] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    parked: int = 0
    taken_over: int = 0
    """How many rows of hours went in as records of a former system."""

    @property
    def refused(self) -> list[Fault]:
        """Every row that did not get in, unreadable or refused."""
        return [*self.faults, *(fault for tally in self.tallies for fault in tally.refused)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a run is to do: some years of a folder under the rules of a place; `now` is when it began."""

    folder: Folder
    pack: Pack
    years: Sequence[int]
    now: datetime

    def is_over(self, year: int) -> bool:
        """Say whether a year has ended."""
        return self.now >= self.pack.years.end(year)

    def cycles(self) -> Iterator[tuple[Cycle, int]]:
        """Give the cycles that are judged, each with its last year: where years ask for nothing alone."""
        for cycle in self.pack.cycles if not self.pack.requirements else ():
            span = cycle.span(self.years[-1])
            if span is not None and span.last <= self.pack.years.of(self.now):
                yield cycle, span.last


class Job:
    """One run."""

    def __init__(self, bank: Bank, task: Task, telling: Telling) -> None:
        self.account = Account(faults=task.folder.faults)
        self._bank = bank
        self._task = task
        self._pack = task.pack
        self._folder = task.folder
        self._telling = telling

    def run(self) -> Account:
        """Do everything.

        Raises: BankError with the step's reason.
        """
        self._send_organisations()
        self._send_roster()
        self._send_activities()
        self._send_hours()
        for year in self._task.years:
            self._end(year)
        for cycle, last in self._task.cycles():
            order = {"year": last, "cycle": cycle.id, "scope": EVERYONE}
            self._judge(f"cycle 周期验证 {cycle.id}", order, f"{cycle.id}-{last}")
        self._heard(self._bank.verification, self._bank.hours, self._bank.certificates)
        self._heard(self._bank.hours, self._bank.verification, self._bank.certificates)
        self._issue()
        return self.account

    # -- sending ---------------------------------------------------------------------------------------------

    def _send_organisations(self) -> None:
        """Register the tree, if the folder has one; without it, schools and districts are only names."""
        if self._folder.organisations.rows:
            address = Address(self._bank.hours, "/v1/organisations", "organisations")
            self._send("organisations 机构", address, self._folder.organisations)

    def _send_roster(self) -> None:
        address = Address(self._bank.hours, "/v1/roster", "teachers")
        self._send("roster 教师名册", address, self._folder.roster)

    def _send_activities(self) -> None:
        file = self._folder.activities
        if file is None:
            return
        total = sum(1 for _ in intake.lines(file))
        with self._telling.step("activities 研修活动", total) as step:
            sending.send_lines(self._bank.points, intake.lines(file), self._tally(file.name), step)
        self._heard(self._bank.points, self._bank.hours)

    def _send_hours(self) -> None:
        """Each row in the way of its rule; where nobody is known who would, as that of a former system."""
        table, tally = self._folder.hours, self._tally(self._folder.hours.file)
        offices = Offices.of(self._folder, self._bank.acting)
        sources = {source["rule"]: source for source in self._bank.hours.get("/v1/rules")["sources"]}
        ways: dict[str, list[Row]] = defaultdict(list)
        for row in table.rows:
            source = sources.get(row.body["source_rule"])
            ways[source["through"] if source and offices.knows(row.body) else RECORD].append(row)
        self.account.taken_over = len(ways[RECORD])
        with self._telling.step("hours of other sources 学时登记", len(table.rows)) as step:
            for way, service in (("completion", self._bank.acting(PLATFORM)), (RECORD, self._bank.hours)):
                sending.send_rows(Address(service, "/v1/records"), ways[way], tally, step)
            Declaring(offices, sources).send(ways["declaration"], tally, step)
            for hold, way in ((holding.plans, "plan"), (holding.classes, "class")):
                hold(offices, sources, ways[way], tally)
                step.advance(len(ways[way]))

    def _send(self, title: str, address: Address, table: Table) -> None:
        with self._telling.step(title, len(table.rows)) as step:
            sending.send_rows(address, table.rows, self._tally(table.file), step)

    def _tally(self, file: str) -> Tally:
        tally = Tally(file)
        self.account.tallies.append(tally)
        return tally

    # -- exchanges -------------------------------------------------------------------------------------------

    def _exchange(self, year: int) -> None:
        """As the folder asks, else everybody's points as the year's last act; then wait for every answer."""
        table = self._folder.exchanges
        address = Address(self._bank.points, "/v1/exchanges")
        if table is not None:
            self._send("exchanges 积分兑换", address, table)
        elif self._bank.points.get(f"/v1/years/{year}")["state"] == "open":
            for category in self._pack.targets:
                name, rows = f"exchanges into {category} hours", list(self._everybody(year, category))
                self._send(name, address, Table(file=name, rows=rows, faults=()))
        for answer in follow(self._bank.points, "/v1/exchanges", year=year, state="pending"):
            if not answer["items"]:
                break
            self._heard(self._bank.points, self._bank.hours)
            self._heard(self._bank.hours, self._bank.points)

    def _everybody(self, year: int, category: str) -> Iterator[Row]:
        """An exchange of all that each teacher still can, unless the run has asked for one before."""
        asked = {one["request"] for one in self._bank.points.pages("/v1/exchanges", year=year)}
        last_instant = self._pack.years.end(year) - timedelta(microseconds=1)
        for place, account in enumerate(self._bank.points.pages("/v1/accounts", year=year), start=1):
            teacher, hours = account["teacher"], account["exchangeable"].get(category, 0)
            request = f"{AUTOMATIC}{year}-{category}-{teacher}"
            if hours > 0 and request not in asked:
                body = {"request": request, "teacher": teacher, "category": category, "hours": hours}
                if self._task.is_over(year):
                    body["at"] = last_instant.isoformat()
                yield Row(place, body)

    # -- the end of the year ---------------------------------------------------------------------------------

    def _end(self, year: int) -> None:
        """Exchange, close and verify, as far as the rules have these and the year is over."""
        bank = self._bank
        if self._pack.exchange is not None:
            self._exchange(year)
        if self._task.is_over(year):
            self._close(bank.points, year, "end of the year's points 积分清零")
            self._heard(bank.points, bank.hours)
            self._heard(bank.hours, bank.points)
            self._close(bank.hours, year, "end of the year's hours 年度关闭")
        else:
            self._telling.say(f"{year} is not over: nothing is closed, and verification only predicts.")
        self._heard(bank.hours, bank.verification)
        if self._pack.asked(year) is not None:
            self._verify(year)

    def _close(self, service: Service, year: int, title: str) -> None:
        address = f"/v1/years/{year}"
        with self._telling.step(title, 1) as step:
            if service.get(address)["state"] != "closed":
                service.post(f"{address}/close")
            for answer in follow(service, address):
                if answer["state"] == "closed":
                    break
            step.advance(1)

    def _verify(self, year: int) -> None:
        order = {"year": year, "scope": EVERYONE}
        self._judge("verification 年度验证", order, f"{year}")

    def _judge(self, title: str, order: Mapping[str, object], what: str) -> None:
        bank = self._bank
        answer = bank.verification.post("/v1/runs", order, key=self._run_key(what))
        with self._telling.step(title, int(answer["total"] or 0)) as step:
            for standing in follow(bank.verification, f"/v1/runs/{answer['run']}"):
                step.reach(int(standing["done"]), int(standing["total"] or 0))
                if standing["state"] == "done":
                    break

    def _run_key(self, what: str) -> str:
        """The same run for the same data; what changes later is judged again without one."""
        decided = "decided" if self._task.is_over(self._task.years[-1]) else "predicted"
        return f"{AUTOMATIC}{what}-{decided}-{intake.content_digest(self._folder)}"

    def _issue(self) -> None:
        service = self._bank.certificates
        with self._telling.step("certificates 电子证书", 0) as step:
            total = 0
            for answer in follow(service, "/v1/certificates/pending"):
                pending = int(answer["pending"])
                total = max(total, pending)
                step.reach(total - pending, total)
                if not pending:
                    break

    def _heard(self, upstream: Service, *downstream: Service) -> None:
        self.account.parked = max(self.account.parked, wait_until_heard(upstream, *downstream))
