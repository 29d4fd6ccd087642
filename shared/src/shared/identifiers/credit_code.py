"""The unified social credit code (统一社会信用代码) of GB 32100-2015: 18 signs, the last one a check."""

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError


def normalise(text: str) -> str:
    """Without surrounding blanks, in capitals."""
    return text.strip().upper()


def is_credit_code(text: str) -> bool:
    """Whether a normalised text is a code whose check holds."""
    try:
        return str(uscc.validate(text)) == text
    except ValidationError:
        return False
