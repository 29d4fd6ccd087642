"""The naive service: `python -m bench.peers.naive serve`, on the services' own kind of server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from bench.peers.naive.intake import Activity, take_in
from bench.peers.naive.tables import Base
from shared.runtime.command import main
from shared.runtime.settings import Settings

NAME = "bench.peers.naive"


def create_app(settings: Settings) -> FastAPI:
    """Build the service; its tables are made when it starts."""
    engine = create_async_engine(settings.database_url)
    sessions = async_sessionmaker(engine)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield
        await engine.dispose()

    app = FastAPI(title="What a team would write", lifespan=lifespan)

    @app.post("/v1/activities")
    async def receive(body: list[Activity] | Activity) -> JSONResponse:
        activities = body if isinstance(body, list) else [body]
        async with sessions() as session:
            fresh = await take_in(session, activities)
            await session.commit()
        told = {"accepted": fresh, "replayed": len(activities) - fresh, "refused": 0}
        return JSONResponse(told, status_code=200 if isinstance(body, list) else 201)

    @app.get("/readyz")
    async def readyz() -> dict[str, bool]:
        return {"ready": True}

    return app


if __name__ == "__main__":
    main(NAME, create_app)
