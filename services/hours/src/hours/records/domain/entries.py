"""What the journal says about a record: as it was registered, and that it was reversed. No personal data."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from hours.ledger.domain.amount import in_unit
from hours.records.domain.anomaly import Anomaly
from hours.records.domain.registration import Details, Registration
from shared.policy.categories import Category

Conclusion = Literal["plausible", "taken_back"]
"""What a marked completion turns out to be."""


class RecordRegistered(msgspec.Struct, frozen=True, kw_only=True):
    """`record.registered.v1`: hours were registered and judged; what counts of them is posted apart."""

    record: str
    teacher: str
    year: int
    rule: str
    category: Category
    hours: Decimal
    """What the rule gives before any cap, in hours as they are held."""
    credits: Decimal | None = None
    """What these hours make where credits are counted; None where hours are."""
    reason: str
    """Why the rule gives nothing, else empty."""
    activity: str
    provider: str
    first: date
    last: date
    evidence: str
    files: list[str] = []
    """Digests of the files that prove it."""
    programme: str
    details: dict[str, Any]
    """As handed in, without the data of a proof, which are personal."""
    registrar: str
    """Kind and id of the caller, for example `school:S01`."""
    recogniser: str = ""
    """Who recognised it, in the same form; empty where the rule trusts the registrar."""
    matter: str = ""
    """Subject of the declaration, class or plan that it came out of; empty for none."""
    handed_in: datetime | None = None
    """When that matter was handed in, which a deadline asks for; None for what was registered at once."""
    restores: str = ""
    """The reversed record whose content it is, registered anew; empty for none."""
    anomalies: list[Anomaly] = []
    """What is impossible about a completion; it counts until it is taken back."""
    corrects: str = ""
    """Event id of the `record.registered.v1` that it corrects; empty for a first registration."""
    corrector: str = ""
    """Who corrected, in the same form as the registrar."""
    account: str = ""
    """The token's subject of who registered, recognised or corrected it; empty from before it was kept."""
    accounts: list[str] = []
    """Those of everybody who had a hand in it before, such as who declared it."""
    reopening: str = ""
    """Event id of the reopening without which the year took nothing; empty in an open year."""
    digest: str
    """HMAC of everything handed in, under the teacher's salt."""
    basis: dict[str, Any]

    @property
    def amount(self) -> Decimal:
        """What the rule gives before any cap, in the unit of the rules that decided."""
        return in_unit(self.hours, self.credits)

    def registration_as(self, record: str, proof: Mapping[str, str] | None) -> Registration:
        """What was handed in, under another number, with the data of its proof."""
        given = self.basis.get("given")
        told: dict[str, Any] = {**self.details, "proof": proof}
        return Registration(
            record=record,
            teacher=self.teacher,
            year=self.year,
            rule=self.rule,
            category=self.category,
            hours=None if given is None else Decimal(given),
            activity=self.activity,
            provider=self.provider,
            first=self.first,
            last=self.last,
            evidence=self.evidence,
            details=msgspec.convert(told, Details, strict=False) if any(told.values()) else None,
            files=tuple(self.files),
        )


class RecordReversed(msgspec.Struct, frozen=True, kw_only=True):
    """`record.reversed.v1`: a record was taken back (冲正); it stays on file."""

    record: str
    teacher: str
    year: int
    rule: str
    reverses: str
    """Event id of the `record.registered.v1`."""
    reason: str
    registrar: str
    replacement: str = ""
    """The record that was registered instead (更正); empty where it was only taken back."""
    reopening: str = ""
    """As for a registration."""
    account: str = ""
    """The token's subject of who took it back; empty in entries from before it was kept."""


class AnomalyScrutinised(msgspec.Struct, frozen=True, kw_only=True):
    """`anomaly.scrutinised.v1`: somebody looked into a marked completion (核查)."""

    record: str
    teacher: str
    conclusion: Conclusion
    reason: str
    because: str
    """The `record.registered.v1` that marks it."""
    by: str
    account: str
    """The token's subject."""
