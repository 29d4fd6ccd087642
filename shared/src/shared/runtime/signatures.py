"""Signed texts (数字签名): compact JWS under Ed25519, which anybody checks who has the signer's public keys.

The first of a signer's keys signs; all are published, so what an earlier one signed can still be checked.
"""

from typing import Any, Self

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "Ed25519"


class NotSignedError(Exception):
    """A text is no signed text of the kind that is asked for, or not signed by one of the keys."""


class PublicKeys:
    """The keys by which texts of one signer are checked, as a JWK Set (RFC 7517) lists them."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys

    @classmethod
    def read(cls, text: str | bytes) -> Self:
        """A JWK Set in JSON, of Ed25519 keys only; each is known by its thumbprint where it has no other id.

        Raises:
            ValueError: it is none; the message repeats nothing of it.
        """
        return cls(_keys(text))

    def opened(self, text: str, kind: str) -> bytes:
        """What a text of a kind says, once its signature is found genuine.

        Raises: NotSignedError.
        """
        try:
            found = jws.deserialize_compact(text.encode(), self._keys, algorithms=[ALGORITHM])
        except (JoseError, ValueError) as error:
            raise NotSignedError from error
        if found.headers().get("typ") != kind or found.payload is None:
            raise NotSignedError
        return found.payload

    def told(self) -> dict[str, Any]:
        """The keys for everybody, without what only their owner has."""
        return dict(self._keys.as_dict(private=False))


class Signer(PublicKeys):
    """Who signs texts."""

    @classmethod
    def read(cls, text: str | bytes) -> Self:
        """A JWK Set whose first key is private; those behind it may be.

        Raises:
            ValueError: it is none; the message repeats nothing of it.
        """
        keys = _keys(text)
        if not keys.keys[0].is_private:
            raise ValueError("the first key is not a private one")
        return cls(keys)

    @property
    def key(self) -> str:
        """Which key signs, by its id."""
        kid = self._keys.keys[0].kid
        assert kid is not None, "every key has an id"
        return kid

    def signed(self, content: bytes, kind: str) -> str:
        """A content as a signed text of a kind: three parts in base64url, with points between them."""
        header = {"alg": ALGORITHM, "kid": self.key, "typ": kind}
        return jws.serialize_compact(header, content, self._keys.keys[0], algorithms=[ALGORITHM])


def unchecked(text: str) -> bytes:
    """What a text says, whoever signed it: only to find out by whose keys it is to be checked.

    Raises: NotSignedError.
    """
    try:
        payload = jws.extract_compact(text.encode()).payload
    except (JoseError, ValueError) as error:
        raise NotSignedError from error
    if payload is None:
        raise NotSignedError
    return payload


def _keys(text: str | bytes) -> KeySet:
    try:
        keys = KeySet.import_key_set(msgspec.json.decode(text))
    except (JoseError, msgspec.DecodeError, ValueError, KeyError, TypeError, AttributeError):
        raise ValueError("not a JWK Set") from None
    if not keys.keys or not all(isinstance(key, OKPKey) and key.curve_name == ALGORITHM for key in keys.keys):
        raise ValueError("not a JWK Set of Ed25519 keys")
    for key in keys.keys:
        key.ensure_kid()
    return keys
