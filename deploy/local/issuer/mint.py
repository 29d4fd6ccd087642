"""Mints access tokens of the shape of RFC 9068, and shows the public key that proves them.

A mint says what it is told: whether a role exists and who may have it is not its affair, so that tests can
have tokens that nobody should accept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, KeySetSerialization

from deploy.local.issuer import key as keys

AUDIENCE = "hourbank"
DEVELOPER = "developer"
"""The client in whose name tokens are minted by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mint:
    """The key, and in whose name and for whom it signs."""

    issuer: str
    audience: str
    key: ECKey

    @classmethod
    def open(cls, folder: Path, issuer: str, audience: str = AUDIENCE) -> "Mint":
        """Return the mint whose key lies in a folder; a key is made where there is none."""
        return cls(issuer=issuer, audience=audience, key=keys.kept(folder))

    def token(
        self,
        roles: Sequence[str],
        *,
        subject: str | None = None,
        client: str = DEVELOPER,
        seconds: int = 3600,
        now: datetime,
    ) -> str:
        """Return a signed token that holds from `now` for so many seconds.

        Roles are texts `role@level:id`; the subject is the first of them where none is named.
        """
        issued = int(now.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": roles[0] if subject is None else subject,
            "client_id": client,
            "iat": issued,
            "exp": issued + seconds,
            "jti": uuid4().hex,
            "roles": list(roles),
        }
        header = {"typ": "at+jwt", "alg": keys.ALGORITHM, "kid": self.key.kid}
        return jwt.encode(header, claims, self.key)

    def jwks(self) -> KeySetSerialization:
        """Return the public key as a key set (RFC 7517)."""
        return KeySet([self.key]).as_dict(private=False)
