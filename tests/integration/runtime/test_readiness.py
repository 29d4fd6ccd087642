"""When a copy says that it can work: on its own schema and on a newer one, not on an older one."""

from pathlib import Path

import pytest
from sqlalchemy import text

from shared.runtime.database import Database
from shared.runtime.service import Service, create
from tests.support.world import World

REVISIONS = ("first", "second")


def folder_with_migrations(path: Path) -> Path:
    versions = path / "migrations" / "versions"
    versions.mkdir(parents=True)
    for before, revision in zip((None, *REVISIONS), REVISIONS, strict=False):
        (versions / f"{revision}.py").write_text(f"revision = {revision!r}\ndown_revision = {before!r}\n")
    for data in ("problems.toml", "access.toml"):
        (path / data).write_text("")
    return path


async def set_revision(database_url: str, revision: str | None) -> None:
    owner = Database(database_url.replace("points@", "points_owner@"))
    async with owner.transaction() as tx:
        await tx.execute(text("create table alembic_version (version_num text)"))
        await tx.execute(text("grant select on alembic_version to points"))
        if revision is not None:
            await tx.execute(text("insert into alembic_version values (:it)"), {"it": revision})
    await owner.dispose()


@pytest.mark.parametrize(
    ("revision", "status", "said"),
    [
        (None, 503, "at None, the code needs second"),
        ("first", 503, "at first, the code needs second"),
        ("second", 200, "ok"),
        ("of_a_later_release", 200, "newer"),
    ],
)
async def test_a_copy_is_ready_on_its_own_schema_and_on_a_newer_one(
    world: World, tmp_path: Path, revision: str | None, status: int, said: str
) -> None:
    publisher = await world.publisher("points")
    await world.stop("points")
    database = publisher.app.state.database
    await set_revision(database.url, revision)
    service = Service(
        name="points",
        title="updated",
        summary="has migrations",
        folder=folder_with_migrations(tmp_path),
        journal=publisher.journal,
    )
    settings = world.settings("points", database.url)
    client = await world.start("points", create(service, settings, database))
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["schema"]) == (status, said)
    assert answer.json()["ready"] is (status == 200)
