"""What the verification service is made with: its layout, its own settings, the context of its rooms."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from shared.policy import loader
from shared.policy.pack import Pack
from shared.runtime.journal import Journal, Layout
from shared.runtime.settings import Settings, SettingsError, required
from verification.judgements.domain.decision import Authority

LAYOUT = Layout(service="verification", ranks=(("run",), ("teacher",)), relayed=("teacher",))
"""A run is locked first, then the teachers it judges; only what concerns a teacher is heard by others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationSettings:
    """This service's own settings, beside those that all services have."""

    hours_url: str
    pack: Pack
    authority: Authority
    """Whose verdict stands (验证结果以谁为准)."""

    @classmethod
    def read(cls, settings: Settings) -> "VerificationSettings":
        """Read `HOURS_URL`, `VERIFICATION_PACK` (a file; Guangzhou's pack without it) and who decides.

        `VERIFICATION_AUTHORITY` is `local` or `province` and goes before what the pack says.

        Raises:
            SettingsError: a setting is missing or cannot be read.
            PackError: the pack does not load.
        """
        environment = settings.environment
        file = environment.get("VERIFICATION_PACK", "")
        pack = loader.load(Path(file)) if file else loader.builtin()
        chosen = environment.get("VERIFICATION_AUTHORITY", pack.verification.authority)
        return cls(hours_url=required(environment, "HOURS_URL"), pack=pack, authority=_authority(chosen))


def _authority(name: str) -> Authority:
    match name:
        case "local" | "province":
            return name
        case _:
            raise SettingsError(f"VERIFICATION_AUTHORITY is {name!r}; it is local or province")


def _nobody() -> None:
    """Wake nobody: the worker finds what waits by itself, only later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What operations work with beside their transaction: the journal, the rules, whose word stands."""

    journal: Journal
    pack: Pack
    authority: Authority
    wake_runs: Callable[[], None] = _nobody
    """Has this process look for runs to carry out; called after a commit."""


async def _context(request: Request) -> Context:
    context: Context = request.app.state.service.context
    return context


ContextOf = Annotated[Context, Depends(_context)]
"""The context, for routes."""
