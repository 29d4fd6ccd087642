"""Alembic's entrance: the tables of the six rooms, and the places that are heard."""

from shared.adoptions import tables as adoptions
from shared.places import tables as places
from shared.reads import tables as reads
from shared.runtime.migrate import run_env
from verification.cycles import tables as cycles
from verification.figures import tables as figures
from verification.handovers import tables as handovers
from verification.judgements import tables as judgements
from verification.runs import tables as runs
from verification.verdicts import tables as verdicts

run_env(
    figures.metadata,
    judgements.metadata,
    cycles.metadata,
    handovers.metadata,
    verdicts.metadata,
    runs.metadata,
    places.place.metadata,
    reads.metadata,
    adoptions.metadata,
)
