"""What a way of registering hours must keep together: who registers and reviews, its classes, its figures.

Each check yields `(key, message)`, as those of the rest of a pack do.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from shared.policy.category_checks import Fault
from shared.policy.factors import DeclaredFactor
from shared.policy.pack import Pack
from shared.policy.sources import (
    AnyHourSource,
    Classes,
    CompletedCourse,
    ConvertedScore,
    DegreeStudy,
    GradedCertificate,
    RecognisedElsewhere,
    Score,
)

MARKS = 100
"""The most that a score can be."""

RECOGNISERS = {(), ("city",), ("centre@city",), ("centre@district",)}
"""Who recognises what a class gave: an office that there is one of above who holds it."""

LEVELS = ("district", "city", "province")
"""From below to above."""

HIGHEST = {"centre": "city", "city": "city", "education": "province"}
"""The highest level at which there is an office of a kind, where a rule does not say its level."""

HOLDERS = {"city", "education"}
"""Who registers what it held itself and declares nothing (本级培训)."""


def hour_faults(pack: Pack) -> Iterator[Fault]:
    """Yield what is wrong with the ways of registering hours."""
    yield from _factors(pack)
    sources = {source.id: source for source in pack.hours}
    for index, source in enumerate(pack.hours):
        key = f"hours[{index}]"
        if len(set(source.registrars)) < len(source.registrars):
            yield f"{key}.registrars", "names a kind of caller twice"
        yield from _way(source, key)
        yield from _exclusive(source, key, sources)
        yield from _classes(source, f"{key}.classes")
        match source:
            case GradedCertificate():
                yield from _grades(source, key)
            case DegreeStudy(degrees=degrees, floors=floors):
                for stage in sorted(stage for stage, floor in floors.items() if floor not in degrees):
                    yield f"{key}.floors.{stage}", f"{floors[stage]} is not among the degrees"
            case ConvertedScore():
                yield from _proof(source, key)
            case _:
                pass


def _exclusive(source: AnyHourSource, key: str, sources: Mapping[str, AnyHourSource]) -> Iterator[Fault]:
    for at, other in enumerate(source.exclusive_with):
        place = f"{key}.exclusive_with[{at}]"
        if other == source.id:
            yield place, f"{other} excludes itself"
        elif other not in sources:
            yield place, f"{other} is no way of registering hours in this pack"
        elif source.id not in sources[other].exclusive_with:
            yield place, f"{other} does not name {source.id} in return"
        elif source.exclusive_in_year != sources[other].exclusive_in_year:
            yield place, f"{other} and {source.id} do not agree on exclusive_in_year"


def _way(source: AnyHourSource, key: str) -> Iterator[Fault]:
    """Courses are completed and nothing else is; what is declared or planned is reviewed, by others."""
    if isinstance(source, CompletedCourse) != (source.through == "completion"):
        yield f"{key}.through", f"a {type(source).__name__} is not registered through {source.through}"
    if isinstance(source, RecognisedElsewhere) and source.through != "declaration":
        yield f"{key}.through", "what comes from elsewhere is declared, with a transcript"
    if isinstance(source, RecognisedElsewhere) and source.evidence:
        yield f"{key}.evidence", "the transcript is the evidence"
    if source.reviewers and source.through == "completion":
        yield f"{key}.reviewers", "what a platform records is not reviewed"
    for kind in sorted(HOLDERS.intersection(source.registrars)) if source.through != "class" else ():
        yield f"{key}.registrars", f"{kind} registers the classes that it holds, and nothing else"
    if source.lead_months and source.through not in {"class", "plan"}:
        yield f"{key}.lead_months", "only classes and plans are submitted ahead"
    if source.through == "plan":
        yield from _plan(source, key)
    if source.through == "class" and source.reviewers not in RECOGNISERS:
        says = "what a class gave is recognised by the city, by a centre of a level, or by nobody"
        yield f"{key}.reviewers", says
    kinds = [*source.registrars, *(reviewer.partition("@")[0] for reviewer in source.reviewers)]
    if len(set(kinds)) < len(kinds):
        yield f"{key}.reviewers", "names a kind of caller that registers or reviews already"


def _factors(pack: Pack) -> Iterator[Fault]:
    """No factor stands behind one that fits whatever it fits: the first one decides."""
    before: list[tuple[str, DeclaredFactor]] = []
    for index, source in enumerate(pack.hours):
        for at, factor in enumerate(source.factors if isinstance(source, RecognisedElsewhere) else ()):
            key = f"hours[{index}].factors[{at}]"
            yield from (
                (key, f"is never asked: {name} fits first") for name, one in before if one.covers(factor)
            )
            before.append((key, factor))


def _plan(source: AnyHourSource, key: str) -> Iterator[Fault]:
    """A plan is a school's, and there is one body that it is handed in to."""
    if source.registrars != ("school",):
        yield f"{key}.registrars", "what a plan held is registered by the school"
    if source.reviewers not in {(), ("centre",)}:
        yield f"{key}.reviewers", "what a plan held is recognised by the centre, or by nobody"


def _classes(source: AnyHourSource, key: str) -> Iterator[Fault]:
    """A rule says how its classes are held exactly where its hours come through classes."""
    classes = source.classes
    if classes is not None and source.through != "class":
        yield key, f"hours through {source.through} have no classes"
    if classes is None and source.through == "class":
        yield key, "is missing"
    if classes is None:
        return
    for name in ("approvers", "formats", "profile"):
        named = getattr(classes, name)
        if len(set(named)) < len(named):
            yield f"{key}.{name}", "names something twice"
    yield from _approvals(classes, f"{key}.approvals")
    for level in LEVELS:
        if not classes.authorities_at(level):
            yield f"{key}.approvers", f"no authority decides on annual plans of a {level}"
    if classes.absence is not None and classes.absence.numerator > classes.absence.denominator:
        yield f"{key}.absence", "is more than the whole"
    if classes.score is not None:
        yield from ((f"{key}.score.{name}", message) for name, message in score_faults(classes.score))


def _approvals(classes: Classes, key: str) -> Iterator[Fault]:
    """Hold each to a form that there is, and say of no class twice who approves it."""
    seen: set[tuple[str, str]] = set()
    for index, one in enumerate(classes.approvals):
        place = f"{key}[{index}]"
        if one.format not in classes.formats:
            yield f"{place}.format", f"{one.format} is not among the formats {', '.join(classes.formats)}"
        if (one.level, one.format) in seen:
            yield place, f"{one.level} classes that are {one.format} have approvers already"
        if len(set(one.approvers)) < len(one.approvers):
            yield f"{place}.approvers", "names something twice"
        for at, approver in enumerate(one.approvers):
            if not _reaches(approver, one.level):
                yield f"{place}.approvers[{at}]", f"{approver} does not stand at or above a {one.level}"
        seen.add((one.level, one.format))


def _reaches(approver: str, level: str) -> bool:
    """Whether an approver may be bound at a level or above it, since its reach is what stands below."""
    kind, _, bound = approver.partition("@")
    return LEVELS.index(bound or HIGHEST[kind]) >= LEVELS.index(level)


def score_faults(score: Score) -> Iterator[Fault]:
    """What is wrong with a weighted score: weights are parts of 1, marks are of 100."""
    total = sum(score.weights.values(), Decimal(0))
    if total != 1:
        yield "weights", f"add up to {total}, not to 1"
    if score.pass_mark > MARKS:
        yield "pass_mark", f"{score.pass_mark} is more than {MARKS}"


def _grades(source: GradedCertificate, key: str) -> Iterator[Fault]:
    if len(set(source.grades)) < len(source.grades):
        yield f"{key}.grades", "names a grade twice"
    for grade in source.hours:
        if grade not in source.grades:
            yield f"{key}.hours.{grade}", f"{grade} is not among the grades {', '.join(source.grades)}"


def _proof(source: ConvertedScore, key: str) -> Iterator[Fault]:
    if len(set(source.proof)) < len(source.proof):
        yield f"{key}.proof", "names a datum twice"
    for datum in source.figures:
        if datum not in source.proof:
            yield f"{key}.figures.{datum}", f"{datum} is not among the data of the proof"
