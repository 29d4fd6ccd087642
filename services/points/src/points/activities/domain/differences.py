"""Differences (差额): what has to be taken back and posted so that what stands is what the rules grant."""

from collections.abc import Iterable
from dataclasses import dataclass

from points.accounts.domain.award import Standing
from points.activities.domain.act import Moment
from points.activities.domain.caps import Cut, cut
from points.activities.domain.claims import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Awards whose claim is gone or moved, and claims that have no award yet."""

    gone: list[Standing]
    fresh: list[Claim]


def changed(claims: Iterable[Claim], posted: Iterable[Standing]) -> Changed:
    """Compare what the rules grant on some grounds with what stands on them. A moved date is a change."""
    wanted = {claim.key: claim for claim in claims}
    gone: list[Standing] = []
    for award in posted:
        claim = wanted.get(award.key)
        if claim is not None and _same(claim, award):
            del wanted[award.key]
        else:
            gone.append(award)
    return Changed(gone=gone, fresh=list(wanted.values()))


def _same(claim: Claim, award: Standing) -> bool:
    return (claim.moment, claim.asked) == (_moment(award), award.asked)


def _moment(award: Standing) -> Moment:
    return Moment(award.at, award.source, award.act)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A claim before the cap: a fresh one, or one that has an award."""

    ground: str
    moment: Moment
    asked: int
    cap: int | None
    claim: Claim | None = None
    award: Standing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recut:
    """Awards whose cut has changed, and what is to be granted."""

    taken: list[Standing]
    granted: list[tuple[Asked, Cut]]


def recut(kept: Iterable[Standing], fresh: Iterable[Claim], cap: int | None) -> Recut:
    """Cut the claims of one teacher, rule and year; an award that stays as it was is left alone.

    `cap` is that of fresh claims.
    """
    asked = [
        Asked(ground=award.ground, moment=_moment(award), asked=award.asked, cap=award.cap, award=award)
        for award in kept
    ]
    asked += [
        Asked(ground=claim.ground, moment=claim.moment, asked=claim.asked, cap=cap, claim=claim)
        for claim in fresh
    ]
    taken: list[Standing] = []
    granted: list[tuple[Asked, Cut]] = []
    for one, left in cut(asked):
        if one.award is None:
            granted.append((one, left))
        elif one.award.points != left.granted:
            taken.append(one.award)
            granted.append((one, left))
    return Recut(taken=taken, granted=granted)
