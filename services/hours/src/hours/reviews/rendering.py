"""Reviews for people: how far one is, its records as they were marked, and what a statement says of them."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from hours.records.domain.entries import RecordRegistered
from hours.records.domain.explanation import told_amounts
from hours.records.domain.numbers import address
from hours.reviews.domain import Item, Review, outcome_of
from hours.reviews.store import Counts
from shared.runtime.journal import Entry


def shown(review: Review, counts: Counts) -> dict[str, Any]:
    """A review as it stands."""
    over = review.state == "signed_off"
    return {
        "review": review.review,
        "place": review.place,
        "year": review.year,
        "kind": review.kind,
        "sample": None if review.sample is None else msgspec.structs.asdict(review.sample),
        "seed": review.seed,
        "registered": review.registered,
        "items": review.items,
        "by": review.by,
        "state": review.state,
        "counts": counts._asdict(),
        "outcome": outcome_of(counts.upheld) if over else None,
        "override": review.override or None,
        "opened_at": review.opened_at.isoformat(),
        "signed_off_at": review.signed_off_at.isoformat() if review.signed_off_at else None,
    }


def items(rows: Iterable[Item], entries: Mapping[str, Entry]) -> list[dict[str, Any]]:
    """Records of reviews as they were registered and marked, and what became of each since."""
    return [
        {
            "review": row.review,
            "record": row.record,
            "teacher": row.teacher,
            **_registered(entries[row.record].parse(RecordRegistered)),
            "href": address(row.record),
            "answerable": row.answerable,
            "mark": row.mark,
            "reason": row.reason or None,
            "answer": row.answer or None,
            "since": row.since,
            "replacement": row.replacement or None,
            "upheld": row.upheld,
        }
        for row in rows
    ]


def _registered(fact: RecordRegistered) -> dict[str, Any]:
    return {
        "source_rule": fact.rule,
        "category": fact.category,
        **told_amounts(fact.hours, fact.credits),
        "activity": fact.activity,
        "provider": fact.provider,
        "from": fact.first.isoformat(),
        "to": fact.last.isoformat(),
        "evidence": fact.evidence,
        "files": fact.files,
    }
