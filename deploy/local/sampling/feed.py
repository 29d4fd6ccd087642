"""The stream of acts as a platform would send it: late, twice, now and then a reply before its topic."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from deploy.local.sampling.dice import Dice

CHINA = timezone(timedelta(hours=8))
SOURCE = "gz-community"


@dataclass(frozen=True, slots=True)
class Sent:
    """One line of the file, and when it arrived."""

    arrived: datetime
    activity: dict[str, Any]


@dataclass(slots=True)
class Feed:
    """Collects acts, gives each its id, and decides when it arrives and how often."""

    dice: Dice
    sent: list[Sent] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def act(
        self, kind: str, teacher: str, at: datetime, thing: dict[str, Any], *, late: int | None = None
    ) -> str:
        """Send an act `late` days late (by default: mostly at once); return its id."""
        noun = kind.replace(".", "-")
        self.counts[noun] = self.counts.get(noun, 0) + 1
        identity = f"{noun}-{self.counts[noun]:04}"
        activity = {
            "source": SOURCE,
            "id": identity,
            "type": kind,
            "teacher": teacher,
            "occurred_at": at.isoformat(),
            "object": thing,
        }
        days = late if late is not None else (1 + self.dice.below(30)) * self.dice.chance(6)
        arrived = at + timedelta(days=days, seconds=self.dice.below(600))
        self.sent.append(Sent(arrived, activity))
        if self.dice.chance(3):
            self._send_again(arrived, activity, at)
        return identity

    def _send_again(self, arrived: datetime, activity: dict[str, Any], at: datetime) -> None:
        """The same act once more, sometimes with its instant written in another zone."""
        again = dict(activity)
        if self.dice.chance(40):
            again["occurred_at"] = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        self.sent.append(Sent(arrived + timedelta(hours=1 + self.dice.below(200)), again))

    def activities(self) -> list[dict[str, Any]]:
        """Return what was sent so far, in the order in which it was written."""
        return [one.activity for one in self.sent]

    def in_order_of_arrival(self) -> list[dict[str, Any]]:
        """Return the lines of the file."""
        return [one.activity for one in sorted(self.sent, key=lambda one: (one.arrived, one.activity["id"]))]


def on(month: int, day: int, clock: str = "12:00", year: int = 2025) -> datetime:
    """Return an instant of the sample year, China time."""
    return datetime.combine(date(year, month, day), time.fromisoformat(clock), CHINA)
