"""Deciding a request (兑换审核): category, hours, instant, window, closed year, cap, points — in that order.

A request is decided once, on what is known then; whoever changes nothing but the time asks again under a
new name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from points.accounts.domain.lot import burn
from points.accounts.domain.purse import Purse
from shared.policy.calendar import day_of
from shared.policy.names import item_name
from shared.policy.pack import Pack
from shared.policy.points import Exchange

PLACES: Mapping[str, str] = {
    "exchange.not_offered": "/category",
    "exchange.category_not_allowed": "/category",
    "exchange.hours_not_whole": "/hours",
    "exchange.at_in_future": "/at",
    "exchange.outside_window": "/at",
    "exchange.year_closed": "/at",
    "exchange.cap_exceeded": "/hours",
    "exchange.points_insufficient": "/hours",
    "exchange.points_expired": "/at",
}
"""The part of a request that each refusal is about."""

AHEAD = timedelta(minutes=5)
"""How far clocks of platforms may run ahead of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a teacher asks for."""

    request: str
    teacher: str
    category: str
    hours: Decimal
    at: datetime
    at_given: bool
    """Whether the request named its instant; else it is that of its arrival."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """Hours exchanged, and the points that they burn."""

    hours: int
    points: int
    burnt: list[tuple[datetime, int]]
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a request is not granted: a stable code and the figures behind it."""

    code: str
    figures: Mapping[str, Any] = field(default_factory=dict)


def malformed(request: Request, pack: Pack, now: datetime) -> Refused | None:
    """What is wrong with a request whatever the teacher holds; nothing of it is recorded."""
    caps = pack.targets
    if not caps:
        return Refused(code="exchange.not_offered")
    if request.category not in caps:
        allowed = [item_name(pack, category) for category in sorted(caps)]
        figures = {"category": item_name(pack, request.category), "allowed": allowed}
        return Refused(code="exchange.category_not_allowed", figures=figures)
    if request.hours != request.hours.to_integral_value() or request.hours < 1:
        return Refused(code="exchange.hours_not_whole", figures={"hours": str(request.hours)})
    if request.at > now + AHEAD:
        return Refused(code="exchange.at_in_future", figures={"at": request.at})
    return None


def decide(request: Request, purse: Purse, rule: Exchange, tz: str, *, closed: bool) -> Granted | Refused:
    """Grant a well-formed request or refuse it."""
    category, hours = request.category, int(request.hours)
    if rule.window is not None:
        day = f"{day_of(request.at, tz):%m-%d}"
        if not rule.window.first <= day <= rule.window.last:
            figures = {"day": day, "first": rule.window.first, "last": rule.window.last}
            return Refused(code="exchange.outside_window", figures=figures)
    if closed:
        return Refused(code="exchange.year_closed", figures={"year": purse.year})
    cap, used = rule.caps[category], purse.used.get(category, 0)
    asked = {"hours": hours, "category": category, "year": purse.year, "cap": cap, "used": used}
    if used + hours > cap:
        return Refused(code="exchange.cap_exceeded", figures={**asked, "left": max(0, cap - used)})
    cost = hours * rule.rate
    asked |= {"rate": rule.rate, "cost": cost, "available": purse.points}
    if cost > purse.points:
        expired = cost <= purse.points + purse.lost
        code = "exchange.points_expired" if expired else "exchange.points_insufficient"
        return Refused(code=code, figures={**asked, "lost": purse.lost})
    burnt = burn([(expires_at, points) for expires_at, points in purse.lots if points > 0], cost)
    return Granted(hours=hours, points=cost, burnt=burnt, figures=asked)
