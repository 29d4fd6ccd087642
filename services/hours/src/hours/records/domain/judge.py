"""Judges a record under the pack: the rule, the registrar, the dates, the evidence, and then the hours."""

from collections.abc import Iterator

from hours.records.domain.registration import (
    OPERATOR,
    Judgement,
    Refused,
    Registrar,
    Registration,
    Standing,
)
from hours.records.domain.valuation import value
from shared.policy.calendar import day_of
from shared.policy.explain import caller_name, category_name
from shared.policy.pack import AnyHourSource, Pack


def find_rule(pack: Pack, rule: str) -> AnyHourSource | Refused:
    """The rule that a record names; a reserved slot is a rule that exists and cannot be used."""
    for source in pack.hours:
        if source.id == rule:
            return source
    for slot in pack.slots:
        if slot.id == rule and slot.section == "hours":
            return Refused(code="rule.disabled", paths=("/source_rule",), params={"rule": rule})
    return Refused(code="rule.unknown", paths=("/source_rule",), params={"rule": rule})


def judge(pack: Pack, registration: Registration, registrar: Registrar, standing: Standing) -> Judgement:
    """The first refusal, in the order in which a person would check; else the hours that the rule gives."""
    source = find_rule(pack, registration.rule)
    if isinstance(source, Refused):
        return source
    for refusal in _refusals(pack, source, registration, registrar, standing):
        return refusal
    return value(source, registration)


def _refusals(
    pack: Pack, source: AnyHourSource, registration: Registration, registrar: Registrar, standing: Standing
) -> Iterator[Refused]:
    not_allowed = may_register(source, registration.teacher, standing.school, registrar)
    if not_allowed is not None:
        yield not_allowed
    if registration.category != source.category:
        expected = {
            "category": category_name(registration.category),
            "expected": category_name(source.category),
        }
        yield Refused(code="category.mismatch", paths=("/category",), params=expected)
    yield from _dates(registration)
    if source.vocational_only and not standing.vocational:
        yield Refused(
            code="teacher.not_eligible", paths=("/teacher",), params={"teacher": registration.teacher}
        )
    yield from _evidence(pack, source, registration)
    others = standing.claimed.intersection(source.exclusive_with)
    if others:
        params = {"programme": registration.programme, "other": min(others)}
        yield Refused(code="programme.claimed", paths=("/details/programme",), params=params)


def may_register(source: AnyHourSource, teacher: str, school: str, registrar: Registrar) -> Refused | None:
    """Who may register under a rule, and reverse; a teacher and a school only for their own."""
    if registrar.kind == OPERATOR:
        return None
    owned = {"teacher": teacher, "school": school}
    if registrar.kind in source.registrars and registrar.id == owned.get(registrar.kind, registrar.id):
        return None
    allowed = [caller_name(kind, owned.get(kind, "")) for kind in source.registrars]
    params = {"registrar": caller_name(registrar.kind, registrar.id), "allowed": allowed}
    return Refused(code="registrar.not_allowed", params=params)


def _dates(registration: Registration) -> Iterator[Refused]:
    if registration.last < registration.first:
        yield Refused(code="dates.reversed", paths=("/to",))
    for day, path in ((registration.first, "/from"), (registration.last, "/to")):
        if day.year != registration.year:
            params = {"date": day.isoformat(), "year": str(registration.year)}
            yield Refused(code="year.mismatch", paths=(path,), params=params)


def _evidence(pack: Pack, source: AnyHourSource, registration: Registration) -> Iterator[Refused]:
    """A consent that the details do not date must at least be what the evidence refers to."""
    if source.evidence and not registration.evidence:
        yield Refused(code="evidence.missing", paths=("/evidence",))
    details = registration.details
    for needed, field, code in (
        (source.prior_approval, "approved_at", "approval.missing"),
        (source.plan_approval, "plan_approved_at", "plan.not_approved"),
    ):
        if not needed:
            continue
        instant = getattr(details, field) if details else None
        if instant is None and (details is not None or not registration.evidence):
            yield Refused(code=code, paths=(f"/details/{field}",))
        if instant is not None and day_of(instant, pack.pack.timezone) >= registration.first:
            late = code if code == "plan.not_approved" else "approval.late"
            yield Refused(code=late, paths=(f"/details/{field}",))
