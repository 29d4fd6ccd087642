"""What the verification service is made with: its layout, its own settings, the context of its rooms."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import BaseModel

from shared.adoptions.operations import Adoptions
from shared.policy.loader import Editions
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, Journal, Layout
from shared.runtime.settings import Settings, SettingsError, required, rules
from shared.wording import Language
from verification.judgements.domain.decision import Authority

LAYOUT = Layout(service="verification", ranks=(("run",), ("teacher",)), relayed=("teacher",))
"""A run is locked first, then the teachers it judges; only what concerns a teacher is heard by others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationSettings:
    """This service's own settings, beside those that all services have."""

    hours_url: str
    editions: Editions
    authority: Authority
    """Whose verdict stands (验证结果以谁为准)."""

    @classmethod
    def read(cls, settings: Settings) -> "VerificationSettings":
        """Read `HOURS_URL`, `VERIFICATION_PACK` (a file or a shipped pack) and who decides.

        `VERIFICATION_PACKS` is a folder of other versions.
        `VERIFICATION_AUTHORITY` is `local` or `province` and goes before what the pack says.

        Raises:
            SettingsError: a setting is missing or cannot be read.
            PackError: the pack does not load.
        """
        environment = settings.environment
        editions = rules(environment, "verification")
        chosen = environment.get("VERIFICATION_AUTHORITY", editions.pack.verification.authority)
        return cls(
            hours_url=required(environment, "HOURS_URL"), editions=editions, authority=_authority(chosen)
        )


def _authority(name: str) -> Authority:
    match name:
        case "local" | "province":
            return name
        case _:
            raise SettingsError(f"VERIFICATION_AUTHORITY is {name!r}; it is local or province")


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
