"""E10: certificates for those who passed, and F9: their documents by the PDF library alone.

The work of issuing as its job does it: numbers, documents, versions, entries. Names and schools are at hand,
as if hours answered at once. F9 compiles the same inputs with a kept compiler, each once, in a process that
has not met them: the library remembers what it has laid out. The bytes must be the same.
"""

import asyncio
from hashlib import sha256
from pathlib import Path
from time import perf_counter

import httpx
import msgspec

from bench.apart import Figures, apart, peak_mb
from bench.beside import size
from bench.checks import WrongRunError
from bench.servers import Servers
from certificates.issuing.jobs import Issuing
from certificates.issuing.rendering.document import SPECIMEN, Renderer
from certificates.settings import LAYOUT, Context
from shared.adoptions.operations import Adoptions
from shared.policy import loader
from shared.runtime.database import Database
from shared.runtime.journal import Journal

SERVICE = LAYOUT.service
HOURS = "http://hours"
PUBLIC = "https://example.org"

_ENTITLE = (
    "insert into entitlement"
    " (teacher, year, kind, verdict, decided_at, policy, hours, standing, work, ordered)"
    " select 'B'||lpad(n::text, 8, '0'), $2::int, 'annual',"
    " 'verification/'||32 + n % 32||'/'||n, make_timestamptz($2::int + 1, 1, 31, 2, 0, 0, 'UTC'), $3::text,"
    " jsonb_build_object('public', '18.00', 'professional', (42 + n % 30)||'.00', 'elective', '16.00',"
    " 'carried_in', '0.00', 'total', (76 + n % 30)||'.00'), true, 'due', ''"
    " from generate_series(1, $1::bigint) n"
)
_LEFT = (
    "select (select count(*) from entitlement where work = 'none'),"
    " (select count(*) from certificate join version using (number, version) where state = 'valid'),"
    " (select count(*) from journal where type = 'certificate.issued.v1')"
)
_DIGESTS = "select digest from document"


class _Asked(msgspec.Struct):
    teachers: list[str]


class _Made(msgspec.Struct):
    """What a document was made from, and what it came to."""

    inputs: dict[str, str]
    digest: str


class _Noting(Renderer):
    """Renders as the service does; notes what certificates were made from, and the library's time."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[_Made] = []
        self.seconds = 0.0

    def compile(self, inputs: dict[str, str]) -> bytes:
        began = perf_counter()
        pdf = super().compile(inputs)
        self.seconds += perf_counter() - began
        if SPECIMEN not in inputs["certificate"]:
            self.made.append(_Made(inputs, sha256(pdf).hexdigest()))
        return pdf


async def prepare(servers: Servers, certificates: int, year: int) -> str:
    """Make a template in which so many teachers are due a certificate; return its name."""
    await asyncio.to_thread(servers.migrate, SERVICE)
    name = servers.fresh(SERVICE)
    async with servers.connected(name) as link:
        await link.execute(_ENTITLE, certificates, year, loader.builtin().reference)
        await link.execute("analyze")
    return name


async def measure(servers: Servers, template: str, certificates: int) -> dict[str, float]:
    """F9 and E10 in certificates a second, what E10 spent in the library, held and wrote.

    Raises: WrongRunError.
    """
    name, file = servers.fresh(SERVICE, template), servers.state / "documents"
    try:
        servers.settle()
        before = await size(servers, name)
        ran = await apart(issue, servers.addresses(SERVICE, name).service, str(file))
        written = (await size(servers, name) - before) / certificates
        async with servers.connected(name) as link:
            left = tuple(await link.fetchrow(_LEFT) or ())
            kept = {row["digest"] for row in await link.fetch(_DIGESTS)}
        alone = await apart(compile_alone, str(file))
        same = {made.digest for made in _read(file)} == kept
    finally:
        servers.drop(name)
        file.unlink(missing_ok=True)
    if left != (certificates,) * 3 or len(kept) != certificates or not same:
        raise WrongRunError(f"done, valid, said are {left}, {len(kept)} documents of {certificates}")
    return {
        "F9": certificates / alone["seconds"],
        "E10": certificates / ran["seconds"],
        "E10-library": 100 * ran["library"] / ran["seconds"],
        "E10-memory": ran["memory"],
        "E10-bytes": written,
    }


async def issue(address: str, file: str) -> Figures:
    """Issue whatever is due, as the job does, in a process of its own; note in a file what was rendered."""
    context = Context(
        journal=Journal(LAYOUT),
        adoptions=Adoptions(loader.editions()),
        public_url=PUBLIC,
        wake_issuing=lambda: None,
    )
    database, renderer = Database(address), _Noting()
    try:
        async with httpx.AsyncClient(base_url=HOURS, transport=httpx.MockTransport(_names)) as hours:
            job = Issuing(context, database, hours, renderer)
            began = perf_counter()
            while await job.step():
                pass
            took = perf_counter() - began
    finally:
        await database.dispose()
    memory = peak_mb()
    Path(file).write_bytes(b"".join(msgspec.json.encode(made) + b"\n" for made in renderer.made))  # noqa: ASYNC240 - nothing else runs here
    return {"seconds": took, "library": renderer.seconds, "memory": memory}


async def compile_alone(file: str) -> Figures:
    """Compile noted documents once each, in a process that has not seen them."""
    made, renderer = _read(Path(file)), Renderer()
    began = perf_counter()
    pdfs = [renderer.compile(one.inputs) for one in made]
    seconds = perf_counter() - began
    assert [sha256(pdf).hexdigest() for pdf in pdfs] == [one.digest for one in made], "the same documents"
    return {"seconds": seconds}


def _read(file: Path) -> list[_Made]:
    return [msgspec.json.decode(line, type=_Made) for line in file.read_bytes().splitlines()]


def _names(request: httpx.Request) -> httpx.Response:
    """What hours says of anyone."""
    asked = msgspec.json.decode(request.content, type=_Asked).teachers
    items = [{"teacher": t, "name": f"教师{t[-4:]}", "school": f"第{t[-2:]}中学"} for t in asked]
    return httpx.Response(200, json={"items": items})
