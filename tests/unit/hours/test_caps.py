"""Caps by rule and year, cut in order of registration (domain.md 4.4-4.7, scenario 4)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from hours.ledger.domain.cap import cut, left, limit_of
from hours.ledger.domain.claim import Account, Claim, Cut, Limit, Line, Posting
from hours.ledger.domain.difference import Post, Reverse, steps
from shared.policy.categories import Category
from tests.unit.hours.packs import pack

AT = datetime(2024, 5, 1, tzinfo=UTC)


def account(rule: str, category: Category = "professional") -> Account:
    return Account(teacher="T1", year=2024, rule=rule, category=category)


def claims(rule: str, hours: Sequence[str], category: Category = "professional") -> list[Claim]:
    return [
        Claim(
            ground=f"record:R{index}",
            account=account(rule, category),
            hours=Decimal(amount),
            reason="",
            origin=f"hours/32/{index + 1}",
            effective_at=AT,
        )
        for index, amount in enumerate(hours)
    ]


def cut_under(limit: Limit, claims: Sequence[Claim]) -> list[Cut]:
    return list(cut((claim, limit) for claim in claims))


@pytest.mark.parametrize(
    ("rule", "category", "hours", "counted", "over"),
    [
        ("GZ-HR-2.02", "professional", ["60", "80"], ["60", "80"], ["0", "0"]),
        ("GZ-HR-2.04", "professional", ["6", "6"], ["6", "4"], ["0", "2"]),
        ("GZ-HR-2.06", "professional", ["60", "80"], ["60", "80"], ["0", "0"]),
        ("GZ-HR-2.07", "professional", ["50"], ["42"], ["8"]),
        ("GZ-HR-2.07", "professional", ["30", "20"], ["30", "12"], ["0", "8"]),
        ("GZ-HR-2.09", "professional", ["40"], ["28"], ["12"]),
        ("GZ-HR-2.10", "professional", ["14", "14"], ["14", "14"], ["0", "0"]),
        ("GZ-HR-2.10", "professional", ["28", "14"], ["28", "0"], ["0", "14"]),
        ("GZ-HR-2.10", "professional", ["14", "14", "14"], ["14", "14", "0"], ["0", "0", "14"]),
        ("GZ-HR-2.12a", "professional", ["20", "20"], ["20", "0"], ["0", "20"]),
        ("GZ-HR-2.12b", "professional", ["60"], ["42"], ["18"]),
        ("GZ-HR-3.02", "elective", ["20"], ["18"], ["2"]),
        ("GZ-HR-3.03", "elective", ["30"], ["8"], ["22"]),
        ("GZ-HR-3.04", "elective", ["30"], ["18"], ["12"]),
        ("GZ-EX-01", "professional", ["10", "1"], ["10", "0"], ["0", "1"]),
    ],
)
def test_hours_over_a_cap_are_kept_and_not_counted(
    rule: str, category: Category, hours: list[str], counted: list[str], over: list[str]
) -> None:
    cuts = cut_under(limit_of(pack(), account(rule, category)), claims(rule, hours, category))
    assert [c.counted for c in cuts] == [Decimal(amount) for amount in counted]
    assert [c.over_cap for c in cuts] == [Decimal(amount) for amount in over]
    assert [c.reason for c in cuts] == ["cap.reached" if Decimal(amount) else "" for amount in over]


def test_what_lies_over_the_cap_is_not_counted_before_the_next_claim() -> None:
    cuts = cut_under(Limit(Decimal(10)), claims("GZ-HR-2.04", ["6", "6", "6"]))
    assert [c.before for c in cuts] == [0, 6, 10]


def test_the_exchange_has_a_cap_for_each_category_and_none_for_public() -> None:
    assert limit_of(pack(), account("GZ-EX-01", "elective")) == Limit(Decimal(10))
    assert limit_of(pack(), account("GZ-EX-01", "public")) == Limit(Decimal(0))


def test_what_is_left_under_a_cap_is_never_negative() -> None:
    assert left({2024: Decimal(6), 2023: Decimal(9)}, 2024, Limit(Decimal(10))) == 4
    assert left({2024: Decimal(12)}, 2024, Limit(Decimal(10))) == 0


def posted(claim: Claim, counted: str, over: str, cap: str = "10", policy: str = "guangzhou@1") -> Line:
    posting = Posting(event="hours/32/9", counted=Decimal(counted), over_cap=Decimal(over))
    return Line(claim=claim, limit=Limit(Decimal(cap)), policy=policy, posting=posting)


def fresh(claim: Claim, cap: str = "10", policy: str = "guangzhou@1") -> Line:
    return Line(claim=claim, limit=Limit(Decimal(cap)), policy=policy, posting=None)


def test_a_new_claim_is_posted_and_those_before_it_are_left_alone() -> None:
    first, second = claims("GZ-HR-2.04", ["6", "6"])
    written = list(steps([posted(first, "6", "0"), fresh(second)]))
    assert [type(step) for step in written] == [Post]
    assert isinstance(written[0], Post)
    assert (written[0].cut.counted, written[0].cut.over_cap, written[0].cut.before) == (
        Decimal(4),
        Decimal(2),
        Decimal(6),
    )


def test_a_reversal_lets_hours_over_the_cap_move_up() -> None:
    _, second, third = claims("GZ-HR-2.04", ["6", "6", "1"])
    written = list(steps([posted(second, "4", "2"), posted(third, "0", "1")]))
    assert [type(step) for step in written] == [Reverse, Post, Reverse, Post]
    assert [step.cut.counted for step in written if isinstance(step, Post)] == [6, 1]


def test_nothing_is_written_when_everything_stands_as_posted() -> None:
    first, second = claims("GZ-HR-2.04", ["6", "6"])
    assert not list(steps([posted(first, "6", "0"), posted(second, "4", "2")]))


@pytest.mark.parametrize(
    ("cap", "counted"), [("6", "0"), ("12", "2"), ("20", "6")], ids=["lowered", "raised", "raised by much"]
)
def test_a_cap_of_a_later_version_is_for_later_claims_only(cap: str, counted: str) -> None:
    first, second, third = claims("GZ-HR-2.04", ["6", "6", "6"])
    standing = [posted(first, "6", "0"), posted(second, "4", "2")]
    (step,) = steps([*standing, fresh(third, cap, "guangzhou@2")])
    assert isinstance(step, Post)
    assert (step.line.policy, step.cut.before, step.cut.counted) == (
        "guangzhou@2",
        Decimal(10),
        Decimal(counted),
    )


def test_what_moves_up_does_so_under_the_version_of_its_registration() -> None:
    _, second, third = claims("GZ-HR-2.04", ["6", "12", "12"])
    standing = [posted(second, "4", "8"), posted(third, "0", "12", "6", "guangzhou@2")]
    written = [step for step in steps(standing) if isinstance(step, Post)]
    assert [(step.line.policy, step.cut.counted) for step in written] == [("guangzhou@1", Decimal(10))]


def test_a_claim_of_no_hours_is_posted_with_its_own_reason() -> None:
    (claim,) = claims("GZ-HR-3.03", ["0"])
    low = Claim(
        ground=claim.ground,
        account=claim.account,
        hours=claim.hours,
        reason="score.below_rate",
        origin=claim.origin,
        effective_at=claim.effective_at,
    )
    (step,) = steps([fresh(low)])
    assert isinstance(step, Post)
    assert step.cut.reason == "score.below_rate"
