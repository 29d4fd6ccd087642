"""What the hours service is made with: its layout, its settings, and the context its operations work in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from fastapi import Depends, Request
from sqlalchemy import Select, SelectBase

from shared.adoptions.operations import Adoptions
from shared.policy.errors import PackError
from shared.policy.factors import IssuerId
from shared.policy.loader import Editions
from shared.policy.pack import Pack
from shared.runtime.documents import Documents
from shared.runtime.journal import Journal, Layout
from shared.runtime.limits import MAX_BODY
from shared.runtime.sealing import Vault
from shared.runtime.settings import Settings, SettingsError, required, rules
from shared.runtime.signatures import PublicKeys, Signer
from shared.why import Explain, Explainer

MATTERS = (
    *("import", "transfer", "year", "class", "plan", "declaration"),
    *("evidence", "appeal", "waiver", "course", "annual_plan", "review", "transcript", "deduction"),
)
LAYOUT = Layout(
    service="hours",
    ranks=(MATTERS, ("organisation", "teacher")),
    relayed=("organisation", "teacher"),
)
"""Matters first, then organisations and teachers; others hear who is where, and what concerns a teacher."""


AnyKeys = TypeVar("AnyKeys", bound=PublicKeys)

MAX_TERM = 366
MAX_UNUSED = 3660
"""Days, for terms of appeals and for evidence that nothing uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealTerms:
    """How long somebody may appeal, and has to be answered: this project's figures, in no regulation."""

    days: int
    """Days after that of the decision; the last one counts."""
    answer_days: int
    """Working days after that of the filing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcripts:
    """Who signs transcripts here, and whose are believed (互认)."""

    issuer: str = ""
    """As readers elsewhere know who signs here; empty where nobody does."""
    signer: Signer | None = None
    trusted: Mapping[str, PublicKeys] = field(default_factory=dict)
    """The keys of others, by issuer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursSettings:
    """This service's own settings, beside those that all services have."""

    points_url: str
    verification_url: str
    editions: Editions
    vault: Vault | None
    """Where citizens' numbers are sealed; without it none is taken in."""
    documents: Documents
    """Where evidence is kept."""
    appeals: AppealTerms
    unused_days: int | None
    """Days after which evidence that nothing uses is erased; None where it is kept."""
    transcripts: Transcripts

    @classmethod
    def read(cls, settings: Settings) -> "HoursSettings":
        """Read `POINTS_URL`, `VERIFICATION_URL`, `HOURS_PERSON_KEYS`, `HOURS_PACK`, `HOURS_PACKS`.

        And where evidence is kept, how large it may be: `EVIDENCE_URL`, `EVIDENCE_LIMIT`; and the terms of
        appeals: `HOURS_APPEAL_DAYS` (30), `HOURS_APPEAL_ANSWER_DAYS` (15). After `EVIDENCE_DAYS` what nothing
        uses is erased; without it never. Who signs transcripts, with what, and the folder with keys of whom
        one believes: `TRANSCRIPT_ISSUER`, `TRANSCRIPT_KEYS`, `TRANSCRIPT_TRUST`.

        Raises:
            SettingsError: an address is missing, a key is none, or a limit is.
            PackError: the pack does not load, or carries hours over for longer than this service can.
        """
        environment: Mapping[str, str] = settings.environment
        editions = rules(environment, "hours")
        pack = editions.pack
        if pack.carry_over is not None and pack.carry_over.years != 1:
            raise PackError(pack.pack.id, "carry_over.years", "carried hours live for one year here")
        appeals = AppealTerms(
            days=_term("HOURS_APPEAL_DAYS", environment.get("HOURS_APPEAL_DAYS") or "30"),
            answer_days=_term(
                "HOURS_APPEAL_ANSWER_DAYS", environment.get("HOURS_APPEAL_ANSWER_DAYS") or "15"
            ),
        )
        return cls(
            points_url=required(environment, "POINTS_URL"),
            verification_url=required(environment, "VERIFICATION_URL"),
            editions=editions,
            vault=_vault(environment.get("HOURS_PERSON_KEYS", "")),
            documents=Documents(environment.get("EVIDENCE_URL") or None, _limit(environment)),
            appeals=appeals,
            unused_days=_unused(environment.get("EVIDENCE_DAYS", ""), appeals),
            transcripts=_transcripts(environment),
        )


def _vault(keys: str) -> Vault | None:
    if not keys:
        return None
    try:
        return Vault.read(keys)
    except ValueError as error:
        raise SettingsError(f"HOURS_PERSON_KEYS: {error}") from None


def _transcripts(environment: Mapping[str, str]) -> Transcripts:
    """Who signs, where there is a key; whose are believed: a file `<issuer>.json` each, a JWK Set."""
    issuer, keys = environment.get("TRANSCRIPT_ISSUER", ""), environment.get("TRANSCRIPT_KEYS", "")
    if bool(issuer) != bool(keys):
        raise SettingsError("TRANSCRIPT_ISSUER and TRANSCRIPT_KEYS are set together or not at all")
    folder = environment.get("TRANSCRIPT_TRUST", "")
    if folder and not Path(folder).is_dir():
        raise SettingsError("TRANSCRIPT_TRUST is not a folder")
    files = sorted(Path(folder).glob("*.json")) if folder else []
    return Transcripts(
        issuer=_issuer("TRANSCRIPT_ISSUER", issuer) if issuer else "",
        signer=_keys("TRANSCRIPT_KEYS", keys, Signer) if keys else None,
        trusted={
            _issuer(f"TRANSCRIPT_TRUST: {file.name}", file.stem): _keys(
                f"TRANSCRIPT_TRUST: {file.name}", file.read_bytes(), PublicKeys
            )
            for file in files
        },
    )


def _issuer(name: str, value: str) -> str:
    try:
        return msgspec.convert(value, IssuerId)
    except msgspec.ValidationError:
        raise SettingsError(f"{name} names no issuer: small letters, digits, points and hyphens") from None


def _keys(name: str, text: str | bytes, kind: type[AnyKeys]) -> AnyKeys:
    try:
        return kind.read(text)
    except ValueError as error:
        raise SettingsError(f"{name}: {error}") from None


def _term(name: str, value: str) -> int:
    """How many days a term has."""
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= MAX_TERM):
        raise SettingsError(f"{name} is not a number of days from 1 to {MAX_TERM}")
    return int(value)


def _unused(value: str, appeals: AppealTerms) -> int | None:
    """How many days evidence is kept unused: longer than somebody may appeal against its refusal."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and appeals.days < int(value) <= MAX_UNUSED):
        raise SettingsError(
            f"EVIDENCE_DAYS is not a number of days above HOURS_APPEAL_DAYS ({appeals.days}) and up to"
            f" {MAX_UNUSED}"
        )
    return int(value)


def _limit(environment: Mapping[str, str]) -> int:
    """How many bytes a file may have: no more than any body."""
    value = environment.get("EVIDENCE_LIMIT") or str(MAX_BODY)
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= MAX_BODY):
        raise SettingsError(f"EVIDENCE_LIMIT is not a number of bytes from 1 to {MAX_BODY}")
    return int(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What operations work with beside their transaction: journal, rules, vault, documents, terms."""

    journal: Journal
    adoptions: Adoptions
    explain: Mapping[str, Explain]
    """By type of entry."""
    documents: Documents
    appeals: AppealTerms
    vault: Vault | None = None
    held: Sequence[Select[tuple[str]]] = ()
    """Of whom the rooms above the roster hold something, each a statement of its `teacher`."""
    schools: Sequence[Select[tuple[str]]] = ()
    """Where people work, as the rooms above the organisations know it: the school of each."""
    awaited: Mapping[str, SelectBase] = field(default_factory=dict)
    """By kind of matter a statement of who is awaited, such as `school:S01`, and of its number."""
    unused_days: int | None = None
    attached: Sequence[Select[tuple[str]]] = ()
    """Digests of files that the rooms above the evidence hold and have not claimed."""
    at_issue: Sequence[Select[tuple[str]]] = ()
    """Matters that an open appeal is about: their files are kept, released or not."""
    transcripts: Transcripts = field(default_factory=Transcripts)

    @property
    def pack(self) -> Pack:
        """The rules in force."""
        return self.adoptions.pack

    @property
    def explainer(self) -> Explainer:
        """Who answers why."""
        return Explainer(journal=self.journal, adoptions=self.adoptions, explain=self.explain)


async def _context(request: Request) -> Context:
    context: Context = request.app.state.service.context
    return context


ContextOf = Annotated[Context, Depends(_context)]
"""The context, for routes."""
