"""Numbers are gapless and nobody's twice: under a thousand transactions at once, and across crashes."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from certificates.issuing import operations
from certificates.issuing.jobs import Issuing
from certificates.issuing.operations import Ready, Rendered
from certificates.issuing.rendering.document import SPECIMEN, Contents, Renderer, RenderingError
from certificates.registry import operations as registry
from certificates.registry.domain.certificate import Key
from certificates.registry.domain.number import LAST_SERIAL, Number, Series, SeriesExhaustedError, read
from certificates.registry.operations import Claim
from certificates.settings import LAYOUT, CertificatesSettings, Context
from shared.adoptions.operations import Adoptions
from shared.contracts.certificates import CertificateReserved
from shared.runtime.database import Database, Transaction
from shared.runtime.journal import Draft, Journal
from shared.runtime.settings import Settings
from tests.integration.certificates.conftest import DECIDED, Scene, figures
from tests.support.signing import OPERATOR, signed
from tests.support.world import World

SERIES = Series(division="440100", year=2024, kind=5)


class CrashError(Exception):
    """The process ends here."""


@pytest.fixture
async def database(world: World) -> AsyncIterator[Database]:
    environment = await world.environment("certificates")
    made = Database(environment["CERTIFICATES_DATABASE_URL"], pool_size=12)
    yield made
    await made.dispose()


def claim(teacher: str) -> Claim:
    return Claim(key=Key(teacher, 2024, "annual"), series=SERIES, effective_at=DECIDED, policy="guangzhou@1")


async def reserve(tx: Transaction, journal: Journal, *teachers: str) -> dict[Key, str | SeriesExhaustedError]:
    claims = [claim(teacher) for teacher in teachers]
    await journal.lock(tx, {each.key.subject for each in claims})
    return await registry.reserve(tx, journal, claims)


@pytest.mark.long
async def test_a_thousand_transactions_at_once_give_a_thousand_numbers(database: Database) -> None:
    journal = Journal(LAYOUT)
    connections = asyncio.Semaphore(24)

    async def one(teacher: str) -> str | SeriesExhaustedError:
        async with connections:
            given = await database.run(lambda tx: reserve(tx, journal, teacher))
        return given[claim(teacher).key]

    numbers = await asyncio.gather(*(one(f"T{n:04}") for n in range(1000)))
    read_back = [read(number) for number in numbers if isinstance(number, str)]
    serials = sorted(number.serial for number in read_back if isinstance(number, Number))
    assert serials == list(range(1, 1001))
    again = await asyncio.gather(*(one(f"T{n:04}") for n in range(0, 1000, 50)))
    assert again == numbers[::50]


async def test_a_batch_is_numbered_in_order_of_teacher(database: Database) -> None:
    journal = Journal(LAYOUT)
    given = await database.run(lambda tx: reserve(tx, journal, "T3", "T1", "T2"))
    assert [given[claim(teacher).key] for teacher in ("T1", "T2", "T3")] == [
        str(SERIES.number(serial)) for serial in (1, 2, 3)
    ]


async def test_a_rolled_back_reservation_leaves_no_gap(database: Database) -> None:
    journal = Journal(LAYOUT)

    async def crash(tx: Transaction) -> None:
        await reserve(tx, journal, "T1")
        raise CrashError

    with pytest.raises(CrashError):
        await database.run(crash)
    given = await database.run(lambda tx: reserve(tx, journal, "T2"))
    assert given[claim("T2").key] == str(SERIES.number(1))


async def test_the_end_of_a_series_is_refused_loudly(scene: Scene) -> None:
    database, context = scene.world.apps["certificates"].state.database, context_of(scene)
    async with database.transaction() as tx:
        await context.journal.lock(tx, [f"series:{SERIES.key}"])
        await registry.record(tx, context.journal, [_last_but_one()])
    await scene.pass_all([scene.enrol("T1"), scene.enrol("T2")], figures())
    assert await scene.settled() == {"pending": 0, "failed": 1, "held": 0}
    (certificate,) = await scene.certificates()
    assert certificate["number"] == str(SERIES.number(LAST_SERIAL))
    (failure,) = (await scene.client.get("/v1/certificates/failures")).json()["items"]
    assert failure["problem"]["code"] == "series.exhausted"
    assert {certificate["teacher"], failure["teacher"]} == {"T1", "T2"}, "whoever came first"


def _last_but_one() -> Draft:
    data = CertificateReserved(
        number=str(SERIES.number(LAST_SERIAL - 1)),
        teacher="T0",
        year=2024,
        kind="annual",
        series=SERIES.key,
        serial=LAST_SERIAL - 1,
    )
    subject = f"series:{SERIES.key}"
    return Draft(
        type="certificate.reserved.v1", subject=subject, effective_at=DECIDED, policy="guangzhou@1", data=data
    )


def context_of(scene: Scene) -> Context:
    context: Context = scene.world.apps["certificates"].state.service.context
    return context


class Crashing(Renderer):
    """A renderer in a process that ends when it has made this many documents."""

    def __init__(self, documents: int) -> None:
        super().__init__()
        self._left = documents

    def render(self, contents: Contents) -> bytes:
        if self._left == 0:
            raise CrashError
        self._left -= 1
        return super().render(contents)


async def stopped(scene: Scene) -> tuple[Context, Database]:
    """The service has heard of three passes and is stopped before it issues; its own parts by hand."""
    await scene.world.stop("certificates")
    environment = await scene.world.environment("certificates")
    settings = Settings.from_environment("certificates", environment)
    own = CertificatesSettings.read(settings)
    context = Context(
        journal=Journal(LAYOUT),
        adoptions=Adoptions(own.editions),
        public_url=own.public_url,
        wake_issuing=lambda: None,
    )
    return context, Database(settings.database_url)


async def test_a_crash_between_reservation_and_issue_goes_on_with_the_same_numbers(scene: Scene) -> None:
    # Nobody is on the roster: the passes are heard, the work fails and waits.
    teachers = ["T1", "T2", "T3"]
    await scene.pass_all(teachers, figures())
    assert (await scene.settled())["failed"] == 3
    context, database = await stopped(scene)
    for teacher in teachers:
        scene.enrol(teacher)
    async with database.transaction() as tx:
        await operations.retry(tx, teachers)
    async with httpx.AsyncClient(base_url=scene.world.url("hours"), headers=signed(OPERATOR)) as hours:
        crashing = Issuing(context, database, hours, Crashing(documents=1 + 1))  # one to learn their signs
        with pytest.raises(CrashError):
            await crashing.step()
        async with database.transaction() as tx:
            keys = [Key(teacher, 2024, "annual") for teacher in teachers]
            reserved = await registry.load_numbers(tx, keys)
            assert await registry.load_current(tx, keys) == {}
        assert sorted(reserved.values()) == [str(SERIES.number(serial)) for serial in (1, 2, 3)]
    await database.dispose()
    scene.enrol("T0")
    await scene.passed("T0", figures())
    scene.client = await scene.world.serve("certificates")
    await scene.settled()
    issued = {Key(c["teacher"], 2024, "annual"): c["number"] for c in await scene.certificates()}
    assert issued.pop(Key("T0", 2024, "annual")) == str(SERIES.number(4))
    assert issued == reserved
    assert await scene.world.rebuild("certificates") == []


class Refusing(Renderer):
    """A compiler that refuses a document although all its signs were shown before."""

    def render(self, contents: Contents) -> bytes:
        if contents.name == "李明" and contents.number != SPECIMEN:
            raise RenderingError("the library knows why")
        return super().render(contents)


async def test_what_is_refused_after_the_reservation_keeps_its_number_and_goes_on_with_it(
    scene: Scene,
) -> None:
    teachers = [scene.enrol("T1"), scene.enrol("T2", "李明"), scene.enrol("T3")]
    await scene.world.stop("hours")  # the passes are heard, and wait for names
    await scene.pass_all(teachers, figures())
    await scene.world.heard("certificates", "verification")
    context, database = await stopped(scene)
    await scene.world.start("hours", scene.hours.app)
    async with httpx.AsyncClient(base_url=scene.world.url("hours"), headers=signed(OPERATOR)) as hours:
        await Issuing(context, database, hours, Refusing()).step()
    await database.dispose()
    scene.client = await scene.world.serve("certificates")
    assert await scene.settled() == {"pending": 0, "failed": 1, "held": 0}
    (failure,) = (await scene.client.get("/v1/certificates/failures")).json()["items"]
    assert (failure["teacher"], failure["problem"]["code"]) == ("T2", "document.refused")
    scene.enrol("T4")
    await scene.passed("T4", figures())
    await scene.settled()
    await scene.client.post("/v1/certificates/failures/retry", headers={"Idempotency-Key": "again"})
    assert await scene.settled() == {"pending": 0, "failed": 0, "held": 0}
    issued = {each["teacher"]: each["number"] for each in await scene.certificates()}
    assert issued == {f"T{serial}": str(SERIES.number(serial)) for serial in (1, 2, 3, 4)}
    assert await scene.world.rebuild("certificates") == []


async def test_what_changed_while_rendering_is_not_issued(scene: Scene) -> None:
    passed = await scene.passed("T1", figures())
    await scene.settled()
    context, database = await stopped(scene)
    async with database.transaction() as tx:
        await operations.retry(tx, ["T1"])
        batch = await operations.take(tx, context, 10)
    people = {"T1": operations.Person(name="陈小琳", school="华阳小学")}
    ready, failures = operations.try_contents(context, Renderer(), batch, people)
    assert failures == []
    async with database.transaction() as tx:
        numbers, _ = await operations.reserve(tx, context, ready)
    rendered, _ = operations.render(context, Renderer(), ready, numbers)
    scene.client = await scene.world.serve("certificates")
    await scene.revoked("T1", passed)
    await scene.world.heard("certificates", "verification")
    assert await _issue(database, context, rendered) == 0
    assert await _issue_twice(database, context, ready, scene) == [1, 0]
    await database.dispose()


async def _issue(database: Database, context: Context, rendered: list[Rendered]) -> int:
    return await database.run(lambda tx: operations.issue(tx, context, rendered))


async def _issue_twice(database: Database, context: Context, ready: list[Ready], scene: Scene) -> list[int]:
    """A pass again; two copies of the job that took the same work issue it once."""
    await scene.passed("T1", figures("20"), revision=2)
    assert (await scene.settled())["failed"] == 1
    async with database.transaction() as tx:
        await operations.retry(tx, ["T1"])
        batch = await operations.take(tx, context, 10)
    again = [Ready(due=due, pack=ready[0].pack, person=ready[0].person) for due in batch]
    async with database.transaction() as tx:
        numbers, _ = await operations.reserve(tx, context, again)
    rendered, _ = operations.render(context, Renderer(), again, numbers)
    return [await _issue(database, context, rendered), await _issue(database, context, rendered)]


async def test_the_services_own_role_cannot_change_a_document(scene: Scene) -> None:
    scene.enrol("T1")
    await scene.passed("T1", figures())
    await scene.settled()
    database: Database = scene.world.apps["certificates"].state.database
    for statement in (
        "update document set name = 'x'",
        "delete from document",
        "truncate document",
        "update journal set data = '{}'",
    ):
        with pytest.raises(Exception, match="permission denied"):
            await _run(database, statement)


async def _run(database: Database, statement: str) -> None:
    async with database.transaction() as tx:
        await tx.execute(text(statement))
