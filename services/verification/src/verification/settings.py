"""What the verification service is made with: its layout, its own settings, the context of its rooms."""

from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from pydantic import BaseModel

from shared.adoptions.operations import Adoptions
from shared.policy.loader import Editions
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, Journal, Layout
from shared.runtime.settings import Deployment, Settings, SettingsError, required, rules
from shared.wording import Language
from verification.judgements.domain.decision import Authority

LAYOUT = Layout(service="verification", ranks=(("run",), ("teacher",)), relayed=("teacher",))
"""A run is locked first, then the teachers it judges; only what concerns a teacher is heard by others."""


SIGNED_BY = "whsec_"
"""How every secret of Standard Webhooks begins."""
SECRET_BYTES = range(24, 65)
PATIENCE = range(1, 61)


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """Where what is submitted is pushed to, and how."""

    address: str
    secrets: Sequence[str]
    """Each signs every message: the province checks with whichever it has."""
    patience: int
    """Seconds that the province has to answer."""
    sender: str
    """What our messages are called after: the deployment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationSettings:
    """This service's own settings, beside those that all services have."""

    hours_url: str
    editions: Editions
    authority: Authority
    """Whose verdict stands (验证结果以谁为准)."""
    province: Province | None
    """None: nothing is pushed, and the province asks for what was submitted."""

    @classmethod
    def read(cls, settings: Settings) -> "VerificationSettings":
        """Read `HOURS_URL`, `VERIFICATION_PACK` (a file or a shipped pack) and who decides.

        `VERIFICATION_PACKS` is a folder of other versions.
        `VERIFICATION_AUTHORITY` is `local` or `province` and goes before what the pack says.
        What is submitted is pushed to `VERIFICATION_PROVINCE_URL`, signed with each of
        `VERIFICATION_PROVINCE_SECRETS`, and answered within `VERIFICATION_PROVINCE_TIMEOUT` seconds (15).

        Raises:
            SettingsError: a setting is missing or cannot be read.
            PackError: the pack does not load.
        """
        environment = settings.environment
        editions = rules(environment, "verification")
        chosen = environment.get("VERIFICATION_AUTHORITY", editions.pack.verification.authority)
        return cls(
            hours_url=required(environment, "HOURS_URL"),
            editions=editions,
            authority=_authority(chosen),
            province=_province(settings),
        )


def _authority(name: str) -> Authority:
    match name:
        case "local" | "province":
            return name
        case _:
            raise SettingsError(f"VERIFICATION_AUTHORITY is {name!r}; it is local or province")


def _province(settings: Settings) -> Province | None:
    environment = settings.environment
    address, secrets = (environment.get(f"VERIFICATION_PROVINCE_{name}", "") for name in ("URL", "SECRETS"))
    if bool(address) != bool(secrets):
        raise SettingsError("VERIFICATION_PROVINCE_URL and VERIFICATION_PROVINCE_SECRETS are set together")
    if not address:
        return None
    return Province(
        address=_address(address, settings.deployment),
        secrets=[_secret(part.strip()) for part in secrets.split(",")],
        patience=_patience(environment.get("VERIFICATION_PROVINCE_TIMEOUT") or "15"),
        sender=settings.subject_prefix,
    )


def _address(text: str, deployment: Deployment) -> str:
    """Where to push; the value stays out of the message, for it may hold a password."""
    allowed = {"https"} if deployment is Deployment.PRODUCTION else {"https", "http"}
    try:
        read = urlsplit(text)
        is_one = read.scheme in allowed and bool(read.hostname) and read.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise SettingsError(
            "VERIFICATION_PROVINCE_URL is not of the form https://…, which DEPLOYMENT=production wants"
        )
    return text


def _secret(text: str) -> str:
    """A secret as Standard Webhooks write it; the value stays out of the message."""
    try:
        key = b64decode(text.removeprefix(SIGNED_BY), validate=True)
    except ValueError:
        key = b""
    if not (text.startswith(SIGNED_BY) and len(key) in SECRET_BYTES):
        least, most = SECRET_BYTES.start, SECRET_BYTES.stop - 1
        raise SettingsError(
            f"VERIFICATION_PROVINCE_SECRETS: one is not {SIGNED_BY} and {least} to {most} bytes in base64"
        )
    return text


def _patience(value: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value) in PATIENCE):
        raise SettingsError(
            f"VERIFICATION_PROVINCE_TIMEOUT is not a number of seconds from {PATIENCE.start} to"
            f" {PATIENCE.stop - 1}"
        )
    return int(value)


def _nobody() -> None:
    """Wake nobody: the worker finds what waits by itself, only later."""


Explain = Callable[[Transaction, "Context", Entry, Language], Awaitable[BaseModel | Mapping[str, Any]]]
"""Tells why an entry says what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What operations work with beside their transaction: the journal, the rules, whose word stands."""

    journal: Journal
    adoptions: Adoptions
    authority: Authority
    pushes: bool = False
    """Whether what is submitted is pushed to the province."""
    wake_runs: Callable[[], None] = _nobody
    """Has this process look for runs to carry out; called after a commit."""
    explained: Mapping[str, Explain] = field(default_factory=dict)
    """How each type of entry is explained."""

    @property
    def pack(self) -> Pack:
        """The rules in force."""
        return self.adoptions.pack


async def _context(request: Request) -> Context:
    context: Context = request.app.state.service.context
    return context


ContextOf = Annotated[Context, Depends(_context)]
"""The context, for routes."""
