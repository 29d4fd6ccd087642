"""Requirements and figures that the tests of this folder share."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import strategies as st

from shared.policy.pack import Requirement
from verification.figures.domain.hours import Figures
from verification.judgements.domain.decision import Authority, Verdict

NINETY = Requirement(
    first=2021,
    public=Decimal(30),
    professional=Decimal(42),
    elective=Decimal(18),
    total=Decimal(90),
    basis="GD-01b",
)
SEVENTY_TWO = Requirement(
    first=2010,
    last=2019,
    public=Decimal(18),
    professional=Decimal(42),
    elective=Decimal(12),
    total=Decimal(72),
    basis="GD-01a",
)

MARCH = datetime(2025, 3, 1, 4, tzinfo=UTC)


def figures(public: str, professional: str, elective: str, carried_in: str = "0") -> Figures:
    return Figures(
        public=Decimal(public),
        professional=Decimal(professional),
        elective=Decimal(elective),
        carried_in=Decimal(carried_in),
    )


def verdict(outcome: str, *, authority: Authority = "local", id: str = "run-1") -> Verdict:  # noqa: A002 - its name
    assert outcome in {"pass", "fail"}
    return Verdict(
        id=id, authority=authority, outcome="pass" if outcome == "pass" else "fail", decided_at=MARCH
    )


hours = st.decimals(min_value=0, max_value=200, places=2)
any_figures = st.builds(Figures, public=hours, professional=hours, elective=hours, carried_in=hours)
requirements = st.sampled_from([NINETY, SEVENTY_TWO])
