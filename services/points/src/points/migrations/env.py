"""Migrations of the points service."""

from points.accounts import tables as accounts
from points.activities import tables as activities
from points.exchanges import tables as exchanges
from points.years import tables as years
from shared.adoptions import tables as adoptions
from shared.places import tables as places
from shared.reads import tables as reads
from shared.runtime.migrate import run_env

run_env(
    accounts.metadata,
    activities.metadata,
    exchanges.metadata,
    years.metadata,
    places.place.metadata,
    places.whereabouts.metadata,
    reads.metadata,
    adoptions.metadata,
)
