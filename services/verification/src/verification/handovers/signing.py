"""Messages to the province and their signatures, by Standard Webhooks 1.0.

Each attempt sends the same bytes under the same id; only its time and its signatures are new. The id ends
with the hash of the last entry, which covers all before it, so no other message ever has it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
from standardwebhooks import Webhook

from shared.contracts.verification import Figures, VerificationSubmitted
from shared.runtime.journal import Entry, canonical
from verification.judgements.entries import SUBMITTED


class Message(NamedTuple):
    """What is sent, as it is signed."""

    id: str
    body: str


class _Submission(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One teacher's year: no name, no number of a person."""

    submission: str
    """Event id of the `verification.submitted.v1`."""
    teacher: str
    year: int
    figures: Figures
    withheld: list[str] = msgspec.field(default_factory=list)
    submitted_at: datetime


class _Data(msgspec.Struct, frozen=True):
    submissions: list[_Submission]


class _Body(msgspec.Struct, frozen=True, rename={"moment": "timestamp"}):
    """A payload as the standard shapes it."""

    type: str
    moment: datetime
    data: _Data


def message(sender: str, entries: Sequence[Entry]) -> Message:
    """What was submitted, as one message of a deployment."""
    last = entries[-1]
    data = _Data([_submission(entry) for entry in entries])
    return Message(
        id=f"{sender}-{last.partition}-{last.seq}-{last.hash.hex()[:12]}",
        body=canonical(_Body(SUBMITTED, last.recorded_at, data)),
    )


def headers(message: Message, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """What a message is sent with: one signature for each secret, so that one can follow the other."""
    # The library takes the figures of a time for those of UTC, whatever its zone.
    sent_at = now.astimezone(UTC)
    signatures = [Webhook(secret).sign(message.id, sent_at, message.body) for secret in secrets]
    return {
        "content-type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _submission(entry: Entry) -> _Submission:
    said = entry.parse(VerificationSubmitted)
    return _Submission(
        submission=entry.id,
        teacher=said.teacher,
        year=said.year,
        figures=said.figures,
        withheld=said.withheld,
        submitted_at=entry.recorded_at,
    )
