"""What registering and recognising share: how a result becomes a record."""

from hours.classes.domain.results import Standing, record_of
from hours.classes.domain.training_class import TrainingClass
from hours.classes.operations.desk import subject
from hours.records.domain.registration import Details, Filing, Registrar, Registration
from hours.records.operations.registering import Filed
from shared.access import Caller
from shared.policy.sources import AnyHourSource


def filed(
    found: TrainingClass,
    source: AnyHourSource,
    standing: Standing,
    registrar: str,
    recogniser: Caller | None = None,
) -> Filed:
    """The next record of a result, registered by an office, and recognised by a caller if by anybody."""
    kind, _, identity = registrar.partition(":")
    filing = Filing(
        registrar=Registrar(kind=kind, id=identity),
        recogniser=recogniser.name if recogniser else "",
        matter=subject(found.number),
        handed_in=standing.handed_in,
        account=recogniser.subject if recogniser else "",
        accounts=found.accounts | standing.accounts,
    )
    return _registration(found, source, standing), filing


def _registration(found: TrainingClass, source: AnyHourSource, standing: Standing) -> Registration:
    outline = found.outline
    return Registration(
        record=record_of(found.number, standing.teacher, standing.records + 1),
        teacher=standing.teacher,
        year=found.year,
        rule=outline.rule,
        category=outline.category,
        hours=outline.hours,
        activity=outline.title,
        provider=outline.provider or found.organiser,
        first=outline.opens,
        last=outline.closes,
        evidence=subject(found.number),
        details=_details(found, source, standing),
    )


def _details(found: TrainingClass, source: AnyHourSource, standing: Standing) -> Details | None:
    """The grade of the result; where they count, the form of the class and the level of who holds it."""
    said = Details(
        grade=standing.grade or None,
        mode=found.outline.format if source.conversion and source.mode is None else None,
        level=found.level if source.reward else None,
    )
    return None if said == Details() else said
