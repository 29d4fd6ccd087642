"""The certificates service as an application: the only place where its parts are built and joined."""

from pathlib import Path

from fastapi import FastAPI

from certificates.entitlements import api as entitlements_api
from certificates.entitlements import consumer as verdicts
from certificates.entitlements import store as entitlements
from certificates.issuing import api as issuing_api
from certificates.issuing import consumer as roster
from certificates.issuing.jobs import Issuing
from certificates.issuing.rendering.document import Renderer
from certificates.registry import api as registry_api
from certificates.registry import store as registry
from certificates.settings import LAYOUT, CertificatesSettings, Context
from certificates.verifying import api as verifying_api
from shared.adoptions.operations import Adoptions
from shared.places import tables as places
from shared.places.store import Places
from shared.runtime.credentials import asking
from shared.runtime.database import Database
from shared.runtime.jobs import Job
from shared.runtime.journal import Journal
from shared.runtime.service import Service, create
from shared.runtime.settings import Settings

PLACES = Places(organisations=places.place, teachers=places.whereabouts)
"""Who lies where, as heard."""


def create_app(settings: Settings) -> FastAPI:
    """Build the application."""
    own = CertificatesSettings.read(settings)
    database = Database(settings.database_url)
    context = Context(
        journal=Journal(LAYOUT, settings.archive_url),
        adoptions=Adoptions(own.editions),
        public_url=own.public_url,
        wake_issuing=lambda: job.wake(),  # noqa: PLW0108 - the job is made below, with this context
    )
    hours = asking(own.hours_url, settings.credentials)
    job = Job("issuing", Issuing(context, database, hours, Renderer()).step)
    service = Service(
        name="certificates",
        title="Hourbank certificates 电子证书",
        summary="Numbered certificates of annual verification: versions, states, public verification.",
        folder=Path(__file__).parent,
        journal=context.journal,
        adoptions=context.adoptions,
        places=PLACES,
        projections=[registry.PROJECTION, entitlements.PROJECTION],
        routers=[
            issuing_api.router,  # before the registry: its fixed addresses lie beside /{number}
            entitlements_api.router,
            registry_api.router,
            verifying_api.router(own.lookups),
        ],
        consumers=[
            verdicts.hearing(context, own.verification_url, job.wake),
            roster.hearing(own.hours_url, job.wake),
        ],
        jobs=[job],
        context=context,
        closing=[hours.aclose],
    )
    return create(service, settings, database)
