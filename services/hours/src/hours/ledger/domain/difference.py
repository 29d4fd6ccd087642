"""Posting by difference (冲正): what is posted and should not stand is reversed, what should stand is posted.

Late records and reversals need no code of their own: the result is the same as cutting all claims afresh,
each under the caps of the version of the rules under which it was registered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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

    line: Line
    cut: Cut

    @property
    def claim(self) -> Claim:
        """What is asked for."""
        return self.line.claim


Step = Reverse | Post


def steps(lines: Sequence[Line]) -> Iterator[Step]:
    """What to write so that exactly the claims of `lines`, in this order, stand under their caps."""
    for line, result in zip(lines, cut((line.claim, line.limit) for line in lines), strict=True):
        posted = line.posting
        if posted is not None:
            if (posted.counted, posted.over_cap) == (result.counted, result.over_cap):
                continue
            yield Reverse(claim=line.claim, posting=posted)
        yield Post(line=line, cut=result)
