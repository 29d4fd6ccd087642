"""Masking of names (姓名脱敏) for strangers and auditors: its owner recognises it, nobody can look it up.

A name of one part keeps its first character and, from three characters on, its last; the parts of a name
written with `·` (or blanks) keep their first. One-character names keep nothing. The length stays, so that
a swapped name of another length is seen.
"""

import re
import unicodedata
from itertools import pairwise

MASK = "*"

_SEPARATORS = re.compile(r"([·•‧・.\s-]+)")


def mask(name: str) -> str:
    """The name as those see it who may not know whose it is."""
    pieces = _SEPARATORS.split(unicodedata.normalize("NFC", name.strip()))
    alone = sum(bool(piece) for piece in pieces[::2]) <= 1
    return "".join(
        piece if place % 2 else _masked(piece, keep_last=alone) for place, piece in enumerate(pieces)
    )


def _masked(part: str, *, keep_last: bool) -> str:
    letters = _letters(part)
    if len(letters) <= 1:
        return MASK * len(letters)
    tail = letters[-1] if keep_last and len(letters) > 2 else MASK
    return letters[0] + MASK * (len(letters) - 2) + tail


def _letters(part: str) -> list[str]:
    """What a reader sees as one character: a base with its combining marks and variation selectors."""
    starts = [at for at, char in enumerate(part) if at == 0 or not unicodedata.category(char).startswith("M")]
    return [part[start:end] for start, end in pairwise([*starts, len(part)])]
