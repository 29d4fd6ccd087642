"""The points service as an application: the only place where its rooms are built and joined."""

from pathlib import Path

from fastapi import FastAPI

from points.accounts import api as accounts_api
from points.accounts import rendering as accounts_rendering
from points.accounts import tables as accounts_tables
from points.accounts.jobs import sweeping
from points.accounts.store import projection as accounts_projection
from points.activities import api as activities_api
from points.activities import tables as activities_tables
from points.activities.domain.rulebook import Rulebook
from points.activities.jobs import Desk, Lane
from points.activities.store import acts as activities_store
from points.exchanges import api as exchanges_api
from points.exchanges import rendering as exchanges_rendering
from points.exchanges import store as exchanges_store
from points.exchanges import tables as exchanges_tables
from points.exchanges.consumer import hears_hours
from points.settings import LAYOUT, Context, PointsSettings
from points.what_if import api as what_if_api
from points.years import api as years_api
from points.years import store as years_store
from points.years import tables as years_tables
from points.years.jobs import closing
from shared.adoptions.operations import Adoptions
from shared.places import hearing
from shared.places import tables as places
from shared.places.store import Places
from shared.runtime.database import Database
from shared.runtime.journal import Journal, Projection
from shared.runtime.journal.consumer import Consumer, in_turn
from shared.runtime.service import Service, create
from shared.runtime.settings import Settings

PROJECTIONS = (
    Projection(tables=[activities_tables.act, activities_tables.belonging], project=activities_store.project),
    Projection(
        tables=[
            accounts_tables.award,
            accounts_tables.lot,
            accounts_tables.burn,
            accounts_tables.closed,
            accounts_tables.swept,
        ],
        project=accounts_projection.project,
    ),
    Projection(tables=[exchanges_tables.exchange, exchanges_tables.recall], project=exchanges_store.project),
    Projection(tables=[years_tables.closing], project=years_store.project),
)
"""Object states are not among them: they are the truth of no one and folded again where missing."""

PLACES = Places(organisations=places.place, teachers=places.whereabouts)
"""Who lies where, as heard."""


def create_app(settings: Settings) -> FastAPI:
    """Build the service.

    Raises:
        SettingsError: a setting is missing.
        PackError: the rule pack does not load.
    """
    own = PointsSettings.read(settings)
    database = Database(settings.database_url)
    context = Context(
        journal=Journal(LAYOUT, settings.archive_url),
        book=Rulebook(own.editions.pack),
        adoptions=Adoptions(own.editions),
        explain={**accounts_rendering.EXPLAINED, **exchanges_rendering.EXPLAINED},
    )
    desk, job = Desk(Lane(database, context), settings.broker), closing(database, context)
    service = Service(
        name="points",
        title="Hourbank points 积分",
        summary="What teachers do, what it earns, exchange and expiry",
        folder=Path(__file__).parent,
        journal=context.journal,
        adoptions=context.adoptions,
        places=PLACES,
        projections=PROJECTIONS,
        streams=["POST /v1/activities"],
        routers=[
            activities_api.intake,
            activities_api.router,
            exchanges_api.router,
            accounts_api.router,
            years_api.router,
            what_if_api.router,
        ],
        consumers=[
            Consumer(source="hours", url=own.hours_url, handle=in_turn(hearing.hear, hears_hours(context)))
        ],
        jobs=[job, sweeping(database, context)],
        context=context,
        answering={"lane": desk.work},
        closing=[desk.close],
    )
    app = create(service, settings, database)
    app.state.desk, app.state.closing = desk, job
    return app
