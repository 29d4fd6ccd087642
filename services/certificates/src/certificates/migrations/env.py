"""The tables that migrations of this service are compared with."""

from certificates.entitlements import tables as entitlements
from certificates.issuing import tables as issuing
from certificates.registry import tables as registry
from shared.adoptions import tables as adoptions
from shared.places import tables as places
from shared.reads import tables as reads
from shared.runtime.migrate import run_env

run_env(
    registry.metadata,
    entitlements.metadata,
    issuing.metadata,
    places.place.metadata,
    places.whereabouts.metadata,
    reads.metadata,
    adoptions.metadata,
)
