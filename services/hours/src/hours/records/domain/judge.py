"""Judges a record under the pack: the rule, the registrar, the dates, the evidence, and then the hours."""

from collections.abc import Iterator
from datetime import date

from hours.records.domain.conversion import at_most, credited
from hours.records.domain.registration import (
    OPERATOR,
    Filing,
    Holding,
    Judgement,
    Refused,
    Registrar,
    Registration,
    Standing,
    missing,
)
from hours.records.domain.valuation import foreign, lacking, not_higher, value
from shared.policy.calendar import Years, day_of
from shared.policy.names import caller_name, item_name, way_name
from shared.policy.pack import Pack
from shared.policy.sources import AnyHourSource, DegreeStudy, HigherQualification, Stay


def find_rule(pack: Pack, rule: str) -> AnyHourSource | Refused:
    """The rule that a record names; a reserved slot is a rule that exists and cannot be used."""
    for source in pack.hours:
        if source.id == rule:
            return source
    if any(one.id == rule for one in pack.unregistered):
        return _unusable("rule.unregistered", rule)
    for slot in pack.slots:
        if slot.id == rule and slot.section == "hours":
            return _unusable("rule.disabled", rule)
    return _unusable("rule.unknown", rule)


def _unusable(code: str, rule: str) -> Refused:
    return Refused(code=code, check="{rule} ∉ /v1/rules", paths=("/source_rule",), params={"rule": rule})


def judge(pack: Pack, registration: Registration, filing: Filing, standing: Standing) -> Judgement:
    """The first refusal, in the order in which a person would check; else the hours that the rule gives."""
    source = find_rule(pack, registration.rule)
    if isinstance(source, Refused):
        return source
    for refusal in _refusals(pack, source, registration, filing, standing):
        return refusal
    return given(pack, source, registration)


def given(pack: Pack, source: AnyHourSource, registration: Registration) -> Judgement:
    """What a record gives under its rule by itself, whoever hands it in and when."""
    valued = value(source, registration)
    made = valued if isinstance(valued, Refused) else credited(pack, source, registration.details, valued)
    return made if isinstance(made, Refused) else at_most(source.record_cap, made)


def _refusals(
    pack: Pack, source: AnyHourSource, registration: Registration, filing: Filing, standing: Standing
) -> Iterator[Refused]:
    yield from _hands(source, registration, filing, standing.school)
    if filing.through != source.through and filing.registrar.kind != OPERATOR:
        ways = {"through": way_name(source.through), "way": way_name(filing.through)}
        yield Refused(code="rule.other_way", check="{way} ≠ {through}", paths=("/source_rule",), params=ways)
    if registration.category != source.category:
        expected = {
            "category": item_name(pack, registration.category),
            "expected": item_name(pack, source.category),
        }
        yield Refused(
            code="category.mismatch", check="{category} ≠ {expected}", paths=("/category",), params=expected
        )
    today = day_of(standing.now, pack.pack.timezone)
    yield from _dates(source, registration, today, pack.years)
    yield from _deadline(pack, registration, filing, standing)
    if source.vocational_only and not standing.vocational:
        yield Refused(
            code="teacher.not_eligible",
            check="vocational: {vocational} ≠ true",
            paths=("/teacher",),
            params={"teacher": registration.teacher, "vocational": standing.vocational},
        )
    yield from _details(source, registration, filing, standing)
    yield from _topics(pack, registration)
    if source.diploma_within is not None:
        yield from _diploma(pack, source.diploma_within, registration, today)
    yield from _evidence(pack, source, registration, filed=filing.through == "declaration")
    yield from _programme(source, registration, standing)


def _hands(
    source: AnyHourSource, registration: Registration, filing: Filing, school: str
) -> Iterator[Refused]:
    """Whoever registers may, and whoever corrects may take back; of what is settled the kind is asked."""
    teacher, registrar = registration.teacher, filing.registrar
    settled = filing.is_settled and registrar.kind in source.registrars
    if not settled and (no := may_register(source, teacher, school, registrar)) is not None:
        yield no
    if filing.corrector is not None:
        holding = Holding(
            teacher=teacher,
            school=school,
            registrar=filing.registrar.name,
            recogniser=filing.recogniser,
        )
        if (no := may_reverse(source, holding, filing.corrector)) is not None:
            yield no


def _programme(source: AnyHourSource, registration: Registration, standing: Standing) -> Iterator[Refused]:
    """One programme is claimed under one rule (不重复申报): a study altogether, an activity in its year."""
    others = [
        claimed.rule
        for claimed in standing.claimed
        if claimed.rule in source.exclusive_with
        and (claimed.year == registration.year or not source.exclusive_in_year)
    ]
    if others:
        figures = {"programme": registration.programme, "other": min(others)}
        yield Refused(
            code="programme.claimed",
            check="{programme} ∈ {other}",
            paths=("/details/programme",),
            params=figures,
        )


def _details(
    source: AnyHourSource, registration: Registration, filing: Filing, standing: Standing
) -> Iterator[Refused]:
    """Who declares says everything that the rule asks for; degrees and levels are high enough."""
    if filing.through == "declaration" and (refusal := lacking(source, registration)) is not None:
        yield refusal
    if (refusal := foreign(source, registration)) is not None:
        yield refusal
    if isinstance(source, DegreeStudy):
        yield from _degree(source, registration, standing.stage)
    if isinstance(source, HigherQualification):
        yield from _level(registration, standing)


def _diploma(pack: Pack, within: str, registration: Registration, today: date) -> Iterator[Refused]:
    """The diploma is there, and was obtained within the cycle in which the study counts (本周期内)."""
    obtained = registration.details.diploma_on if registration.details else None
    path = "/details/diploma_on"
    if obtained is None:
        yield missing("diploma.missing", "details/diploma_on")
        return
    if obtained > today:
        days = {"date": obtained, "today": today}
        yield Refused(code="diploma.in_future", check="{date} > {today}", paths=(path,), params=days)
    cycle = pack.cycle(within)
    span = None if cycle is None else cycle.span(registration.year)
    if span is None or pack.years.of_day(obtained) not in span.years:
        years = [] if span is None else [span.first, span.last]
        figures = {"date": obtained, "cycle": within, "years": years}
        yield Refused(code="diploma.outside_cycle", check="{date} ∉ [{years}]", paths=(path,), params=figures)


def _level(registration: Registration, standing: Standing) -> Iterator[Refused]:
    """A level gives hours once, and only above those that gave hours by then (高一级的职业资格证)."""
    level = registration.details.level_to if registration.details else None
    if level is None:
        return
    held = [
        other.level
        for other in standing.obtained
        if other.level == level or (other.level < level and other.year <= registration.year)
    ]
    if held:
        yield not_higher(min(held), level)


def may_register(source: AnyHourSource, teacher: str, school: str, registrar: Registrar) -> Refused | None:
    """Who may register under a rule, and reverse; a teacher and a school only for their own."""
    if registrar.kind == OPERATOR:
        return None
    owned = {"teacher": teacher, "school": school}
    if registrar.kind in source.registrars and registrar.id == owned.get(registrar.kind, registrar.id):
        return None
    allowed = [caller_name(kind, owned.get(kind, "")) for kind in source.registrars]
    params = {"registrar": caller_name(registrar.kind, registrar.id), "allowed": allowed}
    return Refused(code="registrar.not_allowed", check="{registrar} ∉ {{{allowed}}}", params=params)


def may_reverse(source: AnyHourSource, holding: Holding, registrar: Registrar) -> Refused | None:
    """Who may take a record back: who recognised it; where nobody did, whoever may register it.

    What a school registered, only that school takes back: where a teacher moved, the history is read (I-20).
    """
    by_school = holding.registrar.startswith("school:")
    holder = holding.recogniser or (holding.registrar if by_school else "")
    if not holder:
        return may_register(source, holding.teacher, holding.school, registrar)
    if registrar.kind == OPERATOR or registrar.name == holder:
        return None
    kind, _, identity = holder.partition(":")
    params = {
        "registrar": caller_name(registrar.kind, registrar.id),
        "allowed": [caller_name(kind, identity)],
    }
    return Refused(code="registrar.not_allowed", check="{registrar} ∉ {{{allowed}}}", params=params)


def _topics(pack: Pack, registration: Registration) -> Iterator[Refused]:
    """Topics are those that the rules name: another spelling would be another topic."""
    told = (registration.details.topics if registration.details else None) or ()
    for place, topic in enumerate(told):
        if topic not in pack.topics:
            figures = {"topic": topic, "topics": [*pack.topics]}
            yield Refused(
                code="topic.unknown",
                check="{topic} ∉ {{{topics}}}",
                paths=(f"/details/topics/{place}",),
                params=figures,
            )


def _dates(source: AnyHourSource, registration: Registration, today: date, years: Years) -> Iterator[Refused]:
    """Hours are registered once they were earned: the year has begun and the activity has ended.

    A stay is of the year in which it ends, and may have begun in another.
    """
    year, first, last = registration.year, registration.first, registration.last
    if year > years.of_day(today):
        figures = {"year": year, "today": today}
        yield Refused(code="year.not_begun", check="{year} > {today}", paths=("/year",), params=figures)
    if last < first:
        figures = {"from": first, "to": last}
        yield Refused(code="dates.reversed", check="{to} < {from}", paths=("/to",), params=figures)
    told = registration.details
    if told and told.started_at and told.ended_at and told.ended_at < told.started_at:
        instants = {"from": told.started_at, "to": told.ended_at}
        yield Refused(
            code="dates.reversed", check="{to} < {from}", paths=("/details/ended_at",), params=instants
        )
    if last > today:
        figures = {"date": last, "today": today}
        yield Refused(code="record.in_future", check="{date} > {today}", paths=("/to",), params=figures)
    for day, path in ((first, "/from"), (last, "/to")):
        if years.of_day(day) != year and not (isinstance(source, Stay) and path == "/from"):
            figures = {"date": day, "year": year}
            yield Refused(code="year.mismatch", check="{date} ∉ {year}", paths=(path,), params=figures)


def _deadline(
    pack: Pack, registration: Registration, filing: Filing, standing: Standing
) -> Iterator[Refused]:
    """Who hands in by the last day is in time, however long others take to decide (GD-07)."""
    last = pack.registered_until(registration.year)
    handed_in = day_of(filing.handed_in or standing.now, pack.pack.timezone)
    if last is not None and handed_in > last and not standing.reopening:
        figures = {"year": registration.year, "last": last, "handed_in": handed_in}
        yield Refused(
            code="registration.late", check="{handed_in} > {last}", paths=("/year",), params=figures
        )


def _degree(source: DegreeStudy, registration: Registration, stage: str) -> Iterator[Refused]:
    """The degree is one of the rule's, and not below what the teacher's stage asks for."""
    degree = registration.details.degree if registration.details else None
    floor, path = source.floors.get(stage), ("/details/degree",)
    if degree is None:
        yield missing("degree.missing", "details/degree")
    elif degree not in source.degrees:
        figures = {"degree": degree, "degrees": source.degrees}
        yield Refused(code="degree.unknown", check="{degree} ∉ {{{degrees}}}", paths=path, params=figures)
    elif floor is None:
        figures = {"stage": stage, "stages": sorted(source.floors)}
        yield Refused(code="stage.without_floor", check="{stage} ∉ {{{stages}}}", params=figures)
    elif source.degrees.index(degree) < source.degrees.index(floor):
        figures = {"degree": degree, "stage": stage, "floor": floor}
        yield Refused(code="degree.below_floor", check="{degree} < {floor}", paths=path, params=figures)


def _evidence(
    pack: Pack, source: AnyHourSource, registration: Registration, *, filed: bool
) -> Iterator[Refused]:
    """Who declares shows the files, a record refers to them.

    A consent that the details do not date must at least be what the evidence refers to.
    """
    if source.evidence and not (registration.files if filed else registration.evidence):
        yield missing("evidence.missing", "files" if filed else "evidence")
    details = registration.details
    for needed, field, code, late in (
        (source.prior_approval, "approved_at", "approval.missing", "approval.late"),
        (source.through == "plan", "plan_approved_at", "plan.not_approved", "plan.not_approved"),
    ):
        if not needed:
            continue
        instant = getattr(details, field) if details else None
        if instant is None and (filed or details is not None or not registration.evidence):
            yield missing(code, f"details/{field}")
        approved = None if instant is None else day_of(instant, pack.pack.timezone)
        if approved is not None and approved >= registration.first:
            figures = {"approved": approved, "from": registration.first}
            yield Refused(
                code=late, check="{approved} ≥ {from}", paths=(f"/details/{field}",), params=figures
            )
