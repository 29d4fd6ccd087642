"""Who signs transcripts in tests, whom one believes, and contents that an issuer elsewhere would sign."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import KeySet, OKPKey

from shared.runtime.signatures import Signer

EXAMPLE: dict[str, str | list[str]] = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsERJKxWN7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwaaPJHURo",
}
"""The key that RFC 8037 prints (A.1): what the descriptions show is signed with it."""


@cache
def keys_of(issuer: str) -> str:
    """The private keys of an issuer: always the same, as what the descriptions show is signed with them."""
    made = Ed25519PrivateKey.from_private_bytes(sha256(issuer.encode()).digest())
    key = OKPKey.import_key(EXAMPLE) if issuer == "guangzhou" else OKPKey.import_key(made)
    return json.dumps(KeySet([key]).as_dict(private=True))


def signer_of(issuer: str) -> Signer:
    return Signer.read(keys_of(issuer))


def signing_as(issuer: str) -> dict[str, str]:
    """The settings of a deployment that signs."""
    return {"TRANSCRIPT_ISSUER": issuer, "TRANSCRIPT_KEYS": keys_of(issuer)}


def trusting(folder: Path, *issuers: str) -> dict[str, str]:
    """The settings of a deployment that believes some issuers."""
    folder.mkdir(exist_ok=True)
    for issuer in issuers:
        (folder / f"{issuer}.json").write_text(json.dumps(signer_of(issuer).told()), encoding="utf-8")
    return {"TRANSCRIPT_TRUST": str(folder)}


RULE = """
[[hours]]
kind = "recognised_elsewhere"
id = "T-RC-9"
clause = "二(二)"
words = "跨地区培训,学时互认"
title = "Hours of other jurisdictions"
title_zh = "外地学时认定"
category = "professional"
registrars = ["teacher"]
through = "declaration"
reviewers = ["school", "centre"]

[[hours.factors]]
unit = "hour"
category = "professional"
numerator = 1
denominator = 2

"""
"""A figure of no city."""
