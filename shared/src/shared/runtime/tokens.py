"""Bearer tokens (RFC 6750, RFC 9068): an issuer that we trust says who sends a request, and signs it.

The issuer's keys are fetched (RFC 7517) when a token names one that is not known, and again now and then, so
that a key which the issuer gave up is given up here. Where the issuer is away, the known ones serve on.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import httpx
from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from shared.runtime.errors import AwayError, DomainError
from shared.runtime.trust import trusted

log = logging.getLogger(__name__)

TYPES = frozenset({"at+jwt", "application/at+jwt", "jwt", ""})
"""What a token may call itself; many issuers do not follow RFC 9068 in this."""
LEEWAY = 30
"""Seconds by which the issuer's clock may differ from ours."""
FRESH = 300.0
"""Seconds after which keys are fetched again."""
APART = 10.0
"""Seconds between two fetches at least, whatever tokens name."""
PATIENCE = 5.0
REMEMBERED = 10_000
"""Tokens that were found genuine and are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Whose tokens are believed."""

    name: str
    """`iss` of its tokens."""
    audience: str
    """What `aud` has to contain."""
    keys: str
    """Address of its JWKS."""
    algorithms: Collection[str]
    """Signatures that are taken; never `none`, never one with a shared secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a genuine token says."""

    subject: str
    """Whom the issuer means; a text of its own."""
    roles: tuple[str, ...]
    expires_at: int
    """Seconds since 1970."""


class Tokens:
    """Reads tokens of one issuer; without an issuer there is no genuine one."""

    def __init__(self, issuer: Issuer | None) -> None:
        self._issuer = issuer
        self._genuine: dict[str, Claims] = {}
        self._keys = None if issuer is None else _Keys(issuer.keys, self._genuine.clear)

    async def read(self, authorization: str | None, now: datetime) -> Claims:
        """What the token of an `Authorization` header says.

        Raises:
            DomainError: `token.missing`, `token.invalid`, `token.expired`, 401 each.
            AwayError: `issuer.away`, 503: its keys are not known yet.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise DomainError("token.missing")
        claims = self._known(token) or await self._verified(token, now)
        if claims.expires_at + LEEWAY <= now.timestamp():
            raise DomainError("token.expired")
        return claims

    def _known(self, token: str) -> Claims | None:
        """What a token says that was found genuine under keys that need not be fetched again yet."""
        return None if self._keys is None or self._keys.are_old else self._genuine.get(token)

    async def _verified(self, token: str, now: datetime) -> Claims:
        if self._issuer is None or self._keys is None:
            raise DomainError("token.invalid")
        try:
            header = jws.extract_compact(token.encode()).headers()
            if str(header.get("typ", "")).lower() not in TYPES:
                raise DomainError("token.invalid")
            keys = await self._keys.with_key(str(header.get("kid", "")))
            decoded = jwt.decode(token, keys, algorithms=list(self._issuer.algorithms))
            _registry(self._issuer, now).validate(decoded.claims)
        except ExpiredTokenError:
            raise DomainError("token.expired") from None
        except (JoseError, ValueError) as error:
            log.info("a token is not genuine: %s", error)
            raise DomainError("token.invalid") from None
        return self._remember(token, _claims(decoded.claims))

    def _remember(self, token: str, claims: Claims) -> Claims:
        if len(self._genuine) >= REMEMBERED:
            self._genuine.clear()
        self._genuine[token] = claims
        return claims


class _Keys:
    """The keys of an issuer, as it shows them."""

    def __init__(self, address: str, changed: Callable[[], None]) -> None:
        self._address = address
        self._changed = changed
        """Called when other keys may be known than before."""
        self._known: KeySet | None = None
        self._asked_at = float("-inf")
        self._fetching = asyncio.Lock()

    @property
    def are_old(self) -> bool:
        """Whether they are to be fetched again."""
        return self._since > FRESH

    @property
    def _since(self) -> float:
        return asyncio.get_running_loop().time() - self._asked_at

    async def with_key(self, key: str) -> KeySet:
        """The keys, asked for again if `key` is not among them."""
        async with self._fetching:
            if self.are_old or (not self._has(key) and self._since > APART):
                await self._fetch()
        if self._known is None:
            raise AwayError("issuer.away", retry_after=int(APART))
        return self._known

    def _has(self, key: str) -> bool:
        return self._known is not None and any(one.kid == key for one in self._known.keys)

    async def _fetch(self) -> None:
        self._asked_at = asyncio.get_running_loop().time()
        try:
            async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, verify=trusted()) as client:
                answer = await client.get(self._address)
                answer.raise_for_status()
                self._known = KeySet.import_key_set(answer.json())
                self._changed()
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            log.warning("the keys of the issuer cannot be fetched: %s", type(error).__name__, exc_info=error)


def _registry(issuer: Issuer, now: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer.name},
        aud={"essential": True, "value": issuer.audience},
        sub={"essential": True},
        exp={"essential": True},
    )


def _claims(said: Mapping[str, object]) -> Claims:
    subject, roles, expires_at = said["sub"], said.get("roles", []), said["exp"]
    if not (
        isinstance(subject, str)
        and isinstance(expires_at, int)
        and isinstance(roles, list)
        and all(isinstance(role, str) for role in roles)
    ):
        raise DomainError("token.invalid")
    return Claims(subject=subject, roles=tuple(roles), expires_at=expires_at)
