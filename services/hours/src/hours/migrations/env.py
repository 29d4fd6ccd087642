"""Migrates the tables of every room of the hours service and the journal's own."""

from hours.annual_plans import tables as annual_plans
from hours.appeals import tables as appeals
from hours.carryovers import tables as carryovers
from hours.classes import tables as classes
from hours.courses import tables as courses
from hours.declarations import tables as declarations
from hours.deductions import tables as deductions
from hours.evidence import tables as evidence
from hours.exchanges import tables as exchanges
from hours.ledger import tables as ledger
from hours.organisations import tables as organisations
from hours.plans import tables as plans
from hours.records import tables as records
from hours.reviews import tables as reviews
from hours.roster import tables as roster
from hours.transcripts import tables as transcripts
from hours.transfers import tables as transfers
from hours.waivers import tables as waivers
from hours.years import tables as years
from shared.adoptions import tables as adoptions
from shared.reads import tables as reads
from shared.runtime.migrate import run_env

run_env(
    ledger.metadata,
    organisations.metadata,
    roster.metadata,
    transfers.metadata,
    carryovers.metadata,
    evidence.metadata,
    courses.metadata,
    records.metadata,
    plans.metadata,
    annual_plans.metadata,
    declarations.metadata,
    classes.metadata,
    appeals.metadata,
    exchanges.metadata,
    waivers.metadata,
    deductions.metadata,
    reviews.metadata,
    transcripts.metadata,
    years.metadata,
    reads.metadata,
    adoptions.metadata,
)
