"""What obligations of every kind have in common: they are told in words."""

from datetime import date

from hours.obligations.domain.explanation import explain_check
from tests.unit.hours.obliging import CONCENTRATED, CRAFT, NEW, held, stand, stay, wording


def test_sums_are_told_in_words() -> None:
    standing = stand("WH-04", NEW, [held(CONCENTRATED, 39, date(2024, 10, 8))], 2025)
    assert [explain_check(standing, check, wording("en")) for check in standing.checks] == [
        "concentrated within 12 months of joining: 39.00 h count, at least 40.00 h asked, short 1.00.",
        "total within 12 months of joining: 39.00 h count, at least 80.00 h asked, short 41.00.",
    ]
    practice = stand("VOC-03", CRAFT, [stay(date(2025, 3, 3), date(2025, 3, 7))], 2025)
    assert [explain_check(practice, check, wording("zh")) for check in practice.checks] == [
        "2025 年:计入 5 个工作日,要求不少于 5 个,已达到。",
        "2021-01-01 至 2025-12-31:计入 5 天,要求不少于 180 天(择一即可),缺 175。",
        "2024-01-01 至 2025-12-31:计入 5 天,要求不少于 60 天(择一即可),缺 55。",
    ]
