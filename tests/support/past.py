"""Past years of recording: a service that records as if it were then, and the archiving of such a year."""

from datetime import datetime
from pathlib import Path

from shared.runtime import clock
from shared.runtime.database import Database
from shared.runtime.journal import Journal
from shared.runtime.journal.archive.archiving import archive_year, remove_year
from shared.runtime.journal.archive.sealing import seal_year
from shared.runtime.place import Place
from tests.support.world import World


def record_at(world: World, service: str, moment: datetime | None) -> None:
    """Let a service that is served here record as if it were `moment`; None for the present."""
    journal: Journal = world.apps[service].state.service.journal
    journal.now = clock.now if moment is None else lambda: moment


async def archive(world: World, service: str, year: int, folder: Path) -> None:
    """Seal and archive a year of a service that is served here."""
    journal: Journal = world.apps[service].state.service.journal
    owner = Database((await world.environment(service))[f"{service.upper()}_OWNER_URL"])
    place = Place.at(str(folder))
    await seal_year(owner, journal, year, clock.now())
    await remove_year(owner, journal, place, await archive_year(owner, journal, place, year, clock.now()))
    await owner.dispose()
