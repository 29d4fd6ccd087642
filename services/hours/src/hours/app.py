"""The hours service, built and joined: the only place that knows all of its rooms."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import SelectBase, select

from hours.annual_plans import store as annual_plans_store
from hours.annual_plans import tables as annual_plans_tables
from hours.annual_plans.api import acts as annual_plans_api
from hours.annual_plans.api import reading as annual_plans_reading
from hours.appeals import rendering as appeals_rendering
from hours.appeals import store as appeals_store
from hours.appeals import tables as appeals_tables
from hours.appeals.api import appeals as appeals_api
from hours.carryovers import consumer as carryovers_consumer
from hours.carryovers import rendering as carryovers_rendering
from hours.carryovers import store as carryovers_store
from hours.carryovers import tables as carryovers_tables
from hours.classes import tables as classes_tables
from hours.classes.api import classes as classes_api
from hours.classes.api import fulfilments as fulfilments_api
from hours.classes.api import recognition as recognition_api
from hours.classes.api import results as results_api
from hours.classes.api import seats as seats_api
from hours.classes.api import swaps as swaps_api
from hours.classes.store import awaited as classes_awaited
from hours.classes.store import classes as classes_store
from hours.classes.store import projection as classes_projection
from hours.classes.store import swaps as swaps_store
from hours.courses import api as courses_api
from hours.courses import store as courses_store
from hours.courses import tables as courses_tables
from hours.declarations import api as declarations_api
from hours.declarations import rendering as declarations_rendering
from hours.declarations import store as declarations_store
from hours.declarations import tables as declarations_tables
from hours.deductions import api as deductions_api
from hours.deductions import rendering as deductions_rendering
from hours.deductions import store as deductions_store
from hours.deductions import tables as deductions_tables
from hours.evidence import api as evidence_api
from hours.evidence import jobs as evidence_jobs
from hours.evidence import store as evidence_store
from hours.evidence import tables as evidence_tables
from hours.exchanges import api as exchanges_api
from hours.exchanges import consumer as exchanges_consumer
from hours.exchanges import rendering as exchanges_rendering
from hours.exchanges import store as exchanges_store
from hours.exchanges import tables as exchanges_tables
from hours.ledger import api as ledger_api
from hours.ledger import rendering as ledger_rendering
from hours.ledger import tables as ledger_tables
from hours.ledger.store import projection as ledger_projection
from hours.obligations import api as obligations_api
from hours.organisations import api as organisations_api
from hours.organisations import store as organisations_store
from hours.organisations import tables as organisations_tables
from hours.outlook import api as outlook_api
from hours.plans import store as plans_store
from hours.plans import tables as plans_tables
from hours.plans.api import acts as plans_api
from hours.plans.api import reading as plans_reading
from hours.plans.api import results as plans_results
from hours.recognitions import api as recognitions_api
from hours.records import rendering as records_rendering
from hours.records import tables as records_tables
from hours.records.api import anomalies as anomalies_api
from hours.records.api import ledger as records_ledger
from hours.records.api import records as records_api
from hours.records.store import projection as records_projection
from hours.reviews import store as reviews_store
from hours.reviews import tables as reviews_tables
from hours.reviews.api import objections as objections_api
from hours.reviews.api import reviews as reviews_api
from hours.roster import store as roster_store
from hours.roster import tables as roster_tables
from hours.roster.api import imports as imports_api
from hours.roster.api import teachers as teachers_api
from hours.settings import LAYOUT, Context, HoursSettings
from hours.statements import api as statements_api
from hours.transcripts import api as transcripts_api
from hours.transcripts import store as transcripts_store
from hours.transcripts import tables as transcripts_tables
from hours.transfers import api as transfers_api
from hours.transfers import store as transfers_store
from hours.transfers import tables as transfers_tables
from hours.waivers import api as waivers_api
from hours.waivers import store as waivers_store
from hours.waivers import tables as waivers_tables
from hours.what_if.api import draft as what_if_draft
from hours.what_if.api import teacher as what_if_teacher
from hours.years import api as years_api
from hours.years import operations as years_operations
from hours.years import store as years_store
from hours.years import tables as years_tables
from shared.adoptions.operations import Adoptions
from shared.contracts.envelope import Event
from shared.places.store import Places
from shared.runtime import clock
from shared.runtime.database import Database, Transaction
from shared.runtime.jobs import Job
from shared.runtime.journal import Journal, Projection
from shared.runtime.journal.consumer import Consumer
from shared.runtime.service import Service, create
from shared.runtime.settings import Settings

PROJECTIONS = (
    Projection(
        tables=[
            ledger_tables.line,
            ledger_tables.deducted,
            ledger_tables.total,
            ledger_tables.closed_year,
            ledger_tables.reopened_year,
        ],
        project=ledger_projection.project,
    ),
    Projection(
        tables=[
            organisations_tables.organisation,
            organisations_tables.held_division,
            organisations_tables.given_school_code,
            organisations_tables.abolished_organisation,
        ],
        project=organisations_store.project,
    ),
    Projection(
        tables=[roster_tables.teacher, roster_tables.roster_import, roster_tables.imported_row],
        project=roster_store.project,
    ),
    Projection(tables=[transfers_tables.transfer], project=transfers_store.project),
    Projection(
        tables=[evidence_tables.evidence, evidence_tables.evidence_use], project=evidence_store.project
    ),
    Projection(tables=[courses_tables.course], project=courses_store.project),
    Projection(tables=[carryovers_tables.carry_over], project=carryovers_store.project),
    Projection(
        tables=[records_tables.record, records_tables.completion, records_tables.record_topic],
        project=records_projection.project,
    ),
    Projection(tables=[declarations_tables.declaration], project=declarations_store.project),
    Projection(tables=[plans_tables.plan, plans_tables.plan_result], project=plans_store.project),
    Projection(
        tables=[annual_plans_tables.annual_plan, annual_plans_tables.annual_plan_entry],
        project=annual_plans_store.project,
    ),
    Projection(
        tables=[
            classes_tables.training_class,
            classes_tables.seat,
            classes_tables.absence,
            classes_tables.result,
            classes_tables.swap,
        ],
        project=classes_projection.project,
    ),
    Projection(tables=[appeals_tables.appeal], project=appeals_store.project),
    Projection(tables=[exchanges_tables.exchange, exchanges_tables.recall], project=exchanges_store.project),
    Projection(tables=[waivers_tables.waiver], project=waivers_store.project),
    Projection(tables=[deductions_tables.deduction], project=deductions_store.project),
    Projection(tables=[reviews_tables.review, reviews_tables.review_item], project=reviews_store.project),
    Projection(tables=[transcripts_tables.transcript], project=transcripts_store.project),
    Projection(tables=[years_tables.closing], project=years_store.project),
)

PLACES = Places(organisations=organisations_tables.organisation, teachers=roster_tables.teacher)
"""Who lies where, by our own tree and roster."""

HELD = (
    *(
        select(table.c.teacher)
        for projection in PROJECTIONS
        for table in projection.tables
        if "teacher" in table.c and table.metadata is not roster_tables.metadata
    ),
    classes_store.TRAINERS,
)
"""Of whom anything is held beyond the roster; they stay on it."""

AWAITED: dict[str, SelectBase] = {
    "transfer": transfers_store.AWAITED,
    "plan": plans_store.AWAITED,
    "class": classes_awaited.AWAITED,
    "swap": swaps_store.AWAITED,
    "declaration": declarations_store.AWAITED,
    "course": courses_store.AWAITED,
}
"""What awaits whom by name. Annual plans, appeals and waivers are decided by whoever stands above by then."""

ATTACHED = (appeals_store.ATTACHED, declarations_store.ATTACHED)
AT_ISSUE = (
    appeals_store.AT_ISSUE,
    select(records_tables.record.c.matter).where(
        records_tables.record.c.record.in_(appeals_store.RECORDS_AT_ISSUE)
    ),
)
"""What is kept of evidence although no matter uses it."""

EXPLAINED = {
    **ledger_rendering.EXPLAINED,
    **carryovers_rendering.EXPLAINED,
    **records_rendering.EXPLAINED,
    **declarations_rendering.EXPLAINED,
    **appeals_rendering.EXPLAINED,
    **exchanges_rendering.EXPLAINED,
    **deductions_rendering.EXPLAINED,
}


ROUTERS = (
    outlook_api.router,
    what_if_teacher.router,
    what_if_draft.router,
    obligations_api.router,
    statements_api.router,
    ledger_api.router,
    organisations_api.router,
    teachers_api.router,
    imports_api.router,
    transfers_api.router,
    transcripts_api.router,
    recognitions_api.router,
    evidence_api.router,
    courses_api.router,
    records_api.router,
    records_ledger.router,
    declarations_api.router,
    plans_api.router,
    plans_results.router,
    plans_reading.router,
    anomalies_api.router,
    fulfilments_api.router,
    annual_plans_api.router,
    annual_plans_reading.router,
    seats_api.router,  # before the classes: an id may hold a slash
    results_api.router,
    recognition_api.router,
    classes_api.router,
    swaps_api.router,
    appeals_api.router,
    exchanges_api.router,
    waivers_api.router,
    deductions_api.router,
    *(reviews_api.router, objections_api.router),
    years_api.router,
)
"""In the order in which a path is looked for."""


def create_app(settings: Settings) -> FastAPI:
    """Build the service.

    Raises:
        SettingsError: a setting is missing.
        PackError: the rule pack does not load.
    """
    own = HoursSettings.read(settings)
    database = Database(settings.database_url)
    context = Context(
        journal=Journal(LAYOUT, settings.archive_url),
        adoptions=Adoptions(own.editions),
        explain=EXPLAINED,
        documents=own.documents,
        appeals=own.appeals,
        vault=own.vault,
        held=HELD,
        schools=(select(roster_tables.teacher.c.school),),
        awaited=AWAITED,
        unused_days=own.unused_days,
        attached=ATTACHED,
        at_issue=AT_ISSUE,
        transcripts=own.transcripts,
    )

    async def close_next() -> bool:
        return await years_operations.close_next(database, context, clock.now())

    closing = Job("closing", close_next)

    service = Service(
        name="hours",
        title="Hourbank: hours (学时)",
        summary="The roster of teachers, the ledger of hours, caps and carry-over.",
        folder=Path(__file__).parent,
        journal=context.journal,
        adoptions=context.adoptions,
        places=PLACES,
        projections=PROJECTIONS,
        routers=ROUTERS,
        consumers=_consumers(own, context),
        jobs=[closing, evidence_jobs.erasing(database, context)],
        context=context,
    )
    app = create(service, settings, database)
    app.state.closing = closing
    return app


def _consumers(own: HoursSettings, context: Context) -> list[Consumer]:
    async def hear_points(tx: Transaction, events: Sequence[Event]) -> None:
        await exchanges_consumer.hear(tx, context, events)

    async def hear_verification(tx: Transaction, events: Sequence[Event]) -> None:
        await carryovers_consumer.hear(tx, context, events)

    return [
        Consumer(source="points", url=own.points_url, handle=hear_points),
        Consumer(source="verification", url=own.verification_url, handle=hear_verification),
    ]
