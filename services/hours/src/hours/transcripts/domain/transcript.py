"""A transcript (成绩单): what stands of a teacher's years, line by line, as another jurisdiction reads it.

Everything that is needed to read it stands in it: nobody has to ask the issuer. It never holds a citizen's
number, only what that number makes of a salt.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from shared.identifiers.citizen_id import stands_in
from shared.policy.conversions import Unit

KIND = "hourbank-transcript+json"
"""What the header of the signed text says that it is."""
MAX_YEARS = 20
MOST = 1_000_000
MAX_LINES = 2_000
"""Beyond it somebody asks for fewer years."""

Year = Annotated[int, Meta(ge=2000, le=2100)]
Short = Annotated[str, Meta(max_length=200)]
Number = Annotated[str, Meta(min_length=1, max_length=1_100)]


class Bilingual(msgspec.Struct, frozen=True, kw_only=True):
    """What something is called."""

    en: Short
    zh: Short


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a line was earned that the issuer itself recognised from somebody else."""

    issuer: Short
    line: Number


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What one record or exchange gave."""

    line: Number
    """The same in every transcript of the issuer: `record:R1`, `exchange:X1`."""
    first_line: Annotated[str, Meta(max_length=1_100)] = ""
    """What it was called before anything took its place, of what was corrected or assessed again."""
    year: Year
    category: Short
    category_name: Bilingual
    rule: Short
    title: Bilingual
    """Of the rule; empty where its version is not kept."""
    policy: Short
    """The version of the rules under which it stands."""
    way: Short
    """`completion`, `declaration`, `class`, `plan`, `exchange`."""
    mode: Short
    """How a class was held; empty where that is not known."""
    level: Short
    """Of who held a class; empty where that is not known."""
    activity: Short
    provider: Short
    first: date
    last: date
    unit: Unit
    registered: Decimal
    """Before any cap."""
    counted: Decimal
    source: Source | None = None
    """None: it was earned with the issuer."""


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """What a year came to."""

    year: Year
    counted: Mapping[Short, Decimal]
    """By category, of the year's own lines, less what is deducted."""
    deducted: Mapping[Short, Decimal] = {}
    """By category, what inspections took of the year (扣减); nothing of a category of which none is."""
    over_cap: Decimal
    carried_in: Decimal
    """From the year before, in whose lines it stands."""
    carry_out: Decimal
    outcome: Short
    """Of the last verdict: `pass`, `fail` or `revoked`; empty where none is known."""


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whose it is. The digest is scrypt (N = 2¹⁴, r = 8, p = 1, 32 bytes) of the citizen's number, in hex."""

    teacher: Short
    """The id with the issuer."""
    name: Short
    salt: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
    digest: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class Jurisdiction(msgspec.Struct, frozen=True, kw_only=True):
    """By whose rules."""

    name: Bilingual
    division: Short
    policy: Short
    """The version in force when it was issued."""


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """The content of a transcript."""

    transcript: Short
    """Its number with the issuer."""
    issuer: Short
    jurisdiction: Jurisdiction
    issued_at: datetime
    holder: Holder
    first: Year
    last: Year
    lines: Annotated[list[Line], Meta(max_length=MAX_LINES)]
    years: Annotated[list[Sums], Meta(max_length=MAX_YEARS)]


def why_not_spanned(first: int, last: int) -> str | None:
    """The code of the refusal of years that no transcript is of."""
    return None if first <= last < first + MAX_YEARS else "transcript.span"


def read(content: bytes) -> Transcript | None:
    """The transcript in a text that somebody else wrote; None where it is none."""
    try:
        found = msgspec.json.decode(content, type=Transcript)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if not all(_is_text(line) for line in found.lines) or "\\u0000" in content.decode():
        return None
    amounts = [amount for line in found.lines for amount in (line.registered, line.counted)]
    return found if all(map(_is_amount, amounts)) else None


def _is_text(line: Line) -> bool:
    """Whether what others will read of a line holds no citizen's number."""
    return not any(
        map(stands_in, (line.line, line.first_line, line.activity, line.provider, line.category, line.mode))
    )


def _is_amount(amount: Decimal) -> bool:
    """Whether hours or credits are zero or more, below a million, of two places at most."""
    return amount.is_finite() and 0 <= amount < MOST and amount == round(amount, 2)
