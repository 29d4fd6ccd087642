"""A line of a transcript as this jurisdiction sees it: where it was earned, and under which number.

The same line has the same number in whatever transcript it stands, and so is recognised once, also after its
issuer corrected it. What was itself recognised elsewhere is known by where it was earned first.
"""

from hours.ledger.domain.amount import exact
from hours.records.domain.numbers import made
from hours.records.domain.registration import Origin
from hours.transcripts.domain.transcript import Line, Transcript


def origin_of(transcript: Transcript, line: Line) -> Origin:
    """Where the hours of a line come from."""
    return Origin(
        issuer=transcript.issuer,
        transcript=transcript.transcript,
        line=line.line,
        unit=line.unit,
        category=line.category,
        mode=line.mode,
        amount=exact(line.counted),
        earned_with=line.source.issuer if line.source else transcript.issuer,
        earned_as=line.source.line if line.source else line.first_line or line.line,
    )


def number_of(origin: Origin) -> str:
    """The number under which a line is declared, whoever hands it in and with which transcript."""
    return made("transcript", origin.earned_with, origin.earned_as)


def why_not_taken(origin: Origin, own: str) -> str | None:
    """The code of the refusal of a line that nothing here could recognise, where `own` signs."""
    if origin.earned_with == own:
        return "recognition.earned_here"
    return None if origin.amount else "recognition.nothing_counts"
