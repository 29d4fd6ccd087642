"""Who may ask the issuer for tokens, and for which roles: the services, a platform, and a developer."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from authlib.oauth2.rfc6749 import ClientMixin

from deploy.local.issuer.mint import DEVELOPER
from deploy.local.issuer.private import made_once
from deploy.local.settings import SERVICES
from shared.access.matrix import is_binding

KNOWN = "development"
"""A developer's secret, which is none."""
OPERATOR = "operator@deployment:local"
"""Who runs the stack: the main job, and a developer who asks for nothing else."""
OWN = {
    **{service: f"service@deployment:{service}" for service in SERVICES},
    "platform": "platform@deployment:platform",
}
"""The one role of every client that has a secret of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client(ClientMixin):
    """One client, as a grant of Authlib asks about it."""

    id: str
    secret: str
    role: str
    """What it is where it asks for nothing else."""
    anything: bool = False
    """Whether it may ask to be anything else."""

    def get_client_id(self) -> str:
        """Return its name."""
        return self.id

    def get_allowed_scope(  # type: ignore[override]  # the stubs know neither no scope nor a refusal
        self, scope: Collection[str] | str | None
    ) -> str | None:
        """Return the roles of its token, with spaces between; None where it asks for more than it may be."""
        asked = scope.split() if isinstance(scope, str) else scope
        if not asked:
            return self.role
        allowed = all(is_binding(role) if self.anything else role == self.role for role in asked)
        return " ".join(asked) if allowed else None

    def check_client_secret(self, client_secret: str) -> bool:
        """Compare a secret, in the same time whatever is wrong with it."""
        return secrets.compare_digest(client_secret.encode(), self.secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Allow HTTP Basic at the one endpoint there is."""
        return (method, endpoint) == ("client_secret_basic", "token")

    def check_grant_type(self, grant_type: str) -> bool:
        """Allow the grant that needs no person."""
        return grant_type == "client_credentials"


NOTHING: Mapping[str, str] = {}


def kept(folder: Path, given: Mapping[str, str] = NOTHING) -> Mapping[str, Client]:
    """Return the clients by name.

    A secret is what `<CLIENT>_CLIENT_SECRET` gives when it is first asked for; else it is made. It lies in
    the folder, a file for each client, and stays.
    """
    developer = Client(id=DEVELOPER, secret=KNOWN, role=OPERATOR, anything=True)
    own = [
        Client(id=name, secret=_secret(folder, name, given.get(f"{name.upper()}_CLIENT_SECRET")), role=role)
        for name, role in OWN.items()
    ]
    return {client.id: client for client in (*own, developer)}


def _secret(folder: Path, name: str, given: str | None) -> str:
    return made_once(folder / "secrets" / name, lambda: given or secrets.token_urlsafe(32))
