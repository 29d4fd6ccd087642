"""Properties of the ledger: caps hold in any order, and posting by difference equals cutting afresh."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hours.ledger.domain.cap import cut
from hours.ledger.domain.claim import Account, Claim, Limit, Line, Posting
from hours.ledger.domain.difference import Post, Reverse, steps

ACCOUNT = Account(teacher="T1", year=2024, rule="GZ-HR-2.04", category="professional")
AMOUNTS = st.decimals(min_value=0, max_value=40, places=2)
CAPS = st.none() | st.decimals(min_value=0, max_value=60, places=2)


def claim(ground: int, hours: Decimal) -> Claim:
    return Claim(
        ground=f"record:R{ground}",
        account=ACCOUNT,
        hours=hours,
        reason="",
        origin="hours/32/1",
        effective_at=datetime(2024, 5, 1, tzinfo=UTC),
    )


@given(st.lists(AMOUNTS, max_size=12).flatmap(st.permutations), CAPS)
def test_what_counts_is_the_smaller_of_the_sum_and_the_cap_in_any_order(
    hours: list[Decimal], cap: Decimal | None
) -> None:
    claims = [claim(index, amount) for index, amount in enumerate(hours)]
    cuts = list(cut((claim, Limit(cap)) for claim in claims))
    asked = sum(hours, Decimal(0))
    assert sum((c.counted for c in cuts), Decimal(0)) == (asked if cap is None else min(asked, cap))
    assert all(c.counted + c.over_cap == asked.hours for c, asked in zip(cuts, claims, strict=True))


class Book:
    """A naive book of live postings, fed with steps and nothing else."""

    def __init__(self) -> None:
        self.standing: list[Claim] = []
        self.posted: dict[str, Posting] = {}
        self.events = 0

    def settle(self, cap: Decimal | None) -> None:
        lines = [
            Line(claim=c, limit=Limit(cap), policy="test@1", posting=self.posted.get(c.ground))
            for c in self.standing
        ]
        for step in steps(lines):
            match step:
                case Reverse(posting=posting):
                    assert self.posted.pop(step.claim.ground) == posting
                case Post(cut=result):
                    assert step.claim.ground not in self.posted
                    self.events += 1
                    self.posted[step.claim.ground] = Posting(
                        event=f"hours/32/{self.events}", counted=result.counted, over_cap=result.over_cap
                    )


ACTS = st.lists(
    st.tuples(st.sampled_from(["register", "reverse", "shrink"]), st.integers(0, 99), AMOUNTS), max_size=25
)


@given(ACTS, CAPS)
def test_posting_by_difference_equals_cutting_afresh(
    acts: list[tuple[str, int, Decimal]], cap: Decimal | None
) -> None:
    book = Book()
    for number, (act, index, amount) in enumerate(acts):
        at = index % len(book.standing) if book.standing else None
        if act == "register" or at is None:
            book.standing.append(claim(number, amount))
        elif act == "reverse":
            book.posted.pop(book.standing.pop(at).ground)
        else:
            book.standing[at] = replace(book.standing[at], hours=min(amount, book.standing[at].hours))
        book.posted = {g: p for g, p in book.posted.items() if g in {c.ground for c in book.standing}}
        book.settle(cap)
        cuts = cut((c, Limit(cap)) for c in book.standing)
        afresh = {c.ground: r for c, r in zip(book.standing, cuts, strict=True)}
        assert {g: (p.counted, p.over_cap) for g, p in book.posted.items()} == {
            g: (r.counted, r.over_cap) for g, r in afresh.items()
        }
