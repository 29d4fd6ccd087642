"""What every service needs from its environment, read once when the process starts."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_network
from typing import TypeVar

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from shared.policy import loader
from shared.policy.loader import Editions
from shared.runtime.broker import Broker
from shared.runtime.credentials import Credentials
from shared.runtime.tokens import Issuer
from shared.startup import StartUpError

DRIVER = "postgresql+asyncpg"
REPLICAS = (1, 3, 5)
LANES = (1, 2, 4, 8, 16, 32)
"""Divisors of the partitions of a kind: lanes of equal weight."""
SECONDS = range(2, 3601)
"""How old reads may be: not younger than a look at the replica can tell."""
AHEAD = range(10 * 366 * 24 * 3600 + 1)
"""By how many seconds a clock may be ahead: about ten years."""

ALGORITHMS = ("ES256", "ES384", "PS256", "RS256", "Ed25519", "EdDSA")
"""Signatures that may be trusted: asymmetric ones."""

T = TypeVar("T")


class Deployment(StrEnum):
    """What a deployment is for."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    """Without real people: whoever wants to may sign in as anybody."""


class Duty(StrEnum):
    """What a process does of what its service does."""

    BOTH = "both"
    REQUESTS = "requests"
    """It answers requests, and leaves all else to others."""
    WORK = "work"
    """It relays, consumes and does the jobs, and answers only whether it is well."""


class SettingsError(StartUpError):
    """A setting is missing or cannot be read; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Common settings. URLs of databases are SQLAlchemy URLs (`postgresql+asyncpg://…`)."""

    database_url: str
    """The service's own database, as its own role, which can neither change nor remove journal rows."""
    nats_url: str
    replica_url: str | None = None
    """A streaming replica of the database, for reads that may be a little old."""
    replica_behind: int = 10
    """How many seconds older than the database its replica may be."""
    archive_url: str | None = None
    """Where archived years lie: an absolute path, or the URL of a store that Arrow knows."""
    subject_prefix: str = "hourbank"
    """First token of every subject on the broker; one per deployment (tenant)."""
    nats_replicas: int = 1
    """How many servers of the broker keep a copy of each stream."""
    lanes: int = 1
    """Into how many lanes of partitions what a service hears is split; copies share them out."""
    duty: Duty = Duty.BOTH
    """Whether this process answers requests, works, or does both."""
    trusted_proxies: Sequence[str] = ("127.0.0.1", "::1")
    """Addresses and networks whose `X-Forwarded-For` is believed; `*` alone for everybody's."""
    deployment: Deployment = Deployment.PRODUCTION
    """Whether real people are in it."""
    ahead: timedelta = timedelta()
    """By how much the clock is ahead; only without real people."""
    issuer: Issuer | None = None
    """Whose tokens are believed; without one nobody is let in."""
    credentials: Credentials | None = None
    """Who this service is where it asks others."""
    environment: Mapping[str, str]
    """What else was set, for the service's own settings."""

    @classmethod
    def from_environment(cls, service: str, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read `<SERVICE>_DATABASE_URL`, `<SERVICE>_REPLICA_URL` and what is named alike for all services.

        Raises:
            SettingsError: a required setting is missing, or one cannot be read.
        """
        given = dict(os.environ if environment is None else environment)  # noqa: TID251 - read once, here
        replica = f"{service.upper()}_REPLICA_URL"
        return cls(
            database_url=_database_url(given, f"{service.upper()}_DATABASE_URL"),
            replica_url=_database_url(given, replica) if given.get(replica) else None,
            replica_behind=_seconds(given, "REPLICA_BEHIND", SECONDS, 10),
            nats_url=required(given, "NATS_URL"),
            archive_url=given.get("ARCHIVE_URL") or None,
            subject_prefix=given.get("SUBJECT_PREFIX", "hourbank"),
            nats_replicas=_one_of(given, "NATS_REPLICAS", REPLICAS),
            lanes=_one_of(given, "LANES", LANES),
            duty=_one_of(given, "DUTY", tuple(Duty)),
            trusted_proxies=_proxies(given.get("TRUSTED_PROXIES", "127.0.0.1,::1")),
            deployment=_one_of(given, "DEPLOYMENT", tuple(Deployment)),
            ahead=clock_ahead(given),
            issuer=_issuer(given),
            credentials=_credentials(given),
            environment=given,
        )

    def check_sign_in(self) -> None:
        """Hold what is needed to answer and to ask others.

        Raises:
            SettingsError: it is not known whose tokens to believe, or who this service is.
        """
        for name in ("TOKEN_ISSUER", "TOKEN_KEYS", "TOKEN_URL", "CLIENT_ID", "CLIENT_SECRET"):
            address = required(self.environment, name)
            encrypted = name.startswith("CLIENT") or address.startswith("https://")
            if self.deployment is Deployment.PRODUCTION and not encrypted:
                raise SettingsError(f"{name} is not of the form https://…, which DEPLOYMENT=production wants")

    @property
    def broker(self) -> Broker:
        """The broker that these settings name."""
        return Broker(url=self.nats_url, prefix=self.subject_prefix, replicas=self.nats_replicas)


def _one_of(environment: Mapping[str, str], name: str, allowed: Sequence[T]) -> T:
    """One of a few values; the first of them where nothing is set."""
    named = {str(one): one for one in allowed}
    value = environment.get(name) or str(allowed[0])
    if value not in named:
        raise SettingsError(f"{name} is not one of {', '.join(named)}")
    return named[value]


def clock_ahead(environment: Mapping[str, str]) -> timedelta:
    """`CLOCK_AHEAD`: by how much the clock of a rehearsal (演练) is ahead; nothing where it is not set.

    Raises:
        SettingsError: it is no number of seconds, or real people are in the deployment.
    """
    ahead = timedelta(seconds=_seconds(environment, "CLOCK_AHEAD", AHEAD, 0))
    if ahead and _one_of(environment, "DEPLOYMENT", tuple(Deployment)) is not Deployment.DEVELOPMENT:
        raise SettingsError("CLOCK_AHEAD is for DEPLOYMENT=development: real people live today")
    return ahead


def _seconds(environment: Mapping[str, str], name: str, allowed: range, default: int) -> int:
    value = environment.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and int(value) in allowed):
        raise SettingsError(f"{name} is not a number of seconds from {allowed.start} to {allowed.stop - 1}")
    return int(value)


def required(environment: Mapping[str, str], name: str) -> str:
    """The value of a setting that has no default.

    Raises:
        SettingsError: it is not set.
    """
    value = environment.get(name, "")
    if not value:
        raise SettingsError(f"{name} is not set")
    return value


def rules(environment: Mapping[str, str], service: str) -> Editions:
    """The version in `<SERVICE>_PACK`: a file, or the name of a shipped pack, Guangzhou's without it.

    Others lie in the folder `<SERVICE>_PACKS`.

    Raises:
        PackError: one does not load, or a version has two texts.
    """
    name = service.upper()
    return loader.editions(environment.get(f"{name}_PACK", ""), environment.get(f"{name}_PACKS", ""))


def owner_url(service: str, environment: Mapping[str, str] | None = None) -> str:
    """`<SERVICE>_OWNER_URL`: the database as the role that owns the schema; used by migrations only."""
    given = dict(os.environ if environment is None else environment)  # noqa: TID251 - read once, here
    return _database_url(given, f"{service.upper()}_OWNER_URL")


def _issuer(environment: Mapping[str, str]) -> Issuer | None:
    name = environment.get("TOKEN_ISSUER", "")
    if not name:
        return None
    algorithms = [one.strip() for one in environment.get("TOKEN_ALGORITHMS", ALGORITHMS[0]).split(",")]
    for algorithm in algorithms:
        if algorithm not in ALGORITHMS:
            raise SettingsError(f"TOKEN_ALGORITHMS: {algorithm} is not one of {', '.join(ALGORITHMS)}")
    return Issuer(
        name=name,
        audience=environment.get("TOKEN_AUDIENCE") or "hourbank",
        keys=required(environment, "TOKEN_KEYS"),
        algorithms=algorithms,
    )


def _credentials(environment: Mapping[str, str]) -> Credentials | None:
    address = environment.get("TOKEN_URL", "")
    if not address:
        return None
    return Credentials(
        address=address,
        client=required(environment, "CLIENT_ID"),
        secret=required(environment, "CLIENT_SECRET"),
    )


def _proxies(value: str) -> tuple[str, ...]:
    named = tuple(part.strip() for part in value.split(",") if part.strip())
    for part in named if named != ("*",) else ():
        try:
            ip_network(part)
        except ValueError as error:
            raise SettingsError(f"TRUSTED_PROXIES: {error}") from None
    return named


def _database_url(environment: Mapping[str, str], name: str) -> str:
    """A database as a role; the value stays out of the message, for it may hold a password."""
    value = required(environment, name)
    try:
        url = make_url(value)
    except ArgumentError:
        raise SettingsError(f"{name} is not a URL") from None
    if url.drivername != DRIVER or not url.username:
        raise SettingsError(f"{name} is not of the form {DRIVER}://role:password@host/database")
    return value
