"""Tokens: whoever shows one that the issuer did not sign for us, now, as we trust it, gets nowhere."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from shared.runtime import tokens
from shared.runtime.errors import DomainError
from shared.runtime.tokens import Issuer, Tokens

NOW = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
ISSUER = "https://sign-in.example.cn"
AUDIENCE = "hourbank"


def key(name: str) -> ECKey:
    return ECKey.generate_key("P-256", {"alg": "ES256", "use": "sig", "kid": name})


def claims(**other: Any) -> dict[str, Any]:
    said = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "u-81",
        "exp": int(NOW.timestamp()) + 600,
        "roles": ["teacher@person:T0372"],
    }
    return {name: value for name, value in (said | other).items() if value is not None}


class Keys:
    """The issuer's server of keys."""

    def __init__(self) -> None:
        self.shown: list[Any] = [key("first")]
        self.asked = 0
        self._server: asyncio.Server | None = None
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        body = json.dumps(KeySet(self.shown).as_dict(private=False)).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    @property
    def first(self) -> Any:
        return self.shown[0]

    def reader(self, *algorithms: str) -> Tokens:
        """Somebody who trusts these keys."""
        return Tokens(
            Issuer(
                name=ISSUER,
                audience=AUDIENCE,
                keys=f"http://127.0.0.1:{self.port}/jwks",
                algorithms=algorithms or ("ES256",),
            )
        )


@pytest.fixture
async def keys() -> AsyncIterator[Keys]:
    made = Keys()
    await made.open()
    yield made
    await made.close()


def signed(by: Any, header: dict[str, Any] | None = None, **other: Any) -> str:
    head = {"alg": "ES256", "kid": by.kid, "typ": "at+jwt"} | (header or {})
    head = {name: value for name, value in head.items() if value is not None}
    return "Bearer " + jwt.encode(head, claims(**other), by, algorithms=[head["alg"]])


async def refusal(reader: Tokens, authorization: str | None, now: datetime = NOW) -> str:
    try:
        await reader.read(authorization, now)
    except DomainError as error:
        return error.code
    return ""


async def test_a_genuine_token_says_who_sends_a_request(keys: Keys) -> None:
    said = await keys.reader().read(signed(keys.first), NOW)
    assert (said.subject, said.roles) == ("u-81", ("teacher@person:T0372",))
    assert (
        await keys.reader().read(signed(keys.first, roles=None).replace("Bearer", "bearer"), NOW)
    ).roles == ()


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"iss": "https://elsewhere.example.cn"}, "token.invalid"),
        ({"iss": None}, "token.invalid"),
        ({"aud": "payroll"}, "token.invalid"),
        ({"aud": None}, "token.invalid"),
        ({"aud": ["payroll", AUDIENCE]}, ""),
        ({"sub": None}, "token.invalid"),
        ({"sub": 7}, "token.invalid"),
        ({"exp": None}, "token.invalid"),
        ({"exp": int(NOW.timestamp()) - 31}, "token.expired"),
        ({"exp": int(NOW.timestamp()) - 29}, ""),
        ({"nbf": int(NOW.timestamp()) + 31}, "token.invalid"),
        ({"nbf": int(NOW.timestamp()) + 29}, ""),
        ({"roles": "operator@deployment:local"}, "token.invalid"),
        ({"roles": [7]}, "token.invalid"),
    ],
)
async def test_what_a_token_says_of_itself_is_checked(keys: Keys, other: dict[str, Any], code: str) -> None:
    assert await refusal(keys.reader(), signed(keys.first, **other)) == code


@pytest.mark.parametrize(
    ("kind", "code"),
    [("at+jwt", ""), ("application/at+jwt", ""), ("JWT", ""), (None, ""), ("dpop+jwt", "token.invalid")],
)
async def test_a_token_is_of_a_kind_that_grants_access(keys: Keys, kind: str | None, code: str) -> None:
    assert await refusal(keys.reader(), signed(keys.first, {"typ": kind})) == code


async def test_a_signature_is_made_with_a_key_of_the_issuer(keys: Keys) -> None:
    forged = signed(key("first"))  # another key under the same name
    assert await refusal(keys.reader(), forged) == "token.invalid"
    head, _, signature = signed(keys.first).removeprefix("Bearer ").split(".")
    other = json.dumps(claims(roles=["operator@deployment:local"])).encode()
    changed = f"Bearer {head}.{base64.urlsafe_b64encode(other).decode().rstrip('=')}.{signature}"
    assert await refusal(keys.reader(), changed) == "token.invalid"


async def test_an_algorithm_is_one_that_is_trusted(keys: Keys) -> None:
    secret = OctKey.import_key(json.dumps(keys.first.as_dict(private=False)), {"kid": "first"})
    assert await refusal(keys.reader(), signed(secret, {"alg": "HS256"})) == "token.invalid"
    nobody = base64.urlsafe_b64encode(b'{"alg":"none","kid":"first"}').decode().rstrip("=")
    body = base64.urlsafe_b64encode(json.dumps(claims()).encode()).decode().rstrip("=")
    assert await refusal(keys.reader(), f"Bearer {nobody}.{body}.") == "token.invalid"
    rsa = RSAKey.generate_key(2048, {"kid": "rsa"})
    keys.shown.append(rsa)
    assert await refusal(keys.reader(), signed(rsa, {"alg": "RS256"})) == "token.invalid"
    assert await refusal(keys.reader("ES256", "RS256"), signed(rsa, {"alg": "RS256"})) == ""


async def test_a_remembered_token_still_ends(keys: Keys) -> None:
    reader, token = keys.reader(), signed(keys.first)
    assert await refusal(reader, token) == ""
    assert await refusal(reader, token, NOW + timedelta(seconds=629)) == ""
    assert await refusal(reader, token, NOW + timedelta(seconds=631)) == "token.expired"


async def test_nobody_is_let_in_without_a_token_or_without_an_issuer(keys: Keys) -> None:
    for nothing in (None, "", "Bearer", "Bearer ", "Basic b3BlcmF0b3I6", signed(keys.first)[7:]):
        assert await refusal(keys.reader(), nothing) == "token.missing"
    assert await refusal(Tokens(None), signed(keys.first)) == "token.invalid"


async def test_a_new_key_is_asked_for_and_one_that_was_given_up_is_not_trusted(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "APART", 0.0)
    reader, old = keys.reader(), signed(keys.first)
    assert await refusal(reader, old) == ""
    keys.shown = [key("second")]
    assert await refusal(reader, signed(keys.first)) == ""
    assert await refusal(reader, old) == "token.invalid"


async def test_also_a_remembered_token_ends_with_its_key(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, old = keys.reader(), signed(keys.first)
    assert await refusal(reader, old) == ""
    keys.shown = [key("second")]
    assert await refusal(reader, old) == ""
    monkeypatch.setattr(tokens, "FRESH", 0.0)
    assert await refusal(reader, old) == "token.invalid"


async def test_names_of_keys_that_are_none_do_not_make_it_ask_each_time(keys: Keys) -> None:
    reader = keys.reader()
    for number in range(20):
        assert await refusal(reader, signed(key(f"made up {number}"))) == "token.invalid"
    assert keys.asked == 1


async def test_while_the_issuer_is_away_known_keys_serve_on(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "FRESH", 0.0)
    monkeypatch.setattr(tokens, "APART", 0.0)
    early, late = keys.reader(), keys.reader()
    assert await refusal(early, signed(keys.first)) == ""
    await keys.close()
    assert await refusal(early, signed(keys.first, sub="u-82")) == ""
    assert await refusal(late, signed(keys.first)) == "issuer.away"
    await keys.open()
    assert await refusal(late, signed(keys.first)) == ""
