"""The arithmetic of an explanation, in both languages."""

from decimal import Decimal

from hypothesis import given

from shared.policy.categories import Hours
from shared.policy.loader import builtin
from shared.policy.requirement import Asked
from verification.judgements.domain.decision import predict
from verification.judgements.domain.explanation import Wording, attribute, conclude, doubt, explain

from .cases import NINETY, any_figures, figures, requirements

EN, ZH = Wording.of(builtin("guangzhou"), "en"), Wording.of(builtin("guangzhou"), "zh")
NEAR = predict(figures("30", "34", "17.5", "8"), NINETY)


def test_every_item_shows_its_sum_and_its_comparison() -> None:
    lines = explain(NEAR.figures, NEAR.required, EN)
    assert [line.arithmetic for line in lines] == [
        "30.00 ≥ 30.00",
        "34.00 + 8.00 = 42.00 ≥ 42.00",
        "17.50 < 18.00; 18.00 − 17.50 = 0.50",
        "30.00 + 34.00 + 17.50 + 8.00 = 89.50 < 90.00; 90.00 − 89.50 = 0.50",
    ]


def test_words_in_english() -> None:
    assert [line.words for line in explain(NEAR.figures, NEAR.required, EN)] == [
        "Public: 30.00 h counted, at least 30.00 h required, met.",
        (
            "Professional: 42.00 h counted (8.00 h of them carried over from the year before), "
            "at least 42.00 h required, met."
        ),
        "Elective: 17.50 h counted, at least 18.00 h required, short 0.50 h.",
        "Total: 89.50 h counted, at least 90.00 h required, short 0.50 h.",
    ]
    assert conclude(NEAR.shortfall, EN) == "Not met: elective short 0.50 h, total short 0.50 h."


def test_words_in_chinese() -> None:
    assert [line.words for line in explain(NEAR.figures, NEAR.required, ZH)] == [
        "公需科目：计入 30.00 学时，要求不少于 30.00 学时，已达到。",
        "专业科目：计入 42.00 学时（其中上年度结转 8.00 学时），要求不少于 42.00 学时，已达到。",
        "个人选修科目：计入 17.50 学时，要求不少于 18.00 学时，缺 0.50 学时。",
        "年度总学时：计入 89.50 学时，要求不少于 90.00 学时，缺 0.50 学时。",
    ]
    assert conclude(NEAR.shortfall, ZH) == "未达到要求：个人选修科目缺 0.50 学时，年度总学时缺 0.50 学时。"


def test_what_is_missing_is_named_in_the_order_of_the_requirement() -> None:
    shortfall = predict({}, NINETY).shortfall
    for stored in (shortfall, dict(sorted(shortfall.items()))):
        assert conclude(stored, ZH) == (
            "未达到要求：公需科目缺 30.00 学时，专业科目缺 42.00 学时，"
            "个人选修科目缺 18.00 学时，年度总学时缺 90.00 学时。"
        )


def test_a_year_that_meets_everything_says_so() -> None:
    assert conclude({}, EN) == "Every requirement is met."
    assert conclude({}, ZH) == "达到全部学时要求。"


def test_a_withheld_year_names_the_deductions_beside_its_hours() -> None:
    held = predict(figures("30", "42", "18"), NINETY, withheld=("D1", "D2"))
    assert conclude(held.shortfall, EN, held.withheld) == (
        "Every requirement is met. An inspection was failed (deductions D1, D2), so the year is withheld, "
        "however many hours it has."
    )
    assert conclude(NEAR.shortfall, ZH, ["D1"]) == (
        "未达到要求：个人选修科目缺 0.50 学时，年度总学时缺 0.50 学时。"
        "检查不合格（扣减 D1），不论学时多少，本年度不予验证。"
    )
    assert attribute("local", "fail", held, "en") == "Decided here: fail, and no certificate is issued."
    assert attribute("local", "fail", held, "zh") == "本平台判定年度验证不通过，不办理证书。"
    assert attribute("province", "fail", held, "zh") == "省人社系统验证不通过，与本平台预判一致。"
    assert "withdrawn" in doubt("en", withheld=True)
    assert "扣减撤销" in doubt("zh", withheld=True)


def test_hours_carried_in_alone_still_show_as_carried() -> None:
    line = explain(figures("30", "0", "18", "58"), NEAR.required, EN)[1]
    assert line.arithmetic == "58.00 ≥ 42.00"
    assert "58.00 h of them carried over" in line.words


@given(any_figures, requirements)
def test_the_lines_agree_with_the_prediction(year: Hours, asked: Asked) -> None:
    prediction = predict(year, asked)
    for line in explain(year, prediction.required, ZH):
        assert line.counted == asked.counted(year, line.item)
        assert line.missing == prediction.shortfall.get(line.item, Decimal(0))
        assert ("缺" in line.words) is (line.item in prediction.shortfall)
        assert ("<" in line.arithmetic) is (line.item in prediction.shortfall)
