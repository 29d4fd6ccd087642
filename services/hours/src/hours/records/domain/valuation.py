"""How many hours a record gives, by kind of rule. Given and computed hours must agree to the last place."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import assert_never
from unicodedata import normalize

from hours.ledger.domain.amount import exact
from hours.records.domain.recognition import recognised
from hours.records.domain.registration import Details, Granted, Judgement, Refused, Registration, missing
from shared.policy.sources import (
    AnyHourSource,
    CompletedCourse,
    ConvertedScore,
    DegreeStudy,
    DeliveredHours,
    GradedCertificate,
    HigherQualification,
    OutcomeTable,
    RecognisedElsewhere,
    Stay,
)

HUNDRED = Decimal(100)
LEVELS = range(1, 6)
"""National vocational levels; a smaller number is a higher level."""


def value(source: AnyHourSource, registration: Registration) -> Judgement:  # noqa: PLR0911 - one a kind
    """The hours of one record under its rule, before any cap. Details it lacks are left to its evidence."""
    details = registration.details or Details()
    match source:
        case DeliveredHours() | DegreeStudy():
            return _delivered(registration.hours)
        case CompletedCourse():
            return _completed(registration.hours, details.progress)
        case OutcomeTable():
            return _outcome(source, registration.hours, details.rank)
        case HigherQualification():
            return _qualification(source, registration.hours, details)
        case GradedCertificate():
            return _graded(source, registration.hours, details.grade)
        case ConvertedScore():
            return _converted(source, registration.hours, details)
        case Stay():
            return _agreed(registration.hours, Decimal(0), {"kind": "stay"}, reason="stay.days_only")
        case RecognisedElsewhere():
            return recognised(source, details.origin)
        case _:
            assert_never(source)


def lacking(source: AnyHourSource, registration: Registration) -> Refused | None:
    """The refusal of details that do not say what a kind of rule asks for."""
    details = registration.details or Details()
    if source.exclusive_with and not source.exclusive_in_year and not details.programme:
        return missing("programme.missing", "details/programme")
    match source:
        case OutcomeTable() if details.rank is None:
            return missing("rank.missing", "details/rank")
        case HigherQualification():
            return _no_level(details)
        case GradedCertificate() if details.grade is None:
            return missing("grade.missing", "details/grade")
        case ConvertedScore() if details.score is None:
            return _no_proof(source, details)
        case _:
            return None


def _delivered(given: Decimal | None) -> Judgement:
    if given is None:
        return missing("hours.missing", "hours")
    return Granted(hours=exact(given), basis={"kind": "delivered_hours", "given": f"{given:.2f}"})


def _completed(given: Decimal | None, progress: Decimal | None) -> Judgement:
    if given is None:
        return missing("hours.missing", "hours")
    basis = {"kind": "completed_course", "given": f"{given:.2f}"}
    if progress is not None:
        if progress < HUNDRED:
            return Refused(
                code="course.incomplete",
                check="{progress} % < 100 %",
                paths=("/details/progress",),
                params={"progress": progress},
            )
        basis["progress"] = str(progress)
    return Granted(hours=exact(given), basis=basis)


def _outcome(source: OutcomeTable, given: Decimal | None, rank: int | None) -> Judgement:
    if rank is not None:
        if rank < 1:
            return Refused(
                code="rank.invalid", check="{rank} < 1", paths=("/details/rank",), params={"rank": rank}
            )
        hours = source.main if rank <= source.main_rank else source.other
        basis = {
            "kind": "outcome_table",
            "rank": rank,
            "main_rank": source.main_rank,
            "hours": f"{hours:.2f}",
        }
        return _agreed(given, hours, basis)
    return _one_of(given, (source.main, source.other), {"kind": "outcome_table"})


def _qualification(source: HigherQualification, given: Decimal | None, details: Details) -> Judgement:
    held, obtained = details.level_from, details.level_to
    basis = {"kind": "higher_qualification", "hours": f"{source.hours:.2f}"}
    if held is None and obtained is None:
        return _one_of(given, (source.hours,), basis)
    if obtained is None:
        return missing("level.missing", "details/level_to")
    for level, name in ((held, "level_from"), (obtained, "level_to")):
        if isinstance(level, int) and level not in LEVELS:
            figures = {"level": level, "levels": list(LEVELS)}
            return Refused(
                code="level.unknown",
                check="{level} ∉ {{{levels}}}",
                paths=(f"/details/{name}",),
                params=figures,
            )
    if isinstance(held, int) and obtained >= held:
        return not_higher(held, obtained)
    return _agreed(given, source.hours, {**basis, "level_from": held, "level_to": obtained})


def not_higher(held: int, obtained: int) -> Refused:
    """The refusal of a qualification that is not higher than one held before it."""
    return Refused(
        code="level.not_higher",
        check="{level_to} ≥ {level_from}",
        paths=("/details/level_to",),
        params={"level_from": held, "level_to": obtained},
    )


def _no_level(details: Details) -> Refused | None:
    """The refusal of a qualification that does not say what it is, or than what it is higher."""
    lacking = [name for name in ("level_from", "level_to") if getattr(details, name) is None]
    return missing("level.missing", *(f"details/{name}" for name in lacking)) if lacking else None


def _graded(source: GradedCertificate, given: Decimal | None, grade: str | None) -> Judgement:
    if grade is not None and grade not in source.grades:
        return Refused(
            code="grade.unknown",
            check="{grade} ∉ {{{grades}}}",
            paths=("/details/grade",),
            params={"grade": grade, "grades": source.grades},
        )
    numbered = source.hours if grade is None else {g: h for g, h in source.hours.items() if g == grade}
    if not numbered:
        grades = source.grades if grade is None else (grade,)
        return Refused(
            code="rule.incomplete", check="{grades}: ∅", paths=("/source_rule",), params={"grades": grades}
        )
    basis = {"kind": "graded_certificate"}
    if grade is None:
        return _one_of(given, tuple(numbered.values()), basis)
    hours = numbered[grade]
    return _agreed(given, hours, {**basis, "grade": grade, "hours": f"{hours:.2f}"})


def _converted(source: ConvertedScore, given: Decimal | None, details: Details) -> Judgement:
    score, proof = details.score, details.proof
    if score is None and proof is None:
        return _whole(given)
    refused = _no_proof(source, details)
    if refused is not None or score is None:
        return refused or missing("proof.missing", "details/score")
    if score < 0:
        return Refused(
            code="score.invalid", check="{score} < 0", paths=("/details/score",), params={"score": score}
        )
    hours = Decimal(score // source.rate)
    if (differs := _differing(source, proof or {}, score, hours)) is not None:
        return differs
    basis = {"kind": "converted_score", "score": score, "rate": source.rate, "hours": f"{hours:.2f}"}
    return _agreed(given, hours, basis, reason="" if hours else "score.below_rate")


def _differing(
    source: ConvertedScore, proof: Mapping[str, str], score: int, hours: Decimal
) -> Refused | None:
    """The refusal of a proof that says another score or other hours; those after the cap are true as well."""
    true = {"score": [Decimal(score)], "hours": [hours]}
    if source.cap is not None and hours > source.cap:
        true["hours"].append(source.cap)
    for datum, figure in source.figures.items():
        if _number(proof[datum]) not in true[figure]:
            return Refused(
                code="proof.disagrees",
                check="{datum} ∉ {{{expected}}}",
                paths=(f"/details/proof/{datum}",),
                params={"datum": datum, "expected": [f"{one:f}" for one in true[figure]]},
            )
    return None


def _number(text: str) -> Decimal | None:
    """A figure as people write it, also in full-width digits."""
    try:
        number = Decimal(normalize("NFKC", text).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def foreign(source: AnyHourSource, registration: Registration) -> Refused | None:
    """The refusal of data that the rule asks for in no proof: they are personal, and nobody needs them."""
    named = source.proof if isinstance(source, ConvertedScore) else ()
    proof = (registration.details.proof if registration.details else None) or {}
    others = sorted(proof.keys() - set(named))
    if not others:
        return None
    return Refused(
        code="proof.foreign",
        check="{foreign} ∉ {{{named}}}",
        paths=tuple(f"/details/proof/{datum}" for datum in others),
        params={"foreign": others, "named": named},
    )


def _no_proof(source: ConvertedScore, details: Details) -> Refused | None:
    """The refusal of a score that is not proved with all data that the rule names."""
    proof = details.proof or {}
    lacking = [f"details/proof/{name}" for name in source.proof if not proof.get(name)]
    if details.score is None:
        lacking.insert(0, "details/score")
    return missing("proof.missing", *lacking) if lacking else None


def _whole(given: Decimal | None) -> Judgement:
    if given is None:
        return missing("hours.missing", "hours")
    if given % 1:
        return Refused(
            code="hours.not_whole", check="⌊{hours}⌋ ≠ {hours}", paths=("/hours",), params={"hours": given}
        )
    return Granted(hours=exact(given), basis={"kind": "converted_score", "given": f"{given:.2f}"})


def _agreed(
    given: Decimal | None, computed: Decimal, basis: Mapping[str, object], reason: str = ""
) -> Judgement:
    if given is not None and given != computed:
        return Refused(
            code="hours.disagree",
            check="{given} ≠ {computed}",
            paths=("/hours",),
            params={"given": exact(given), "computed": exact(computed)},
            basis=basis,
        )
    return Granted(hours=exact(computed), reason=reason, basis=basis)


def _one_of(given: Decimal | None, figures: tuple[Decimal, ...], basis: Mapping[str, object]) -> Judgement:
    if given is None:
        return missing("hours.missing", "hours")
    if given not in figures:
        allowed = [exact(figure) for figure in sorted(set(figures), reverse=True)]
        return Refused(
            code="hours.not_of_rule",
            check="{given} ∉ {{{allowed}}}",
            paths=("/hours",),
            params={"given": given, "allowed": allowed},
            basis=basis,
        )
    return Granted(hours=exact(given), basis={**basis, "given": f"{given:.2f}"})
