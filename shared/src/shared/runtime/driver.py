"""Connections of the driver (asyncpg): none is forgotten, whatever cancels those who wait for it."""

import asyncio

import asyncpg
from sqlalchemy import make_url


def driver_url(url: str) -> str:
    """The SQLAlchemy URL as the driver itself reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def connect(url: str, **settings: str) -> "asyncpg.Connection[asyncpg.Record]":
    """Connect; a connection that arrives after its caller was cancelled is closed."""
    connecting = asyncio.ensure_future(asyncpg.connect(driver_url(url), server_settings=settings))
    try:
        return await asyncio.shield(connecting)
    except asyncio.CancelledError:
        connecting.add_done_callback(_drop)
        raise


def _drop(connecting: "asyncio.Future[asyncpg.Connection[asyncpg.Record]]") -> None:
    if not connecting.cancelled() and connecting.exception() is None:
        connecting.result().terminate()
