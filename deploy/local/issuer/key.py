"""The key pair that signs: ES256, kept as a private JWK; its id is its thumbprint (RFC 7638)."""

import json
from pathlib import Path

from joserfc.jwk import ECKey

from deploy.local.issuer.private import made_once

ALGORITHM = "ES256"
FILE = "key.json"


def kept(folder: Path) -> ECKey:
    """Return the key pair of a folder, made where there is none."""
    return ECKey.import_key(json.loads(made_once(folder / FILE, _made)))


def _made() -> str:
    key = ECKey.generate_key("P-256", {"alg": ALGORITHM, "use": "sig"}, auto_kid=True)
    return json.dumps(key.as_dict(private=True))
