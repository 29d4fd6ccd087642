"""How far a declaration is and who may go on with it: whatever the rule's reviewers and whoever asks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hours.declarations.domain.declaration import (
    PENDING,
    Actor,
    Declaration,
    State,
    record_of,
    why_not_decided,
    why_not_declared,
)
from hours.records.domain.registration import Registration
from hours.roster.domain import Workplace

PLACE = Workplace(school="school:S", authority="district:D")
HERE = {"school:S", "district:D"}
KINDS = {"school": HERE, "centre": HERE, "distance_centre@city": {"city:C"}}
"""By reviewer, the places at which a caller of the kind may be bound."""


def declared(reviewers: Sequence[str], *accounts: str) -> Declaration:
    registration = Registration(
        record=record_of("A"),
        teacher="T1",
        year=2024,
        rule="GZ-HR-2.03",
        category="professional",
        hours=Decimal(8),
        activity="an activity",
        provider="",
        first=date(2024, 5, 2),
        last=date(2024, 5, 3),
        evidence="",
        details=None,
    )
    return Declaration(
        declaration="A",
        teacher="T1",
        registration=registration,
        declarant="teacher:T1",
        digest="",
        state="declared" if len(accounts) == 1 else "reviewed",
        hours=Decimal(8),
        credits=None,
        handed_in=datetime(2024, 6, 1, tzinfo=UTC),
        override="",
        reviewers=reviewers,
        accounts=accounts,
        authors=frozenset(accounts[:1]),
        entry="hours/1/1",
    )


def actor(kind: str, place: str, account: str = "somebody") -> Actor:
    return Actor(kind=kind, id=place.partition(":")[2], place=place, account=account)


@given(
    reviewers=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3, unique=True),
    agreed=st.data(),
    kind=st.sampled_from(["school", "centre", "distance_centre", "teacher"]),
    place=st.sampled_from(["school:S", "school:F", "district:D", "district:E", "city:C", "person:T1"]),
    account=st.sampled_from(["a0", "a1", "a2", "other"]),
)
def test_only_who_is_next_and_had_no_hand_in_it_decides(
    reviewers: list[str], agreed: st.DataObject, kind: str, place: str, account: str
) -> None:
    accounts = [f"a{n}" for n in range(1 + agreed.draw(st.integers(0, len(reviewers) - 1)))]
    one = declared(reviewers, *accounts)
    next_up = reviewers[len(accounts) - 1]
    right = kind == next_up.partition("@")[0] and place in KINDS[next_up]
    expected = "declaration.not_awaited" if not right else None
    if right and account in accounts:
        expected = "declaration.own"
    assert why_not_decided(one, actor(kind, place, account), PLACE) == expected
    assert one.is_at_last == (len(accounts) == len(reviewers))


@pytest.mark.parametrize("state", sorted(frozenset(get_args(State)) - PENDING))
def test_nobody_decides_on_what_waits_for_nobody(state: State) -> None:
    over = replace(declared(["school"], "a0"), state=state)
    assert over.awaits is None
    assert why_not_decided(over, actor("school", "school:S"), PLACE) == "declaration.not_pending"


def test_a_declaration_is_its_declarants_and_the_operators_to_change() -> None:
    one = declared(["school"], "a0")
    assert why_not_declared(None, actor("teacher", "person:T2")) is None
    assert why_not_declared(one, actor("teacher", "person:T1")) is None
    assert why_not_declared(one, actor("teacher", "person:T2")) == "declaration.conflict"
    assert why_not_declared(one, replace(actor("operator", "deployment:x"), acts_for_others=True)) is None
