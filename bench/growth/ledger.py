"""A ledger of a size: databases of points and hours, filled once and then written to, round after round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import msgspec

from bench.checks import audit
from bench.growth.filling import fill
from bench.growth.stencil import mark, marked
from bench.measures.intake import take_in
from bench.servers import SERVICES, Servers
from bench.site import Site
from bench.workload import Recorded, Workload, community
from deploy.local.sampling.dice import Dice

KNOWN = 4
"""Copies whose objects later acts name, spread over the whole ledger: so many at every size."""
ELSEWHERE = 50
"""Percent of the replies and ratings that name an object of those."""
_NAMES = {"topic.replied": ("topic", "topic.started"), "resource.rated": ("resource", "resource.shared")}
"""The noun that an act names, and the act that founds one."""
_ENTRIES = "select count(*) from journal"
_KINDS: Mapping[str, tuple[str, Sequence[str]]] = {
    "journal": ("points", ("journal",)),
    "keys": ("points", ("act",)),
    "states": ("points", ("object_state", "belonging")),
    "awards": ("points", ("award", "lot")),
    "hours": ("hours", ("lot",)),
}
_BYTES = (
    "select sum(greatest(pg_total_relation_size(name::regclass),"
    " (select sum(pg_total_relation_size(relid)) from pg_partition_tree(name::regclass))))::bigint"
    " from unnest($1::text[]) as name"
)


@dataclass(frozen=True, slots=True)
class Original:
    """What every ledger is made of: one run, and the database that it left."""

    database: str
    workload: Workload
    entries: int

    @property
    def founded(self) -> dict[str, int]:
        """How many topics and resources there are in a copy."""
        kinds = [msgspec.json.decode(line)["type"] for line in set(self.workload.lines)]
        return {noun: kinds.count(founding) for noun, founding in _NAMES.values()}


@dataclass(slots=True)
class Ledger:
    """Filled databases, and what was recorded in them."""

    databases: dict[str, str]
    copies: int
    entries: int
    acts: int
    """Recorded when it was filled, as the entries are."""
    seconds: float
    """What filling took."""
    recorded: Recorded
    """What stands in it by now."""
    bytes: dict[str, int] = field(default_factory=dict)
    """On disk, with all keys, by what it is for."""

    @property
    def known(self) -> list[str]:
        """Names of the copies that later acts name."""
        return [mark(place * (self.copies - 1) // (KNOWN - 1)) for place in range(KNOWN)]


async def make_original(servers: Servers, size: int, year: int) -> Original:
    """Make one run over HTTP and keep what it leaves in points.

    Raises: WrongRunError.
    """
    workload = marked(community(size, source=mark(0), year=year))
    with Site(servers) as site:
        await take_in(site, workload, Recorded())
        database = site.keep()["points"]
    async with servers.connected(database) as link:
        return Original(database, workload, await link.fetchval(_ENTRIES))


async def make_ledger(servers: Servers, original: Original, copies: int) -> Ledger:
    """Fill databases with so many copies, and check counts and sums.

    Raises: WrongRunError.
    """
    databases = {service: servers.fresh(service) for service in SERVICES}
    began = perf_counter()
    await fill(servers, original.database, databases, copies)
    one = original.workload.recorded
    recorded = Recorded(acts=one.acts * copies, withdrawn=one.withdrawn * copies)
    took, entries = perf_counter() - began, original.entries * copies
    made = Ledger(databases, copies, entries, recorded.acts, took, recorded)
    await audit(servers, databases, recorded)
    for kind, (service, tables) in _KINDS.items():
        async with servers.connected(databases[service]) as link:
            made.bytes[kind] = await link.fetchval(_BYTES, list(tables))
    return made


def partly_known(workload: Workload, names: Sequence[str], founded: Mapping[str, int], seed: int) -> Workload:
    """The same acts, but half of the replies and ratings name objects of the copies with these names.

    What is taken back later stays where it was.
    """
    dice = Dice(seed)
    documents = {line: msgspec.json.decode(line) for line in workload.lines}
    withdrawn = {document["object"].get("activity") for document in documents.values()}
    said: dict[bytes, bytes] = {}
    for line, document in documents.items():
        noun = _NAMES.get(document["type"], ("", ""))[0]
        if not noun or document["id"] in withdrawn or not dice.chance(ELSEWHERE):
            said[line] = line
            continue
        thing = {**document["object"], noun: f"{noun}-{1 + dice.below(founded[noun])}"}
        moved = {"source": dice.pick(names), "id": f"{document['source']}-{document['id']}", "object": thing}
        said[line] = msgspec.json.encode({**document, **moved})
    return Workload([said[line] for line in workload.lines])
