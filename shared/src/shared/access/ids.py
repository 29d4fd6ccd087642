"""Ids of teachers and organisations (编号): only such that a role can be bound to whoever has one."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from shared.access import matrix
from shared.runtime.fields import Shown, Text


def _bindable(text: str) -> str:
    if not matrix.is_id(text):
        raise PydanticCustomError("id.invalid", "no role can be bound to it")
    return text


Id = Annotated[Text, AfterValidator(_bindable), Shown]
"""1 to 100 characters, NFC, no blanks, no colon, and no ending such as `/statement`."""
