"""A pack with every kind of rule that hours knows, with Guangzhou's figures, built in code."""

from datetime import date
from decimal import Decimal
from typing import Any

from shared.policy.pack import (
    AnyHourSource,
    CalendarYearExpiry,
    CarryOver,
    CompletedCourse,
    ConvertedScore,
    DeliveredHours,
    Exchange,
    GradedCertificate,
    Header,
    HigherQualification,
    OutcomeTable,
    Pack,
    Requirement,
    Rule,
    Slot,
    Verification,
)

PROOF = ("applicant", "student_number", "points", "hours", "unit", "handler", "date", "contact")


def _words(rule: str) -> dict[str, Any]:
    return {"id": rule, "clause": "五(四)", "words": "条文", "title": rule, "title_zh": "规则"}


def sources(numbers: dict[str, Decimal] | None = None) -> tuple[AnyHourSource, ...]:
    professional: dict[str, Any] = {"category": "professional"}
    elective: dict[str, Any] = {"category": "elective"}
    return (
        CompletedCourse(**_words("GZ-HR-1.01"), category="public", registrars=("platform",)),
        DeliveredHours(**_words("GZ-HR-2.02"), **professional, registrars=("centre",)),
        DeliveredHours(**_words("GZ-HR-2.03"), **professional, registrars=("teacher",), evidence=True),
        DeliveredHours(
            **_words("GZ-HR-2.04"), **professional, registrars=("research_department",), cap=Decimal(10)
        ),
        DeliveredHours(
            **_words("GZ-HR-2.07"), **professional, registrars=("school",), cap=Decimal(42), evidence=True
        ),
        DeliveredHours(
            **_words("GZ-HR-2.09"),
            **professional,
            registrars=("teacher",),
            cap=Decimal(28),
            evidence=True,
            exclusive_with=("GZ-HR-3.04",),
        ),
        OutcomeTable(
            **_words("GZ-HR-2.10"),
            **professional,
            registrars=("teacher",),
            cap=Decimal(28),
            evidence=True,
            main_rank=3,
            main=Decimal(28),
            other=Decimal(14),
        ),
        HigherQualification(
            **_words("GZ-HR-2.12a"),
            **professional,
            registrars=("teacher",),
            evidence=True,
            vocational_only=True,
            hours=Decimal(20),
        ),
        DeliveredHours(
            **_words("GZ-HR-2.12b"),
            **professional,
            registrars=("teacher",),
            cap=Decimal(42),
            evidence=True,
            vocational_only=True,
            prior_approval=True,
        ),
        GradedCertificate(
            **_words("GZ-HR-2.12c"),
            **professional,
            registrars=("teacher",),
            evidence=True,
            grades=("A", "B", "C"),
            hours=numbers or {},
        ),
        DeliveredHours(
            **_words("GZ-HR-3.02"), **elective, registrars=("school",), cap=Decimal(18), plan_approval=True
        ),
        ConvertedScore(
            **_words("GZ-HR-3.03"),
            **elective,
            registrars=("school",),
            cap=Decimal(8),
            evidence=True,
            rate=300,
            proof=PROOF,
        ),
        DeliveredHours(
            **_words("GZ-HR-3.04"),
            **elective,
            registrars=("teacher",),
            cap=Decimal(18),
            evidence=True,
            exclusive_with=("GZ-HR-2.09",),
        ),
    )


def pack(numbers: dict[str, Decimal] | None = None) -> Pack:
    return Pack(
        pack=Header(
            id="guangzhou",
            version="1",
            name="Guangzhou",
            name_zh="广州",
            division="440100",
            timezone="Asia/Shanghai",
            valid_from=date(2010, 1, 1),
            source="实施意见",
            source_note="undated",
        ),
        points=(),
        exchange=Exchange(**_words("GZ-EX-01"), rate=100, caps={"professional": 10, "elective": 10}),
        expiry=CalendarYearExpiry(**_words("GZ-EX-03")),
        hours=sources(numbers),
        requirements=(
            Requirement(
                first=2010,
                public=Decimal(30),
                professional=Decimal(42),
                elective=Decimal(18),
                total=Decimal(90),
                basis="test",
            ),
        ),
        verification=Verification(rules=(Rule(**_words("GZ-VF-01")),), authority="local"),
        carry_over=CarryOver(**_words("GZ-VF-05"), category="professional", threshold=Decimal(42), years=1),
        certificates=(),
        slots=(
            Slot(id="GZ-HR-2.05", clause="五(四)2(5)", section="hours", note="missing", note_zh="缺"),
            Slot(id="GZ-BP-01", clause="一(一)", section="points", note="missing", note_zh="缺"),
        ),
    )
