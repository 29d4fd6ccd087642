"""What every route shares that shows a file: how it is described, how it is named, how it is sent."""

from typing import Annotated, Any

from fastapi import Path
from fastapi.responses import Response

from hours.evidence import operations
from hours.evidence.operations import Stored
from hours.settings import Context
from shared.runtime.inspection.findings import KINDS

BINARY = {"schema": {"type": "string", "format": "binary"}}
Digest = Annotated[str, Path(max_length=100)]

SHOWS: dict[int | str, dict[str, Any]] = {
    200: {"content": dict.fromkeys(KINDS, BINARY)},
    404: {"description": "`evidence.unknown`"},
    503: {"description": "`file.no_place`, `file.place_away`, `file.altered`"},
}
"""What such a route answers."""


async def sent(context: Context, stored: Stored) -> Response:
    """A file as it was handed in; outside of any transaction, since the place of files may be slow.

    Raises:
        AwayError: `file.no_place`, `file.place_away`, `file.altered`, 503.
    """
    copy = await operations.copy_of(context, stored)
    return Response(copy.content, media_type=copy.media_type, headers=copy.headers)
