"""Posting by difference (冲正): what is posted and should not stand is reversed, what should stand is posted.

Late records, reversals and moved caps need no code of their own: the result is the same as cutting all
claims afresh.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hours.ledger.domain.cap import cut
from hours.ledger.domain.claim import Claim, Cut, Line, Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse:
    """Take a posting back whole."""

    claim: Claim
    posting: Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Post what counts of a claim, and what does not."""

    claim: Claim
    cut: Cut
    cap: Decimal | None


Step = Reverse | Post


def steps(lines: Sequence[Line], cap: Decimal | None) -> Iterator[Step]:
    """What to write so that exactly the claims of `lines`, in this order, stand under `cap`."""
    for line, result in zip(lines, cut((line.claim for line in lines), cap), strict=True):
        posted = line.posting
        if posted is not None:
            if (posted.counted, posted.over_cap) == (result.counted, result.over_cap):
                continue
            yield Reverse(claim=line.claim, posting=posted)
        yield Post(claim=line.claim, cut=result, cap=cap)
