"""Over whom a draft is evaluated (试算范围): everyone, a district, a school, named teachers, or a draw.

Whoever lies out of the caller's reach is not among them, as who does not exist.
"""

from bisect import bisect_right
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import ARRAY, bindparam, select
from sqlalchemy import Text as SqlText

from shared.access import Reach
from shared.drawing import drawn
from shared.runtime.database import Transaction
from shared.runtime.fields import Text

MAX_NAMED = 1000
MAX_DRAWN = 10_000


class Draw(BaseModel):
    """The first so many in the order of a keyed digest: the same seed draws the same teachers anywhere."""

    number: Annotated[int, Field(ge=1, le=MAX_DRAWN)]
    seed: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class WhatIfScope(BaseModel):
    """Whose year: everyone's, of a district or school by `id`, or of the `teachers` who are named."""

    kind: Literal["everyone", "district", "school", "teachers"]
    id: Text | None = None
    teachers: Annotated[list[Text], Field(max_length=MAX_NAMED)] = []
    draw: Draw | None = None

    @model_validator(mode="after")
    def _names_whom(self) -> Self:
        wants_id = self.kind in {"district", "school"}
        if wants_id and self.id is None:
            raise PydanticCustomError("scope.id_missing", "an id is missing")
        if not wants_id and self.id is not None:
            raise PydanticCustomError("scope.id_unexpected", "this kind has no id")
        if self.teachers and self.kind != "teachers":
            raise PydanticCustomError("scope.id_unexpected", "this kind names no teachers")
        return self


async def members(
    tx: Transaction, reach: Reach, scope: WhatIfScope, after: str | None, limit: int
) -> list[str]:
    """The teachers of a scope behind `after`, at most `limit`, in order."""
    teacher = reach.places.teachers.c.teacher
    query = select(teacher).where(await reach.within(tx, teacher)).order_by(teacher)
    if scope.kind == "teachers":
        query = query.where(teacher == bindparam("named", scope.teachers, ARRAY(SqlText)).any_())
    elif scope.id is not None:
        query = query.where(reach.places.within(teacher, await reach.places.below(tx, scope.id)))
    if scope.draw is None:
        if after is not None:
            query = query.where(teacher > after)
        return list((await tx.execute(query.limit(limit))).scalars())
    everyone = (await tx.execute(query)).scalars()
    among = drawn(everyone, scope.draw.number, PURPOSE, scope.draw.seed)
    begin = 0 if after is None else bisect_right(among, after)
    return among[begin : begin + limit]


PURPOSE = "what-if"
"""What teachers are drawn for."""
