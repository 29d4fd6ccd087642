"""Requirements and figures that the tests of this folder share."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import strategies as st

from shared.policy.categories import Hours, Item, Part
from shared.policy.requirement import Asked
from verification.judgements.domain.decision import Authority, Verdict

PARTS: Mapping[Item, tuple[Part, ...]] = {
    "public": ("public",),
    "professional": ("professional", "carried_in"),
    "elective": ("elective",),
    "total": ("public", "professional", "elective", "carried_in"),
}


def asked(public: int, professional: int, elective: int, total: int) -> Asked:
    minima = zip(PARTS, map(Decimal, (public, professional, elective, total)), strict=True)
    return Asked(minima=dict(minima), parts=PARTS, basis="")


NINETY, SEVENTY_TWO = asked(30, 42, 18, 90), asked(18, 42, 12, 72)

MARCH = datetime(2025, 3, 1, 4, tzinfo=UTC)


def figures(public: str, professional: str, elective: str, carried_in: str = "0") -> Hours:
    hours = map(Decimal, (public, professional, elective, carried_in))
    return dict(zip(PARTS["total"], hours, strict=True))


def verdict(outcome: str, *, authority: Authority = "local", id: str = "run-1") -> Verdict:  # noqa: A002 - its name
    assert outcome in {"pass", "fail"}
    return Verdict(
        id=id, authority=authority, outcome="pass" if outcome == "pass" else "fail", decided_at=MARCH
    )


hours = st.decimals(min_value=0, max_value=200, places=2)
any_figures: st.SearchStrategy[Hours] = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(PARTS["total"], hours)
)
requirements = st.sampled_from([NINETY, SEVENTY_TWO])
