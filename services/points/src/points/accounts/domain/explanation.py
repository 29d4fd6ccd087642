"""The answer to why (为什么): which rule decided, on which inputs, with which arithmetic.

Figures come from the fact that was recorded, words and clause from the pack, so the two cannot disagree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Language = Literal["en", "zh"]

CATEGORIES: Mapping[Language, Mapping[str, str]] = {
    "en": {"public": "public", "professional": "professional", "elective": "elective"},
    "zh": {"public": "公需科目", "professional": "专业科目", "elective": "个人选修科目"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one entry says what it says."""

    rules: Sequence[str]
    """Rules of the pack that decided, the first one foremost."""
    words: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    arithmetic: Sequence[str] = ()
    because: Sequence[str] = ()
    """Event ids of the entries it rests on."""
