"""What a judgement posts: differences, a pass revoked before it is replaced, no word against the province."""

from datetime import timedelta
from decimal import Decimal
from typing import assert_never

from hypothesis import given
from hypothesis import strategies as st

from shared.policy.categories import Hours
from verification.judgements.domain.decision import (
    Act,
    Authority,
    Decided,
    Decision,
    Doubted,
    Judgement,
    Predicted,
    Prediction,
    Revoked,
    Submitted,
    Verdict,
    decide,
    judge,
    predict,
)

from .cases import MARCH, NINETY, any_figures, figures, verdict

PASSING = predict(figures("30", "50", "18"), NINETY)
FAILING = predict(figures("30", "50", "17"), NINETY)
RICHER = predict(figures("30", "60", "18"), NINETY)
WITHHELD = predict(figures("30", "50", "18"), NINETY, withheld=("D1",))


def decided(prediction: Prediction, authority: Authority = "local", revision: int = 1) -> Judgement:
    standing = Decision(
        verdict=Verdict(id="run-0", authority=authority, outcome=prediction.outcome, decided_at=MARCH),
        revision=revision,
        entry="verification/40/2",
        prediction="verification/40/1",
    )
    return Judgement(prediction=prediction, entry="verification/40/1", decision=standing)


def test_a_first_local_judgement_predicts_and_decides() -> None:
    assert judge(None, PASSING, "local", verdict("pass")) == [
        Predicted(prediction=PASSING),
        Decided(verdict=verdict("pass"), prediction=PASSING, revision=1),
    ]


def test_a_first_judgement_under_the_province_predicts_and_submits_and_decides_nothing() -> None:
    assert judge(None, PASSING, "province", verdict("pass")) == [
        Predicted(prediction=PASSING),
        Submitted(prediction=PASSING),
    ]


def test_judging_the_same_figures_again_posts_nothing() -> None:
    assert judge(decided(PASSING), PASSING, "local", verdict("pass")) == []
    assert judge(decided(PASSING), PASSING, "province", verdict("pass")) == []


def test_a_pass_that_becomes_a_fail_is_revoked_first() -> None:
    assert judge(decided(PASSING), FAILING, "local", verdict("fail")) == [
        Predicted(prediction=FAILING),
        Revoked(entry="verification/40/2", reason="corrected"),
        Decided(verdict=verdict("fail"), prediction=FAILING, revision=2),
    ]


def test_a_fail_that_becomes_a_pass_has_nothing_to_revoke() -> None:
    assert judge(decided(FAILING), PASSING, "local", verdict("pass")) == [
        Predicted(prediction=PASSING),
        Decided(verdict=verdict("pass"), prediction=PASSING, revision=2),
    ]


def test_a_pass_on_other_figures_is_a_new_revision() -> None:
    assert judge(decided(PASSING, revision=4), RICHER, "local", verdict("pass"))[1:] == [
        Revoked(entry="verification/40/2", reason="corrected"),
        Decided(verdict=verdict("pass"), prediction=RICHER, revision=5),
    ]


def test_the_local_computation_never_overrules_the_province() -> None:
    """It may doubt its pass (CT-03), whoever decides now."""
    doubted = Doubted(entry="verification/40/2", prediction=FAILING)
    assert judge(decided(PASSING, "province"), FAILING, "local", verdict("fail")) == [
        Predicted(prediction=FAILING),
        doubted,
    ]
    assert judge(decided(PASSING, "province"), FAILING, "province", verdict("fail")) == [
        Predicted(prediction=FAILING),
        Submitted(prediction=FAILING),
        doubted,
    ]


def in_doubt() -> Judgement:
    passed = decided(PASSING, "province").decision
    assert passed is not None
    return Judgement(prediction=FAILING, entry="verification/40/3", decision=passed._replace(doubted=True))


def test_a_doubted_pass_of_the_province_stands_again_once_the_hours_are_there() -> None:
    theirs = verdict("pass", authority="province", id="run-0")
    assert judge(in_doubt(), RICHER, "province", verdict("pass")) == [
        Predicted(prediction=RICHER),
        Submitted(prediction=RICHER),
        Revoked(entry="verification/40/2", reason="superseded"),
        Decided(verdict=theirs, prediction=RICHER, revision=2),
    ]


def test_a_doubted_pass_stays_so_while_anything_is_missing() -> None:
    for elective in ("16", "17.5"):
        still = predict(figures("30", "50", elective), NINETY)
        told = [Predicted(prediction=still), Submitted(prediction=still)]
        assert judge(in_doubt(), still, "province", verdict("fail")) == told


def test_the_provinces_pass_stands_on_the_figures_of_now() -> None:
    """Its certificate prints them: neither what was taken back nor what came later is left out."""
    theirs = verdict("pass", authority="province", id="run-0")
    for authority in ("province", "local"):
        for other in (RICHER, predict(figures("30", "45", "18"), NINETY)):
            acts = judge(decided(PASSING, "province"), other, authority, verdict("pass"))
            assert acts[-2:] == [
                Revoked(entry="verification/40/2", reason="superseded"),
                Decided(verdict=theirs, prediction=other, revision=2),
            ]


def test_a_pass_against_our_prediction_is_doubted_where_more_is_missing_than_it_was_given_on() -> None:
    known = in_doubt()
    assert known.decision is not None
    against = known._replace(decision=known.decision._replace(doubted=False))
    short, shorter = (predict(figures("30", "50", elective), NINETY) for elective in ("17.5", "16"))
    elsewhere = predict(figures("29", "50", "17"), NINETY)
    for less in (shorter, elsewhere):
        assert judge(against, less, "province", verdict("fail"))[-1] == Doubted(
            entry="verification/40/2", prediction=less
        )
    assert judge(against, short, "province", verdict("fail"))[-1] == Decided(
        verdict=known.decision.verdict, prediction=short, revision=2
    )


def test_a_withheld_year_fails_with_nothing_missing_and_passes_once_the_deduction_is_withdrawn() -> None:
    assert (WITHHELD.outcome, WITHHELD.shortfall, WITHHELD.withheld) == ("fail", {}, ("D1",))
    assert judge(decided(PASSING), WITHHELD, "local", verdict("fail")) == [
        Predicted(prediction=WITHHELD),
        Revoked(entry="verification/40/2", reason="corrected"),
        Decided(verdict=verdict("fail"), prediction=WITHHELD, revision=2),
    ]
    assert judge(decided(WITHHELD), PASSING, "local", verdict("pass")) == [
        Predicted(prediction=PASSING),
        Decided(verdict=verdict("pass"), prediction=PASSING, revision=2),
    ]


def test_a_deduction_that_withholds_puts_the_provinces_pass_in_doubt_until_it_is_withdrawn() -> None:
    known = decided(PASSING, "province")
    assert judge(known, WITHHELD, "province", verdict("fail")) == [
        Predicted(prediction=WITHHELD),
        Submitted(prediction=WITHHELD),
        Doubted(entry="verification/40/2", prediction=WITHHELD),
    ]
    assert known.decision is not None
    doubted = Judgement(
        prediction=WITHHELD, entry="verification/40/3", decision=known.decision._replace(doubted=True)
    )
    assert judge(doubted, FAILING, "province", verdict("fail"))[2:] == [], "hours are missing now"
    assert judge(doubted, PASSING, "province", verdict("pass"))[2:] == [
        Revoked(entry="verification/40/2", reason="superseded"),
        Decided(verdict=known.decision.verdict, prediction=PASSING, revision=2),
    ]


def test_a_pass_that_the_province_gave_a_withheld_year_is_doubted_for_another_deduction_only() -> None:
    against = decided(PASSING, "province")._replace(prediction=WITHHELD)
    assert against.decision is not None
    richer = predict(figures("30", "60", "18"), NINETY, withheld=("D1",))
    theirs = against.decision.verdict
    assert judge(against, richer, "province", verdict("fail"))[-1] == Decided(
        verdict=theirs, prediction=richer, revision=2
    )
    again = predict(figures("30", "50", "18"), NINETY, withheld=("D1", "D2"))
    assert judge(against, again, "province", verdict("fail"))[-1] == Doubted(
        entry="verification/40/2", prediction=again
    )


def test_a_verdict_of_the_province_ends_the_doubt() -> None:
    for word in ("pass", "fail"):
        theirs = verdict(word, authority="province", id="V-9")
        assert decide(in_doubt().decision, theirs, FAILING)[-1] == Decided(
            verdict=theirs, prediction=FAILING, revision=2
        )


def test_a_local_verdict_left_behind_under_the_province_is_caught_up_when_we_decide_again() -> None:
    behind = decided(PASSING)
    assert behind.decision is not None
    moved_on = Judgement(prediction=FAILING, entry="verification/40/9", decision=behind.decision)
    assert judge(moved_on, FAILING, "local", verdict("fail")) == [
        Revoked(entry="verification/40/2", reason="corrected"),
        Decided(verdict=verdict("fail"), prediction=FAILING, revision=2),
    ]


def test_the_provinces_fail_stands_against_a_predicted_pass() -> None:
    theirs = verdict("fail", authority="province", id="V-9")
    assert decide(None, theirs, PASSING) == [Decided(verdict=theirs, prediction=PASSING, revision=1)]


def test_a_later_pass_of_the_province_revokes_the_one_before() -> None:
    theirs = verdict("pass", authority="province", id="V-9")
    assert decide(decided(PASSING, "province").decision, theirs, PASSING) == [
        Revoked(entry="verification/40/2", reason="superseded"),
        Decided(verdict=theirs, prediction=PASSING, revision=2),
    ]


@given(
    st.lists(
        st.tuples(
            any_figures,
            st.sampled_from(["local", "province"]),
            st.sampled_from([(), (), ("D1",), ("D1", "D2")]),
        ),
        max_size=8,
    )
)
def test_whatever_happens_a_pass_stands_only_where_the_last_verdict_is_one(
    steps: list[tuple[Hours, Authority, tuple[str, ...]]],
) -> None:
    known: Judgement | None = None
    live: set[str] = set()
    entry = 0
    for year, authority, withheld in steps:
        prediction = predict(year, NINETY, withheld=withheld)
        local = Verdict(
            id=f"run-{entry}",
            authority="local",
            outcome=prediction.outcome,
            decided_at=MARCH + timedelta(seconds=entry),
        )
        for act in judge(known, prediction, authority, local):
            entry += 1
            known = _after(known, act, f"verification/40/{entry}", live)
    standing = None if known is None else known.decision
    assert len(live) <= 1
    assert live == ({standing.entry} if standing and standing.verdict.outcome == "pass" else set())
    if known is not None and standing is not None and standing.doubted:
        assert standing.entry in live
        assert known.prediction.outcome == "fail"


def _after(known: Judgement | None, act: Act, entry: str, live: set[str]) -> Judgement | None:
    match act:
        case Predicted(prediction=prediction):
            standing = None if known is None else known.decision
            return Judgement(prediction=prediction, entry=entry, decision=standing)
        case Submitted():
            return known
        case Doubted(entry=doubted):
            assert doubted in live
            assert known is not None
            assert known.decision is not None
            return known._replace(decision=known.decision._replace(doubted=True))
        case Revoked(entry=revoked):
            live.remove(revoked)
            return known
        case Decided(verdict=of, prediction=prediction, revision=revision):
            assert known is not None
            assert revision == (known.decision.revision + 1 if known.decision else 1)
            if of.outcome == "pass":
                live.add(entry)
            decision = Decision(verdict=of, revision=revision, entry=entry, prediction=known.entry)
            return Judgement(prediction=prediction, entry=known.entry, decision=decision)
        case _:
            assert_never(act)


def test_equal_figures_written_differently_are_the_same_prediction() -> None:
    other = predict(
        {"public": Decimal("30.00"), "professional": Decimal("50.0"), "elective": Decimal(18)}, NINETY
    )
    assert judge(decided(PASSING), other, "local", verdict("pass")) == []
