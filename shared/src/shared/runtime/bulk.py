"""Bulk requests: an object or an array of objects; good rows are kept, bad ones reported by index.

Rows are read one by one, so that one malformed row never fails its neighbours. A row's outcome is an
`Answer` or the refusal itself. How many rows there may be is known before any is read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, TypeVar

import msgspec
from fastapi import Depends, Request
from fastapi.responses import JSONResponse
from pydantic import Field, TypeAdapter, ValidationError

from shared.runtime.errors import DomainError, Fault, Problems, faults_of
from shared.runtime.fields import MAX_ROWS
from shared.runtime.idempotency import Answer, Encoded

T_co = TypeVar("T_co", covariant=True)


class Shape(Protocol[T_co]):
    """What reads one row; a `TypeAdapter` is one."""

    def validate_python(self, row: Any, /) -> T_co:  # noqa: ANN401 - whatever the body holds
        """The row as a value, or pydantic's ValidationError."""


Rows = Annotated[list[Any], Field(max_length=MAX_ROWS)]
"""Rows of a body, unread."""

Outcome = Answer | DomainError


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of a body, unread; `single` where the body was one object."""

    rows: Sequence[Any]
    single: bool


async def batch_of(request: Request) -> Batch:
    """The rows of a JSON body.

    Raises:
        DomainError: `body.not_json`, 400; `body.invalid`, 422, of an array that is too long.
    """
    try:
        body = msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise DomainError("body.not_json") from None
    if not isinstance(body, list):
        return Batch([body], single=True)
    if len(body) > MAX_ROWS:
        raise DomainError("body.invalid", faults=[Fault("", "list.too_long", {"max_length": MAX_ROWS})])
    return Batch(body, single=False)


BatchOf = Annotated[Batch, Depends(batch_of)]
"""For routes that take an object or an array."""


def parse(shape: Shape[T_co], row: Any) -> T_co | DomainError:  # noqa: ANN401 - whatever the body holds
    """One row in its shape, or the refusal that names every place in it."""
    try:
        return shape.validate_python(row)
    except ValidationError as error:
        return DomainError("body.invalid", faults=faults_of(error.errors()))


def merged(read: Iterable[object], outcomes: Iterable[Outcome]) -> list[Outcome]:
    """An outcome for each row: its refusal where it could not be read, else the next of `outcomes`."""
    left = iter(outcomes)
    return [row if isinstance(row, DomainError) else next(left) for row in read]


def respond(batch: Batch, outcomes: Sequence[Outcome], problems: Problems) -> JSONResponse:
    """The answer to the whole request, one result a row in the order of the rows.

    Raises:
        DomainError: the refusal of a single object.
    """
    if batch.single:
        if isinstance(outcomes[0], DomainError):
            raise outcomes[0]
        return outcomes[0].response()
    return Encoded(results(outcomes, problems))


def results(
    outcomes: Sequence[Outcome], problems: Problems, about: Sequence[Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """The body of a bulk answer; `about` says of each row what it is about, also where it is refused."""
    rows = [_result(index, outcome, problems) for index, outcome in enumerate(outcomes)]
    if about is not None:
        rows = [{**row, **said} for row, said in zip(rows, about, strict=True)]
    refused = sum(isinstance(outcome, DomainError) for outcome in outcomes)
    replayed = sum(isinstance(outcome, Answer) and outcome.replayed for outcome in outcomes)
    return {
        "results": rows,
        "accepted": len(rows) - refused - replayed,
        "replayed": replayed,
        "refused": refused,
    }


def _result(index: int, outcome: Outcome, problems: Problems) -> dict[str, Any]:
    if isinstance(outcome, DomainError):
        problem = problems.render(outcome)
        return {"index": index, "status": problem["status"], "problem": problem}
    marked = {"replayed": True} if outcome.replayed else {}
    return {"index": index, "status": outcome.status, **marked, **outcome.body}


def request_body(shape: TypeAdapter[Any], example: Mapping[str, Any]) -> dict[str, Any]:
    """`openapi_extra` of a route that takes one object or an array of them."""
    one = _whole(shape)
    content = {
        "schema": {"oneOf": [one, {"type": "array", "items": one, "maxItems": MAX_ROWS}]},
        "examples": {"one": {"value": dict(example)}, "many": {"value": [dict(example)]}},
    }
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def rows_of(row: type) -> dict[str, Any]:
    """What the description of `Rows` says beside it: the schema of a row."""
    return {"items": _whole(TypeAdapter(row))}


def _whole(shape: TypeAdapter[Any]) -> dict[str, Any]:
    """The schema of a shape that stands by itself: it names no other, since those lie in their places."""
    schema = shape.json_schema()
    one: dict[str, Any] = _inlined(schema, schema.pop("$defs", {}))
    return one


def _inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(schema, list):
        return [_inlined(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(value, definitions) for key, value in schema.items()}
