"""What the certificates service is made with: its layout, its own settings, the context of its rooms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Request
from limits import RateLimitItem, parse

from shared.adoptions.operations import Adoptions
from shared.policy.calendar import day_of
from shared.policy.loader import Editions
from shared.policy.pack import Pack
from shared.runtime.journal import Journal, Layout
from shared.runtime.settings import Settings, SettingsError, required, rules

LAYOUT = Layout(service="certificates", ranks=(("teacher",), ("series",)), relayed=("teacher",))
"""The teacher is locked first, then the series that the number comes from."""

DEFAULT_URL = "http://127.0.0.1:8104"
DEFAULT_LOOKUPS = "60/minute"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatesSettings:
    """This service's own settings, beside those that all services have."""

    hours_url: str
    verification_url: str
    public_url: str
    """Where anyone reaches the verification page; printed on every certificate."""
    lookups: RateLimitItem
    """How often one address may ask the public page, for example `60/minute`."""
    editions: Editions

    @classmethod
    def read(cls, settings: Settings) -> "CertificatesSettings":
        """Read `HOURS_URL` and `VERIFICATION_URL`, and what has a default.

        `CERTIFICATES_PUBLIC_URL` (else `CERTIFICATES_URL`), `CERTIFICATES_LOOKUPS`, and
        `CERTIFICATES_PACK`, a file or a shipped pack; `CERTIFICATES_PACKS`, a folder of others.

        Raises:
            SettingsError: an address is missing, or `CERTIFICATES_LOOKUPS` is no rate.
            PackError: the pack does not load.
        """
        environment: Mapping[str, str] = settings.environment
        own_url = environment.get("CERTIFICATES_URL", DEFAULT_URL)
        return cls(
            hours_url=required(environment, "HOURS_URL"),
            verification_url=required(environment, "VERIFICATION_URL"),
            public_url=environment.get("CERTIFICATES_PUBLIC_URL", own_url).rstrip("/"),
            lookups=_lookups(environment.get("CERTIFICATES_LOOKUPS", DEFAULT_LOOKUPS)),
            editions=rules(environment, "certificates"),
        )


def _lookups(value: str) -> RateLimitItem:
    try:
        return parse(value)
    except ValueError:
        raise SettingsError(f"CERTIFICATES_LOOKUPS: {value!r} is not of the form 60/minute") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the rooms work with beside their transaction."""

    journal: Journal
    adoptions: Adoptions
    public_url: str
    wake_issuing: Callable[[], None]
    """Look for due work now; called after a commit."""

    @property
    def pack(self) -> Pack:
        """The rules in force."""
        return self.adoptions.pack

    def day_of(self, instant: datetime) -> date:
        """The day to which an instant belongs, in the zone of the rules in force."""
        return day_of(instant, self.pack.pack.timezone)

    def verify_url(self, number: str, version: int) -> str:
        """Where a printed version is verified; its QR code leads there."""
        return f"{self.public_url}/verify/{number}?version={version}"


async def _context(request: Request) -> Context:
    context: Context = request.app.state.service.context
    return context


ContextOf = Annotated[Context, Depends(_context)]
"""The context, for routes."""
