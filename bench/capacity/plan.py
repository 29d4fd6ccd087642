"""What a place needs: machines for its busiest hour, how long requests wait there, its year on disk. Pure."""

from dataclasses import dataclass
from math import ceil

from bench.capacity.arrivals import arrivals, busiest
from bench.capacity.assumptions import Assumptions, Place
from bench.capacity.measured import Measured
from bench.capacity.queue import Waiting, left_over, recovery, waiting

MINUTES_AWAY = (10, 60)
"""How long the broker is lost, in the busiest hour."""
SERVICES = 4
HOURS_A_YEAR = 8760
GB = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A place and what it comes to."""

    place: Place
    acts: float
    """In a year."""
    peak: float
    """Acts a second in the busiest hour."""
    machines: int
    """With a database each, without standbys; the nation's are of several jurisdictions."""
    servers: int
    """Of databases, with standbys."""
    utilisation: float
    """Of each, in the busiest hour."""
    left_over: float
    """The most acts that an hour leaves to the next."""
    waiting: Waiting
    """Of a request in the busiest hour."""
    recoveries: tuple[float, ...]
    """Seconds until hours has caught up, for each of `MINUTES_AWAY`."""
    gigabytes: float
    """A year's growth of the databases, without standbys."""
    archived: float
    """GB of the same year's journal of points in its archive."""
    judging: float
    """Seconds of the year's end: everyone is judged, hours hears it, certificates are issued."""
    hearing: float
    issuing: float
    copies: int
    """Processes of the services."""
    core_hours: float
    """A year of all machines, standbys included."""
    stored: float
    """GB once all years are there that stay, standbys included."""


def plan(place: Place, measured: Measured, assumed: Assumptions) -> Plan:
    """Simulate a year of a place."""
    hours = arrivals(place.teachers, assumed)
    acts, peak = sum(hours), busiest(hours)
    gigabytes = acts * sum(measured.bytes_per_act.values()) / GB
    gigabytes += place.teachers * measured.bytes_per_teacher / GB
    machines = assumed.machines or max(
        ceil(peak / (measured.acts * assumed.target)), ceil(gigabytes * assumed.years / assumed.disk)
    )
    arriving, events = peak / machines, peak / machines * measured.awards_per_act
    servers = machines * (1 + assumed.standbys)
    return Plan(
        place=place,
        acts=acts,
        peak=peak,
        machines=machines,
        servers=servers,
        utilisation=arriving / measured.acts,
        left_over=left_over(hours, measured.acts * machines),
        waiting=waiting(arriving / assumed.request, measured.acts / assumed.request, assumed.seed),
        recoveries=tuple(recovery(events, measured.events, 60 * minutes) for minutes in MINUTES_AWAY),
        gigabytes=gigabytes,
        archived=acts * measured.entries_per_act * measured.archived / GB,
        judging=place.teachers / (measured.teachers * machines),
        hearing=place.teachers / (measured.verdicts * machines),
        issuing=place.teachers / (measured.certificates * machines),
        copies=machines * assumed.copies * SERVICES,
        core_hours=servers * measured.cores * HOURS_A_YEAR,
        stored=gigabytes * assumed.years * (1 + assumed.standbys),
    )
