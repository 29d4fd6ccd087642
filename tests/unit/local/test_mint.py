"""The mint of the local issuer: what a token holds, who can prove it, and a key that is made once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_IMODE
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import ECKey, KeySet, thumbprint

from deploy.local.issuer import key as keys
from deploy.local.issuer.bearer import Bearer
from deploy.local.issuer.mint import Mint
from deploy.local.issuer.private import made_once

ISSUER = "http://127.0.0.1:8105"
NOW = datetime(2026, 3, 2, 9, 0, 0, 999999, tzinfo=UTC)
ROLES = ["school_administrator@school:S12", "teacher@person:T0372"]


def read(mint: Mint, token: str) -> jwt.Token:
    return jwt.decode(token, KeySet.import_key_set(mint.jwks()), algorithms=["ES256"])


def test_a_token_has_the_header_and_the_claims_of_an_access_token(tmp_path: Path) -> None:
    mint = Mint.open(tmp_path, ISSUER)
    token = read(mint, mint.token(ROLES, subject="P7", seconds=60, now=NOW))
    assert token.header == {"typ": "at+jwt", "alg": "ES256", "kid": mint.key.kid}
    jti = token.claims.pop("jti")
    assert token.claims == {
        "iss": ISSUER,
        "aud": "hourbank",
        "sub": "P7",
        "client_id": "developer",
        "iat": 1772442000,
        "exp": 1772442060,
        "roles": ROLES,
    }
    assert read(mint, mint.token(ROLES, now=NOW)).claims["jti"] != jti


def test_a_token_is_for_an_hour_and_about_its_first_role_unless_said_otherwise(tmp_path: Path) -> None:
    mint = Mint.open(tmp_path, ISSUER, "elsewhere")
    claims = read(mint, mint.token(ROLES, now=NOW)).claims
    assert (claims["sub"], claims["exp"] - claims["iat"]) == (ROLES[0], 3600)
    assert claims["aud"] == "elsewhere"


def test_a_mint_that_is_opened_again_signs_with_the_same_key(tmp_path: Path) -> None:
    token = Mint.open(tmp_path, ISSUER).token(ROLES, now=NOW)
    assert read(Mint.open(tmp_path, ISSUER), token).claims["roles"] == ROLES


def test_another_folder_is_another_key(tmp_path: Path) -> None:
    token = Mint.open(tmp_path / "a", ISSUER).token(ROLES, now=NOW)
    other = Mint.open(tmp_path / "b", ISSUER)
    with pytest.raises(BadSignatureError):
        jwt.decode(token, ECKey.import_key(other.jwks()["keys"][0]), algorithms=["ES256"])


def test_the_key_set_shows_a_signing_key_named_by_its_thumbprint_and_nothing_private(tmp_path: Path) -> None:
    (key,) = Mint.open(tmp_path, ISSUER).jwks()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "alg", "use", "kid"}
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")
    assert key["kid"] == thumbprint({name: key[name] for name in ("kty", "crv", "x", "y")})


def test_who_signs_in_has_a_token_that_still_holds_and_keeps_it_meanwhile(tmp_path: Path) -> None:
    mint = Mint.open(tmp_path, ISSUER)
    clock = [NOW]
    bearer = Bearer(mint, ROLES, now=lambda: clock[0])

    def signed(minutes: int) -> dict[str, Any]:
        clock[0] = NOW + timedelta(minutes=minutes)
        request = next(bearer.auth_flow(httpx.Request("GET", ISSUER)))
        claims = read(mint, request.headers["Authorization"].removeprefix("Bearer ")).claims
        left = claims["exp"] - clock[0].timestamp()
        assert 240 < left <= 3600
        return claims

    first = signed(0)
    assert first["roles"] == ROLES
    assert signed(54) == first
    assert signed(56) != first
    assert signed(600) != first


def test_only_the_owner_reads_the_key(tmp_path: Path) -> None:
    folder = tmp_path / "issuer"
    Mint.open(folder, ISSUER)
    assert S_IMODE((folder / keys.FILE).stat().st_mode) == 0o600
    assert S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [keys.FILE]


def test_who_is_slower_to_make_a_file_takes_what_another_wrote(tmp_path: Path) -> None:
    file = tmp_path / "secret"

    def slowly() -> str:
        made_once(file, lambda: "first")
        return "second"

    assert made_once(file, slowly) == "first"
    assert file.read_text() == "first"
