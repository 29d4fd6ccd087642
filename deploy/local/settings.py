"""What a person can set for `make run`: servers of their own instead of the embedded ones."""

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.child import ServerError

SERVICES = ("points", "hours", "verification", "certificates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Databases:
    """The two addresses of a service's database: as its own role, and as the role that owns the schema."""

    service: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnServers:
    """Servers that are already there."""

    databases: Mapping[str, Databases]
    nats_url: str | None
    subject_prefix: str | None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "OwnServers":
        """Read `<SERVICE>_DATABASE_URL` with `<SERVICE>_OWNER_URL`, `NATS_URL` and `SUBJECT_PREFIX`.

        Raises: ServerError where only one of a service's two addresses is set.
        """
        found = {}
        for service in SERVICES:
            names = (f"{service.upper()}_DATABASE_URL", f"{service.upper()}_OWNER_URL")
            given = [environment.get(name, "") for name in names]
            if all(given):
                found[service] = Databases(service=given[0], owner=given[1])
            elif any(given):
                set_one, missing = names if given[0] else names[::-1]
                raise ServerError(f"{set_one} is set, {missing} is not; a database of one's own needs both.")
        return cls(
            databases=found,
            nats_url=environment.get("NATS_URL") or None,
            subject_prefix=environment.get("SUBJECT_PREFIX") or None,
        )
