"""What the points service is made with: its layout, its settings, and the context its operations work in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from points.activities.domain.rulebook import Rulebook
from points.activities.store.memory import Memory
from shared.adoptions.operations import Adoptions
from shared.policy.loader import Editions
from shared.policy.pack import Pack
from shared.runtime.journal import Journal, Layout
from shared.runtime.journal.layout import Lane
from shared.runtime.settings import Settings, required, rules
from shared.why import Explain, Explainer

LAYOUT = Layout(
    service="points",
    ranks=(
        ("topic", "resource", "session", "homework", "activity", "year"),
        ("workshop", "content"),
        ("teacher",),
    ),
    relayed=("teacher",),
)
"""Things and what concerns an act alone, then the groups that things belong to, then teachers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsSettings:
    """This service's own settings, beside those that all services have."""

    hours_url: str
    editions: Editions

    @classmethod
    def read(cls, settings: Settings) -> "PointsSettings":
        """Read `HOURS_URL`, `POINTS_PACK` (a file or a shipped pack), `POINTS_PACKS` (a folder).

        Raises:
            SettingsError: the address is missing.
            PackError: the pack does not load.
        """
        environment: Mapping[str, str] = settings.environment
        return cls(
            hours_url=required(environment, "HOURS_URL"),
            editions=rules(environment, "points"),
        )


LANES = tuple(Lane(index=index, of=2) for index in range(2))
"""Partitions of teachers that are closed or swept side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What operations work with beside their transaction: the journal, the rules, what is remembered."""

    journal: Journal
    book: Rulebook
    adoptions: Adoptions
    explain: Mapping[str, Explain]
    """By type of entry."""
    memory: Memory = field(default_factory=Memory)
    """States of objects that this process knows."""

    @property
    def explainer(self) -> Explainer:
        """Who answers why."""
        return Explainer(journal=self.journal, adoptions=self.adoptions, explain=self.explain)

    @property
    def pack(self) -> Pack:
        """The rules in force."""
        return self.book.pack


async def _context(request: Request) -> Context:
    context: Context = request.app.state.service.context
    return context


ContextOf = Annotated[Context, Depends(_context)]
"""The context, for routes."""
