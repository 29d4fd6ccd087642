"""The grant of client credentials (RFC 6749, 4.4): who proves to be a client gets a token with its roles.

Authlib knows the protocol; here stand our clients, our tokens, and the way from and to HTTP.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from authlib.oauth2 import OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, InvalidClientError, InvalidRequestError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6749.util import extract_basic_authorization
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from starlette.requests import Request
from starlette.responses import JSONResponse

from deploy.local.issuer.clients import Client
from deploy.local.issuer.mint import Mint
from shared.runtime import clock

FORM = "application/x-www-form-urlencoded"
SECONDS = 3600


class Granting(AuthorizationServer):
    """The endpoint for tokens."""

    def __init__(self, mint: Mint, clients: Mapping[str, Client]) -> None:
        super().__init__()
        self._mint = mint
        self._clients = clients
        self.register_grant(ClientCredentialsGrant)
        generator = BearerTokenGenerator(self._sign, expires_generator=lambda _client, _grant: SECONDS)
        self.register_token_generator("default", generator)

    async def answer(self, request: Request) -> JSONResponse:
        """Answer with a token or with a refusal, as RFC 6749 says in 5.1 and 5.2."""
        try:
            answer: object = self.create_token_response((request, await _form(request)))
        except OAuth2Error as error:
            answer = self.handle_response(*error())
        assert isinstance(answer, JSONResponse)
        return answer

    def create_oauth2_request(self, request: tuple[Request, dict[str, str]]) -> OAuth2Request:
        """Return a request as the library reads it, at the address that clients were told.

        Raises: InvalidClientError where the credentials are no text.
        """
        asked, form = request
        headers = {"Authorization": asked.headers.get("Authorization", "")}
        try:
            extract_basic_authorization(headers)
        except UnicodeError:
            raise InvalidClientError(status_code=401) from None
        read = OAuth2Request(asked.method, f"{self._mint.issuer}/token", headers=headers)
        read.payload = BasicOAuth2Payload(form)
        return read

    def query_client(self, client_id: str) -> ClientMixin:
        """Return a client by its name.

        Raises: InvalidClientError where there is none.
        """
        if client_id not in self._clients:
            raise InvalidClientError(status_code=401)
        return self._clients[client_id]

    def save_token(self, token: dict[str, str | int], request: OAuth2Request) -> None:
        """Keep nothing: a token proves itself."""

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Tell nobody."""

    def handle_response(  # type: ignore[override]  # the library hands over pairs, its stubs say a mapping
        self, status: int, body: Mapping[str, object], headers: Sequence[tuple[str, str]]
    ) -> JSONResponse:
        """Return an answer as HTTP."""
        return JSONResponse(body, status, dict(headers))

    def _sign(self, *, client: ClientMixin, scope: str, **_: object) -> str:
        name = client.get_client_id()
        return self._mint.token(scope.split(), client=name, seconds=SECONDS, now=clock.now())


async def _form(request: Request) -> dict[str, str]:
    """Return what a body asks for.

    Raises: InvalidRequestError where it is no form, or says something twice or nothing of its grant.
    """
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != FORM:
        raise InvalidRequestError(f"The body is not {FORM}.")
    try:
        fields = parse_qs((await request.body()).decode(), keep_blank_values=True)
    except UnicodeError:
        raise InvalidRequestError("The body is not UTF-8.") from None
    if any(len(values) > 1 for values in fields.values()):
        raise InvalidRequestError("A parameter is given twice.")
    if "grant_type" not in fields:
        raise InvalidRequestError("There is no grant_type.")
    return {name: value for name, (value,) in fields.items()}
