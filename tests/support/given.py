"""Servers that are already there, by their addresses: in containers, or a person's own, for tests only.

Every role that is made there has the superuser's password, and what was made is dropped in the end.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

import asyncpg
from sqlalchemy import URL, make_url


@dataclass(frozen=True)
class GivenNats:
    """A server that is already there."""

    url: str


class GivenPostgres:
    """A server that is already there. What was made is dropped at the end of the `with` block."""

    def __init__(self, superuser_url: str) -> None:
        self._given = make_url(superuser_url).set(drivername="postgresql+asyncpg")
        self._made: list[str] = []

    def __enter__(self) -> Self:
        self.sql("select 1")
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._made:
            self.sql(f'drop database if exists "{name}" with (force)')

    def url(self, database: str, user: str | None = None) -> str:
        """The password is a parameter, so that this address differs between roles in their name only."""
        password = {"password": self._given.password} if self._given.password else {}
        address = URL.create(
            self._given.drivername,
            username=user or self._given.username,
            database=database,
            query={"host": self._given.host or "", "port": str(self._given.port or 5432), **password},
        )
        return address.render_as_string(hide_password=False)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """In a thread of its own: asked from within an event loop too."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._fetch(statement, database)).result()

    async def _fetch(self, statement: str, database: str) -> str:
        address = make_url(self.url(database)).set(drivername="postgresql")
        connection = await asyncpg.connect(address.render_as_string(hide_password=False))
        try:
            rows = await connection.fetch(statement)
        finally:
            await connection.close()
        return "\n".join("|".join(str(field) for field in row) for row in rows)

    def create_role(self, name: str) -> None:
        if not self.sql(f"select 1 from pg_roles where rolname = '{name}'"):  # noqa: S608 - names of services
            self.sql(f"create role \"{name}\" login password '{self._given.password or ''}'")

    def create_database(self, name: str, *, owner: str, template: str = "template0") -> None:
        """Text is compared by code point, as in every database of ours."""
        locale = "encoding 'UTF8' locale 'C' locale_provider builtin builtin_locale 'C.UTF-8'"
        self.sql(f'create database "{name}" owner "{owner}" template "{template}" {locale}')
        self._made.append(name)
        self.sql(f'revoke all on database "{name}" from public')
