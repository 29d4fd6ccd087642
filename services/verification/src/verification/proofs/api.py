"""HTTP of proofs: a teacher's last years in one answer."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from shared.access import ReachOf
from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import DomainError, language_of
from shared.runtime.fields import MAX_TEXT, Year
from shared.runtime.hindsight import AsKnown
from shared.runtime.reading import Read
from verification.judgements import operations as judgements
from verification.proofs import rendering
from verification.proofs.domain import prove, spanned
from verification.proofs.rendering import Proof
from verification.settings import ContextOf

router = APIRouter(prefix="/v1", tags=["results"], route_class=TransactionalRoute)


@router.get(
    "/teachers/{teacher}/proof",
    summary="A teacher's last years in one proof, as a promotion asks for it",
    description="Ends with `year`. `earliest` is the first year in the current title; of more years than the"
    " rules name, the last ones are proven.",
    responses={
        404: {"description": "`teacher.out_of_reach`"},
        422: {"description": "`known_at.not_past`, `proof.not_offered`, `proof.no_year`"},
    },
)
async def prove_years(
    request: Request,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    as_it_was: AsKnown,
    teacher: Annotated[str, Path(max_length=MAX_TEXT, examples=["T0360"])],
    year: Annotated[Year, Query(description="The last year.")],
    earliest: Annotated[Year | None, Query(description="Years before it are left out.")] = None,
) -> Proof:
    await reach.hold(tx, teacher)
    rule = context.pack.proof
    if rule is None:
        raise DomainError("proof.not_offered")
    span = spanned(rule.years, year, earliest)
    if span.first > span.last:
        raise DomainError.at("/earliest", "proof.no_year", earliest=span.first, year=year)
    known = await judgements.of_teacher(tx, context, teacher, as_it_was)
    return rendering.proof(teacher, prove(span, known), context.pack, language_of(request))
