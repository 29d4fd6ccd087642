"""Who may ask the issuer for tokens, and for which roles: the services, a platform, and a developer."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from authlib.oauth2.rfc6749 import ClientMixin

from deploy.local.issuer.mint import DEVELOPER
from deploy.local.issuer.private import made_once
from deploy.local.issuer.roles import is_role
from deploy.local.settings import SERVICES

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
        allowed = all(is_role(role) if self.anything else role == self.role for role in asked)
        return " ".join(asked) if allowed else None

    def check_client_secret(self, client_secret: str) -> bool:
        """Compare a secret, in the same time whatever is wrong with it."""
        return secrets.compare_digest(client_secret.encode(), self.secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 - there is one endpoint
        """Allow HTTP Basic."""
        return method == "client_secret_basic"

    def check_grant_type(self, grant_type: str) -> bool:
        """Allow the grant that needs no person."""
        return grant_type == "client_credentials"


def kept(folder: Path) -> Mapping[str, Client]:
    """Return the clients by name; their secrets lie in the folder, a file each, made where there is none."""
    developer = Client(id=DEVELOPER, secret=KNOWN, role=OPERATOR, anything=True)
    own = [Client(id=name, secret=_secret(folder, name), role=role) for name, role in OWN.items()]
    return {client.id: client for client in (*own, developer)}


def _secret(folder: Path, name: str) -> str:
    return made_once(folder / "secrets" / name, lambda: secrets.token_urlsafe(32))
