"""Sealed texts (加密存放): what is stored of a person can be opened only by who holds the keys.

A text is sealed under the newest key, for one owner, so that it cannot be moved to another; any key opens it.
What has to be compared without opening it has a digest under the oldest key, which stays in the list.
"""

import hmac
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from hashlib import sha256
from secrets import token_bytes
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12


class Vault:
    """Seals and opens texts, and digests them under a key. AES-256-GCM and HMAC-SHA-256, a key for each."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        assert keys, "a vault has a key"
        self._ciphers = [AESGCM(_derived(key, b"seal")) for key in keys]
        self._digests = _derived(keys[-1], b"digest")

    @classmethod
    def read(cls, text: str) -> Self:
        """Keys in URL-safe base64, 32 bytes each, with commas between them, the newest first.

        Raises:
            ValueError: a key is none; the message does not repeat it.
        """
        keys = [_key(part.strip()) for part in text.split(",")]
        if any(key is None for key in keys):
            raise ValueError("a key is not 32 bytes in URL-safe base64")
        return cls([key for key in keys if key is not None])

    def seal(self, text: str, owner: str) -> bytes:
        """The text for its owner; another result each time."""
        nonce = token_bytes(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, text.encode(), owner.encode())

    def open(self, sealed: bytes, owner: str) -> str:
        """The text again.

        Raises:
            InvalidTag: it was sealed under another key, for another owner, or was changed.
        """
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], owner.encode()).decode()
            except InvalidTag:
                continue
        raise InvalidTag

    def digest(self, content: bytes) -> bytes:
        """32 bytes, equal for equal contents, that tell nothing to who has no key."""
        return hmac.digest(self._digests, content, sha256)


def _key(text: str) -> bytes | None:
    try:
        key = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"hourbank " + purpose).derive(key)
