"""Identification codes of schools (学校(机构)标识码): ten digits, without a check digit.

Two digits for the kind of school, two for the province, six that count. A code stays with its school when it
is renamed, and is never given out again: that is a question to whoever keeps the codes.
"""

import re

from shared.identifiers.division import PROVINCES

_FORM = re.compile(r"[1-9][0-9]{9}")


def is_school_code(text: str) -> bool:
    """Whether a text is built as the code of a school."""
    return bool(_FORM.fullmatch(text)) and province_of(text) in PROVINCES


def province_of(code: str) -> str:
    """The two digits of the province that gave a code."""
    return code[2:4]
