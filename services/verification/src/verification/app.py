"""The verification service as an application: the only place where its parts are built and joined."""

from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI

from shared.adoptions.operations import Adoptions
from shared.places import hearing
from shared.places import tables as places
from shared.places.store import Places
from shared.runtime.credentials import asking
from shared.runtime.database import Database
from shared.runtime.jobs import Job
from shared.runtime.journal import Journal
from shared.runtime.journal.consumer import Consumer, in_turn
from shared.runtime.service import Service, create
from shared.runtime.settings import Settings
from verification.cycles import api as cycles_api
from verification.cycles import store as cycles
from verification.figures import store as figures
from verification.figures import tables as figures_tables
from verification.handovers import api as handovers_api
from verification.handovers import jobs as handovers
from verification.handovers.jobs import Pushing
from verification.judgements import api as judgements_api
from verification.judgements import store as judgements
from verification.proofs import api as proofs_api
from verification.runs import api as runs_api
from verification.runs import jobs
from verification.runs import store as runs
from verification.settings import LAYOUT, Context, VerificationSettings
from verification.verdicts import api as verdicts_api
from verification.verdicts import store as verdicts
from verification.verdicts.consumer import handler
from verification.what_if import api as what_if_api

PLACES = Places(organisations=places.place, teachers=figures_tables.roster)
"""Who lies where: the tree as heard, and our own roster."""


def create_app(settings: Settings) -> FastAPI:
    """Build the application."""
    own = VerificationSettings.read(settings)
    database = Database(settings.database_url)
    journal = Journal(LAYOUT, settings.archive_url)
    bare = Context(
        journal=journal,
        adoptions=Adoptions(own.editions),
        authority=own.authority,
        pushes=own.province is not None,
        explained={**judgements_api.EXPLAINED, **cycles_api.EXPLAINED},
    )
    hours = asking(own.hours_url, settings.credentials)
    carrying_out = Job("runs", jobs.stepper(bare, database, hours))
    context = replace(bare, wake_runs=carrying_out.wake)
    pushing = [] if own.province is None else [Pushing(database, context, own.province)]
    service = Service(
        name="verification",
        title="Hourbank verification 年度验证",
        summary="Requirements met or missing, verdicts of the authority, discrepancies.",
        folder=Path(__file__).parent,
        journal=journal,
        adoptions=context.adoptions,
        places=PLACES,
        projections=[
            runs.PROJECTION,
            figures.PROJECTION,
            judgements.PROJECTION,
            cycles.PROJECTION,
            verdicts.PROJECTION,
        ],
        routers=[
            runs_api.router,
            judgements_api.router,
            proofs_api.router,
            cycles_api.router,
            handovers_api.router,
            verdicts_api.router,
            what_if_api.router,
        ],
        consumers=[
            Consumer(
                source="hours",
                url=own.hours_url,
                handle=in_turn(hearing.hear_organisations, handler(context)),
            )
        ],
        jobs=[
            carrying_out,
            handovers.alarming(database, context),
            *(handovers.pushing(work, context) for work in pushing),
        ],
        context=context,
        closing=[hours.aclose, *(work.aclose for work in pushing)],
    )
    return create(service, settings, database)
