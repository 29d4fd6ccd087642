"""What the worked examples of a pack must keep together (算例校验)."""

from collections.abc import Collection, Iterator, Sequence

from shared.policy.categories import CARRIED_IN, Hours, Part
from shared.policy.category_checks import Fault
from shared.policy.examples import (
    AssessmentExample,
    CertificateExample,
    CycleExample,
    DeductionsExample,
    ExampleRecord,
    ObligationExample,
    RecordsExample,
    SeatsExample,
    SubmissionExample,
    YearExample,
)
from shared.policy.hour_checks import score_faults
from shared.policy.pack import Pack


def example_faults(pack: Pack) -> Iterator[Fault]:
    """Hold each example to the rules, years and cycles of the pack, and to say what comes of every record."""
    for index, example in enumerate(pack.examples):
        key = f"examples[{index}]"
        match example:
            case CycleExample():
                yield from _of_cycle(pack, example, key)
            case YearExample():
                yield from _of_year(pack, example, key)
            case DeductionsExample():
                yield from _of_deductions(pack, example, key)
            case ObligationExample():
                yield from _of_obligation(pack, example, key)
            case RecordsExample():
                yield from _of_records(pack, example, key)
            case AssessmentExample():
                yield from _of_assessment(pack, example, key)
            case SeatsExample() | SubmissionExample():
                yield from _of_classes(pack, example, key)
            case CertificateExample():
                yield from _of_certificate(pack, example, key)


def _of_cycle(pack: Pack, example: CycleExample, key: str) -> Iterator[Fault]:
    cycle = pack.cycle(example.cycle)
    span = None if cycle is None else cycle.span(example.year)
    if span is None:
        yield f"{key}.cycle", f"{example.cycle} is no cycle in which {example.year} lies"
    elif len(example.years) > example.year - span.first + 1:
        yield f"{key}.years", f"expected at most {example.year - span.first + 1} years, from {span.first} on"
    for place, hours in enumerate(example.years):
        yield from _hours(pack.posted, hours, f"{key}.years[{place}]")
    yield from _missing(pack, example, key)


def _of_year(pack: Pack, example: YearExample, key: str) -> Iterator[Fault]:
    if pack.requirement(example.year) is None:
        yield f"{key}.year", f"{example.year} has no requirement"
    yield from _hours((*pack.posted, CARRIED_IN), example.hours, f"{key}.hours")
    yield from _missing(pack, example, key)


def _hours(parts: Collection[Part], hours: Hours, key: str) -> Iterator[Fault]:
    for name in hours.keys() - {*parts}:
        yield f"{key}.{name}", f"no hours are posted into {name}"


def _missing(pack: Pack, example: CycleExample | YearExample, key: str) -> Iterator[Fault]:
    for name in example.missing.keys() - pack.parts.keys():
        yield f"{key}.missing.{name}", f"{name} is nothing that is asked for"


def _of_classes(
    pack: Pack, example: AssessmentExample | SeatsExample | SubmissionExample, key: str
) -> Iterator[Fault]:
    source = pack.source(example.rule)
    if source is None or source.classes is None:
        yield f"{key}.rule", f"{example.rule} is no rule of classes in this pack"
    if isinstance(example, SubmissionExample) and pack.years.of_day(example.opens) != example.year:
        yield f"{key}.opens", f"{example.opens} does not lie in {example.year}"


def _of_certificate(pack: Pack, example: CertificateExample, key: str) -> Iterator[Fault]:
    kind = next((one for one in pack.certificates if one.name == example.certificate), None)
    if kind is None:
        yield f"{key}.certificate", f"{example.certificate} is no kind of certificate in this pack"
        return
    cycle = None if kind.cycle is None else pack.cycle(kind.cycle)
    span = None if cycle is None else cycle.span(example.year)
    if span is not None and span.first != example.year:
        yield f"{key}.year", f"{example.year} is not the first year of its cycle, {span.first} is"


def _of_assessment(pack: Pack, example: AssessmentExample, key: str) -> Iterator[Fault]:
    yield from _of_classes(pack, example, key)
    source = pack.source(example.rule)
    if source is None or source.classes is None:
        return
    if source.classes.score is not None and example.score is not None:
        yield f"{key}.score", f"{example.rule} says itself what is weighed"
    if example.score is not None:
        yield from ((f"{key}.score.{name}", message) for name, message in score_faults(example.score))
    for name, part in example.parts.items():
        if part.of <= 0:
            yield f"{key}.parts.{name}.of", "there is nothing of which it is a part"


def _of_records(pack: Pack, example: RecordsExample, key: str) -> Iterator[Fault]:
    yield from _in_force(pack, example, key)
    yield from _rules(pack, example.records, key)
    taken = len(example.records) - bool(example.refused)
    yield from _as_many(taken, example.counted, f"{key}.counted")


def _of_deductions(pack: Pack, example: DeductionsExample, key: str) -> Iterator[Fault]:
    yield from _in_force(pack, example, key)
    yield from _hours(pack.posted, example.hours, f"{key}.hours")
    for place, rule in enumerate(example.deductions):
        if pack.deduction(rule) is None:
            yield f"{key}.deductions[{place}]", f"{rule} is no rule of deductions in this pack"
    made = len(example.deductions) - bool(example.refused)
    yield from _as_many(made, example.taken, f"{key}.taken")
    yield from _as_many(made, example.short, f"{key}.short")


def _in_force(pack: Pack, example: RecordsExample | DeductionsExample, key: str) -> Iterator[Fault]:
    if pack.requirements and pack.requirement(example.year) is None:
        yield f"{key}.year", f"{example.year} has no requirement"


def _as_many(wanted: int, figures: Sequence[object], key: str) -> Iterator[Fault]:
    if len(figures) != wanted:
        yield key, f"expected {wanted} figures, got {len(figures)}"


def _of_obligation(pack: Pack, example: ObligationExample, key: str) -> Iterator[Fault]:
    if pack.obligation(example.obligation) is None:
        yield f"{key}.obligation", f"{example.obligation} is no obligation of this pack"
    yield from _rules(pack, example.records, key)
    for name in {*(example.offered or ()), *example.lacking} - pack.topics.keys():
        yield f"{key}.lacking", f"{name} is no topic of this pack"


def _rules(pack: Pack, records: Sequence[ExampleRecord], key: str) -> Iterator[Fault]:
    for place, record in enumerate(records):
        if pack.lookup(record.rule) is None:
            yield f"{key}.records[{place}].rule", f"{record.rule} is no rule of this pack"
