"""Over which years a draft is evaluated (试算年度): one by itself, or those of a cycle on each side."""

from typing import Annotated, NamedTuple

from pydantic import BaseModel, Field

from shared.policy.cycles import Span
from shared.policy.pack import Pack
from shared.runtime.errors import DomainError
from shared.runtime.fields import Text

CycleName = Annotated[
    Text | None,
    Field(
        description="The rule whose cycle is evaluated as it stands after `year`, the last year that is"
        " counted; without it the year by itself."
    ),
]


class ShownSpan(BaseModel):
    """The years that one set of rules looks at together; of a cycle, also those behind `year`."""

    first: int
    last: int


class ShownSpans(BaseModel):
    """The same of both sides: a draft may begin its cycle in another year, or make it longer."""

    in_force: ShownSpan
    draft: ShownSpan


class Spans(NamedTuple):
    """The years of both sides."""

    in_force: Span
    draft: Span

    def until(self, year: int) -> list[int]:
        """Every year up to that one at which any side looks, in order."""
        return sorted({one for span in self for one in span.years if one <= year})

    @property
    def shown(self) -> ShownSpans:
        """As an answer tells them."""
        in_force, draft = (ShownSpan(first=span.first, last=span.last) for span in self)
        return ShownSpans(in_force=in_force, draft=draft)


def spans(in_force: Pack, draft: Pack, year: int, cycle: str | None) -> Spans:
    """The years that both sides look at.

    Raises: DomainError `cycle.unknown`, at the draft where the rules in force know the cycle.
    """
    return Spans(_span(in_force, year, cycle, "/cycle"), _span(draft, year, cycle, "/pack"))


def _span(pack: Pack, year: int, cycle: str | None, path: str) -> Span:
    if cycle is None:
        return Span(year, year)
    asked = pack.cycle(cycle)
    span = None if asked is None else asked.span(year)
    if span is None:
        raise DomainError.at(path, "cycle.unknown", cycle=cycle, year=year)
    return span


def year_of(said: int | None, year: int, looked_at: list[int], path: str) -> int:
    """The year of which a row beside the draft speaks; the one that is asked where it says none.

    Raises: DomainError `year.not_looked_at`.
    """
    found = year if said is None else said
    if found not in looked_at:
        raise DomainError.at(path, "year.not_looked_at", year=found, first=looked_at[0], last=looked_at[-1])
    return found
