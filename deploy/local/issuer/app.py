"""The issuer as an application: what it is (RFC 8414), its public key (RFC 7517), and tokens (RFC 6749)."""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from deploy.local.issuer.clients import Client
from deploy.local.issuer.granting import Granting
from deploy.local.issuer.mint import Mint


def create_app(mint: Mint, clients: Mapping[str, Client]) -> FastAPI:
    """Build the application over a key and its clients."""
    app = FastAPI(title="Local issuer", summary="令牌签发: tokens for development and nothing else")
    granting = Granting(mint, clients)

    @app.get("/readyz", summary="It takes requests")
    async def readyz() -> dict[str, bool]:
        return {"ready": True}

    @app.get("/.well-known/oauth-authorization-server", summary="Where its key and its tokens are")
    async def metadata() -> dict[str, str | list[str]]:
        return {
            "issuer": mint.issuer,
            "token_endpoint": f"{mint.issuer}/token",
            "jwks_uri": f"{mint.issuer}/jwks.json",
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "response_types_supported": [],
        }

    @app.get("/jwks.json", summary="The key that proves its tokens")
    async def jwks() -> JSONResponse:
        return JSONResponse(mint.jwks())

    @app.post("/token", summary="Get a token under a client's name and secret (RFC 6749, 4.4)")
    async def token(request: Request) -> JSONResponse:
        return await granting.answer(request)

    return app
