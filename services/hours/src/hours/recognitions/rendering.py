"""Recognitions for people: which line, by which factor of which clause, and what that comes to."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from hours.declarations.domain.declaration import Declaration
from hours.records.domain.explanation import arithmetic
from hours.records.domain.numbers import address
from hours.records.domain.recognition import recognised
from hours.records.domain.registration import Granted
from hours.transcripts.domain.transcript import Line
from shared.policy.explain import ground
from shared.policy.pack import Pack
from shared.policy.sources import RecognisedElsewhere

EXAMPLE: dict[str, Any] = msgspec.json.decode(Path(__file__).with_name("example.json").read_bytes())
"""A transcript that is handed in; data, since it is signed."""


def about(line: Line) -> dict[str, Any]:
    """Which line of the transcript a result is of."""
    return {"line": line.line, "activity": line.activity, "unit": line.unit, "amount": f"{line.counted:.2f}"}


def declared(pack: Pack, one: Declaration) -> dict[str, Any]:
    """A line as it is declared here, and how its hours come about."""
    content = one.registration
    rule, origin = pack.source(content.rule), content.details.origin if content.details else None
    assert isinstance(rule, RecognisedElsewhere), "what is recognised has its rule"
    granted = recognised(rule, origin)
    assert isinstance(granted, Granted), "what is declared was granted"
    return {
        "declaration": one.declaration,
        "teacher": one.teacher,
        "year": content.year,
        "category": content.category,
        **ground(pack, rule.id),
        "factor": granted.basis["factor"],
        "hours": f"{granted.hours:.2f}",
        "arithmetic": arithmetic(granted.basis, granted.hours),
        "state": one.state,
        "awaits": one.awaits,
        "record": address(one.record) if one.state == "posted" else None,
        "href": f"/v1/declarations/{quote(one.declaration)}",
    }
