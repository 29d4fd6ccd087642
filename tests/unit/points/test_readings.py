"""The readings that make the rules exact: one test for each sentence."""

from datetime import UTC, datetime
from itertools import permutations

from points.activities.domain.act import Act
from points.activities.domain.objects.resource import Resource, fold
from tests.unit.points.acts import Platform, at, people
from tests.unit.points.counting import BOOK, awards, claims, points_of

NEXT_YEAR = datetime(2026, 2, 1, tzinfo=UTC)


def _moments(acts: list[Act], rule: str) -> dict[str, str]:
    """The act that dates each teacher's award under a rule."""
    return {claim.teacher: claim.moment.id for claim in claims(acts) if claim.rule == rule}


def test_ties_in_time_are_ordered_by_source_and_id_by_code_point() -> None:
    tied = [
        Act(source=source, id=id_, type="resource.shared", teacher=who, occurred_at=at(1), object=named)
        for source, id_, who in (("b", "1", "T3"), ("a", "é", "T2"), ("a", "z", "T1"))
        for named in [{"resource": f"r-{who}", "content_hash": "same"}]
    ]
    for arrival in permutations(tied):
        assert points_of(list(arrival), "GZ-BP-04") == {"T1": 20}


def test_the_earliest_act_founds_a_topic_and_a_later_one_changes_nothing() -> None:
    platform = Platform()
    acts = [platform.start("T2", "t1", 50), *(platform.reply(who, "t1") for who in people(10))]
    assert points_of([*acts, platform.start("T1", "t1", 0)], "GZ-BP-06") == {"T1": 10}


def test_the_earliest_share_founds_a_resource_and_a_later_one_changes_nothing() -> None:
    platform = Platform()
    acts = [platform.share("T1", "r1", "first", 1), platform.share("T2", "r1", "second", 2)]
    acts.append(platform.share("T3", "r3", "second", 3))
    assert points_of(acts, "GZ-BP-04") == {"T1": 20, "T3": 20}


def test_the_earliest_founding_makes_the_host() -> None:
    platform = Platform()
    acts = [platform.found("T2", "w1", 2), platform.found("T1", "w1", 1), platform.create("T1", "s1", "w1")]
    assert points_of(acts, "GZ-BP-07") == {"T1": 50}
    assert points_of(acts, "GZ-BP-08") == {"T1": 20}


def test_the_earliest_creation_founds_a_session_and_places_it() -> None:
    platform = Platform()
    acts = [platform.found("T1", "w1", 0), platform.found("T1", "w2", 0)]
    acts += [platform.create("T1", "s1", "w2", 9), platform.create("T1", "s1", "w1", 5)]
    assert [claim.basis["workshop"] for claim in claims(acts) if claim.rule == "GZ-BP-08"] == [
        "workshop:gz-community/w1"
    ]


def test_acts_before_the_founding_count_but_no_award_is_dated_before_it() -> None:
    platform = Platform()
    acts = [platform.reply(who, "t1") for who in people(10)]
    start = platform.start("T1", "t1", 100)
    assert _moments([*acts, start], "GZ-BP-06") == {"T1": start.id}


def test_a_session_and_a_homework_wait_for_the_founding_of_their_workshop() -> None:
    platform = Platform()
    acts = [platform.create("T1", "s1", "w1", 1), platform.recommend("P01", "h1", "w1", "T1", 2)]
    founding = platform.found("T1", "w1", 9)
    assert _moments([*acts, founding], "GZ-BP-08") == {"T1": founding.id}
    assert _moments([*acts, founding], "GZ-RP-06") == {"P01": founding.id}


def test_ratings_before_the_founding_count_and_the_conditions_must_hold_since_it() -> None:
    platform = Platform()
    good = [platform.rate(who, "r1", 3, 1) for who in people(20)]
    bad = platform.rate("P98", "r1", 1, 2)
    share, better = platform.share("T1", "r1", "h", 5), platform.rate("P99", "r1", 5, 9)
    assert _moments([*good, share], "GZ-RP-01") == {"T1": share.id}
    assert _moments([*good, bad, share], "GZ-RP-01") == {}
    assert _moments([*good, bad, share, better], "GZ-RP-01") == {"T1": better.id}


def test_the_threshold_is_dated_at_the_tenth_persons_first_reply() -> None:
    platform = Platform()
    acts = [platform.start("T1", "t1")]
    acts += [platform.reply(who, "t1") for who in people(10)]
    tenth = acts[-1]
    acts += [platform.reply("P10", "t1"), platform.reply("P11", "t1")]
    assert _moments(acts, "GZ-BP-06") == {"T1": tenth.id}


def test_a_duplicate_content_earns_no_basic_points_but_may_be_rated() -> None:
    platform = Platform()
    acts = [platform.share("T1", "r1", "same", 0), platform.share("T2", "r2", "same", 0)]
    acts += [platform.rate(who, "r2", 3) for who in people(20)]
    assert points_of(acts, "GZ-BP-04") == {"T1": 20}
    assert points_of(acts, "GZ-RP-01") == {"T2": 20}


def test_a_later_rating_of_the_same_person_replaces_the_earlier() -> None:
    platform = Platform()
    acts = [platform.share("T1", "r1", "h"), platform.rate("P01", "r1", 1)]
    acts += [platform.rate(who, "r1", 3) for who in people(20)]
    assert _moments(acts, "GZ-RP-01") == {"T1": acts[-1].id}


def test_the_sharers_own_rating_counts_neither_for_the_number_nor_for_the_mean() -> None:
    platform = Platform()
    acts = [platform.share("T1", "r1", "h"), platform.rate("T1", "r1", 1)]
    acts += [platform.rate(who, "r1", 3) for who in people(19)]
    assert points_of(acts, "GZ-RP-01") == {}
    assert points_of([*acts, platform.rate("P20", "r1", 3)], "GZ-RP-01") == {"T1": 20}


def test_gz_rp_01_a_later_drop_of_the_mean_takes_nothing_back() -> None:
    platform = Platform()
    acts = [platform.share("T1", "r1", "h"), *(platform.rate(who, "r1", 3) for who in people(20))]
    dropped = [*acts, *(platform.rate(who, "r1", 1) for who in people(20))]
    assert awards(dropped) == awards(acts)


def test_sessions_of_others_than_the_host_count_for_nothing() -> None:
    platform = Platform()
    acts = [platform.found("T1", "w1"), platform.create("T2", "s1", "w1")]
    acts += [platform.join(who, "w1") for who in people(10)]
    acts += [platform.attend(who, "s1") for who in people(10)]
    acts.append(platform.outcome("P01", "s1"))
    assert {award.rule for award in awards(acts)} == {"GZ-BP-07"}


def test_gz_rp_05_outcome_material_counts_whoever_hands_it_in() -> None:
    platform = Platform()
    acts = [platform.found("T1", "w1"), platform.create("T1", "s1", "w1")]
    acts += [platform.attend(who, "s1") for who in people(10)]
    for stranger in ("T1", "P77"):
        paid = points_of([*acts, platform.outcome(stranger, "s1")], "GZ-RP-05")
        assert paid == dict.fromkeys(people(10), 10)


def _workshop(platform: Platform) -> list[Act]:
    acts = [platform.found("T1", "w1"), platform.create("T1", "s1", "w1")]
    return [*acts, *(platform.join(who, "w1") for who in people(9))]


def test_gz_rp_07_is_dated_at_the_later_of_the_tenth_member_and_the_first_outcome() -> None:
    platform = Platform()
    acts = _workshop(platform)
    outcome, tenth = platform.outcome("P01", "s1"), platform.join("P10", "w1")
    late_outcome = platform.outcome("P01", "s1")
    assert set(_moments([*acts, outcome, tenth], "GZ-RP-07").values()) == {tenth.id}
    assert set(_moments([*acts, tenth, late_outcome], "GZ-RP-07").values()) == {late_outcome.id}


def test_gz_rp_07_members_who_join_later_in_the_year_are_paid_on_joining_and_others_next_year() -> None:
    platform = Platform()
    acts = [*_workshop(platform), platform.join("P10", "w1"), platform.outcome("P01", "s1")]
    later, next_year = platform.join("P11", "w1"), platform.join("P12", "w1", NEXT_YEAR)
    again = platform.outcome("P02", "s1", NEXT_YEAR.replace(month=3))
    found = [c for c in claims([*acts, later, next_year, again]) if c.rule == "GZ-RP-07"]
    moments = {(claim.teacher, claim.year): claim.moment.id for claim in found}
    assert moments["P11", 2025] == later.id
    assert ("P12", 2025) not in moments
    assert {moments[who, 2026] for who in ("T1", *people(12))} == {again.id}


def test_gz_rp_07_a_tenth_member_of_the_next_year_needs_an_outcome_of_that_year() -> None:
    platform = Platform()
    acts = [*_workshop(platform), platform.outcome("P01", "s1"), platform.join("P10", "w1", NEXT_YEAR)]
    assert points_of(acts, "GZ-RP-07") == {}


def test_gz_rp_07_and_09_the_host_is_not_also_paid_as_a_member() -> None:
    platform = Platform()
    acts = [*_workshop(platform), platform.join("T1", "w1"), platform.outcome("P01", "s1")]
    acts.append(platform.feature("T1", "w1"))
    assert points_of(acts, "GZ-RP-07") == {}
    assert points_of(acts, "GZ-RP-09")["T1"] == 500


def test_gz_rp_09_members_of_the_very_moment_of_featuring_are_paid() -> None:
    platform = Platform()
    feature = platform.feature("T1", "w1", 10)
    acts = [platform.found("T1", "w1", 0), feature, platform.join("P01", "w1", 10)]
    assert points_of([*acts, platform.join("P02", "w1", 11)], "GZ-RP-09") == {"T1": 500, "P01": 100}


def test_gz_rp_06_an_invalid_recommendation_does_not_use_up_the_homework() -> None:
    platform = Platform()
    acts = [platform.found("T1", "w1"), platform.recommend("P01", "h1", "w1", "P02")]
    acts.append(platform.recommend("P01", "h1", "w1", "T1"))
    assert _moments(acts, "GZ-RP-06") == {"P01": acts[-1].id}


def test_object_names_belong_to_their_source() -> None:
    platform, elsewhere = Platform(), Platform("gz-other")
    acts = [platform.start("T1", "t1"), *(platform.reply(who, "t1") for who in people(9))]
    assert points_of([*acts, elsewhere.reply("P10", "t1")], "GZ-BP-06") == {}


def test_a_slash_in_a_source_cannot_reach_another_sources_objects() -> None:
    one, other = Platform("a/b").start("T1", "c"), Platform("a").start("T1", "b/c")
    assert one.subject != other.subject


def test_a_withdrawn_reply_is_as_if_it_had_never_been() -> None:
    platform = Platform()
    acts = [platform.start("T1", "t1"), *(platform.reply(who, "t1") for who in people(10))]
    ruling = platform.withdraw(acts[3])
    assert points_of([*acts, ruling], "GZ-BP-06") == {}
    assert points_of([ruling, *acts, platform.reply("P11", "t1")], "GZ-BP-06") == {"T1": 10}


def test_a_withdrawal_is_itself_never_withdrawn() -> None:
    platform = Platform()
    share = platform.share("T1", "r1", "h")
    ruling = platform.withdraw(share)
    assert points_of([share, ruling, platform.withdraw(ruling)], "GZ-BP-04") == {}


def test_the_cap_counts_awards_and_cuts_in_order_of_time() -> None:
    platform = Platform()
    acts = [platform.share("T1", f"r{n}", f"h{n}", 10 + n) for n in range(5)]
    early = platform.share("T1", "r9", "h9", 1)
    cut = [award.act for award in awards([*acts, early]) if award.points == 0]
    assert cut == [acts[-1].id]


def test_acts_of_days_without_a_pack_in_force_earn_nothing() -> None:
    platform = Platform()
    assert awards([platform.share("T1", "r1", "h", datetime(2009, 12, 31, 15, tzinfo=UTC))]) == []
    assert awards([platform.share("T1", "r1", "h", datetime(2009, 12, 31, 16, tzinfo=UTC))]) != []


def test_an_earlier_rating_that_arrives_after_the_award_moves_it() -> None:
    platform = Platform()
    share = platform.share("T1", "r1", "h", 0)
    good = [platform.rate(who, "r1", 3, 10 + n) for n, who in enumerate(people(20))]
    early, later = platform.rate("P98", "r1", 1, 5), platform.rate("P99", "r1", 5, 90)
    awarded = fold(Resource(), [share, *good, later], BOOK)
    assert isinstance(awarded, Resource)
    assert awarded.settled == good[-1].moment
    assert fold(awarded, [later], BOOK) == awarded
    assert fold(awarded, [early], BOOK) is None
    assert _moments([share, *good, later, early], "GZ-RP-01") == {"T1": later.id}
