"""Packs that recognise hours of elsewhere, and transcripts that an issuer elsewhere signs."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import msgspec

from hours.roster.operations.identities import digest_of
from hours.transcripts.domain.transcript import (
    KIND,
    Bilingual,
    Holder,
    Jurisdiction,
    Line,
    Source,
    Transcript,
)
from shared.runtime.journal import canonical
from tests.integration.hours.acts import key
from tests.integration.hours.packs import SHIPPED
from tests.integration.hours.test_persons import ONE
from tests.support.transcripts import signer_of
from tests.support.versions import as_version

NEIGHBOURS = """
[[hours]]
kind = "recognised_elsewhere"
id = "T-RC-1"
clause = "二(二)"
words = "跨区培训,学分互认"
title = "Hours of neighbouring districts"
title_zh = "区际互认学时"
category = "professional"
registrars = ["teacher", "school"]
through = "declaration"

[[hours.factors]]
issuers = ["west", "south"]
unit = "hour"
category = "professional"
numerator = 1
denominator = 1
"""
FAR = """
[[hours]]
kind = "recognised_elsewhere"
id = "T-RC-2"
clause = "七"
words = "外地学分须经认定"
title = "Credits from elsewhere"
title_zh = "外地学分认定"
category = "professional"
registrars = ["teacher"]
through = "declaration"
reviewers = ["school", "centre"]
cap = 30

[[hours.factors]]
unit = "credit"
mode = "concentrated"
numerator = 8
denominator = 1

[[hours.factors]]
unit = "credit"
numerator = 10
denominator = 3
"""
NONE = """
[[hours]]
kind = "recognised_elsewhere"
id = "T-RC-3"
clause = "六"
words = "学分在本市范围内有效"
title = "Credits from outside"
title_zh = "外地学分"
category = "professional"
registrars = ["teacher"]
through = "declaration"
reviewers = ["centre"]
"""
"""Figures of no city."""


def pack_of(folder: Path, *rules: str) -> str:
    """The shipped pack with further rules, as a file."""
    written = folder / "recognising.toml"
    changed = SHIPPED.replace("[[requirements]]", "".join(rules) + "\n[[requirements]]", 1)
    written.write_text(as_version(changed), encoding="utf-8")
    return str(written)


def line(name: str, counted: str, **changed: Any) -> Line:
    said: dict[str, Any] = {
        "line": name,
        "year": 2026,
        "category": "professional",
        "category_name": Bilingual(en="professional", zh="专业科目"),
        "rule": "W-1",
        "title": Bilingual(en="Classes", zh="培训班"),
        "policy": "west@1",
        "way": "class",
        "mode": "",
        "level": "",
        "activity": f"活动 {name}",
        "provider": "西区教师发展中心",
        "first": datetime(2026, 5, 6, tzinfo=UTC).date(),
        "last": datetime(2026, 5, 10, tzinfo=UTC).date(),
        "unit": "hour",
        "registered": Decimal(counted),
        "counted": Decimal(counted),
        **changed,
    }
    return Line(**said)


def from_there(issuer: str, name: str) -> Source:
    return Source(issuer=issuer, line=name)


def transcript(*lines: Line, number: str = "W-1", issuer: str = "west", citizen: str = ONE) -> Transcript:
    salt = bytes(16)
    name = Bilingual(en=issuer, zh=issuer)
    return Transcript(
        transcript=number,
        issuer=issuer,
        jurisdiction=Jurisdiction(name=name, division="440303", policy=f"{issuer}@1"),
        issued_at=datetime(2026, 6, 1, tzinfo=UTC),
        holder=Holder(teacher="W7", name="阿卜杜拉·买买提", salt=salt.hex(), digest=digest_of(citizen, salt)),
        first=2026,
        last=2026,
        lines=list(lines),
        years=[],
    )


def signed(content: Transcript | bytes, by: str = "", kind: str = KIND) -> str:
    text = content if isinstance(content, bytes) else canonical(content).encode()
    issuer = by or msgspec.json.decode(text)["issuer"]
    return signer_of(issuer).signed(text, kind)


async def hand_in(
    hours: httpx.AsyncClient, text: str, headers: dict[str, str], teacher: str = "T1"
) -> httpx.Response:
    body = {"teacher": teacher, "signed": text}
    return await hours.post("/v1/recognitions", json=body, headers={**key(), **headers})


async def results(
    hours: httpx.AsyncClient, text: str, headers: dict[str, str]
) -> list[tuple[str, str, str | None]]:
    """Each line with its state and hours, or with the code of its refusal."""
    answer = await hand_in(hours, text, headers)
    assert answer.status_code == 200, answer.text
    return [
        (one["line"], one["problem"]["code"], None)
        if "problem" in one
        else (one["line"], one["state"], one["hours"])
        for one in answer.json()["results"]
    ]
