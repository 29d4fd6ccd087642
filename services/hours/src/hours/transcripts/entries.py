"""What the journal says of a transcript: that it was issued, and its digest. Nothing of the person."""

import msgspec


class TranscriptIssued(msgspec.Struct, frozen=True, kw_only=True):
    """`transcript.issued.v1`: a transcript was signed."""

    transcript: str
    teacher: str
    issuer: str
    first: int
    last: int
    lines: int
    digest: str
    """SHA-256 of the content that was signed, hex."""
    key: str
    """Which key signed."""
    by: str
    """Kind and id of the caller, such as `teacher:T1`."""
    account: str
    """The token's subject."""
