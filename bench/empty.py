"""The service that does nothing: `python -m bench.empty serve` answers every act at once, for F5.

Served by the services' own command, therefore by the same server with the same settings.
"""

from typing import Annotated, Any

from fastapi import Body, FastAPI
from fastapi.responses import JSONResponse

from shared.runtime.command import main
from shared.runtime.settings import Settings

NAME = "bench.empty"
RECEIPT = {
    "source": "bench",
    "id": "act-00000000",
    "recorded": True,
    "event": "points/0/1",
    "recorded_at": "2026-01-01T00:00:00.000000Z",
}


def create_app(_settings: Settings) -> FastAPI:
    """Build the service."""
    app = FastAPI(title="Nothing")

    @app.post("/v1/activities")
    async def take_in(_act: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        return JSONResponse(RECEIPT, status_code=201)

    @app.get("/readyz")
    async def readyz() -> dict[str, bool]:
        return {"ready": True}

    return app


if __name__ == "__main__":
    main(NAME, create_app)
