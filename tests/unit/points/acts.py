"""Factories of acts: one short word for each thing that a teacher does."""

from datetime import UTC, datetime, timedelta
from itertools import count

from points.activities.domain.act import Act

START = datetime(2025, 3, 1, 4, tzinfo=UTC)


def at(minute: int) -> datetime:
    """So many minutes after the start."""
    return START + timedelta(minutes=minute)


class Platform:
    """A platform that numbers what it reports; `minute` defaults to the number of the act."""

    def __init__(self, source: str = "gz-community") -> None:
        self.source = source
        self._numbers = count(1)

    def act(self, type_: str, teacher: str, when: datetime | int | None = None, **named: str | int) -> Act:
        number = next(self._numbers)
        instant = when if isinstance(when, datetime) else at(number if when is None else when)
        return Act(
            source=self.source,
            id=f"act-{number:04}",
            type=type_,
            teacher=teacher,
            occurred_at=instant,
            object=named,
        )

    def share(self, who: str, resource: str, content: str, when: datetime | int | None = None) -> Act:
        return self.act("resource.shared", who, when, resource=resource, content_hash=content)

    def rate(self, who: str, resource: str, stars: int, when: datetime | int | None = None) -> Act:
        return self.act("resource.rated", who, when, resource=resource, stars=stars)

    def start(self, who: str, topic: str, when: datetime | int | None = None) -> Act:
        return self.act("topic.started", who, when, topic=topic)

    def reply(self, who: str, topic: str, when: datetime | int | None = None) -> Act:
        return self.act("topic.replied", who, when, topic=topic)

    def found(self, who: str, workshop: str, when: datetime | int | None = None) -> Act:
        return self.act("workshop.founded", who, when, workshop=workshop)

    def join(self, who: str, workshop: str, when: datetime | int | None = None) -> Act:
        return self.act("workshop.joined", who, when, workshop=workshop)

    def feature(self, who: str, workshop: str, when: datetime | int | None = None) -> Act:
        return self.act("workshop.featured", who, when, workshop=workshop)

    def create(self, who: str, session: str, workshop: str, when: datetime | int | None = None) -> Act:
        return self.act("session.created", who, when, session=session, workshop=workshop)

    def attend(self, who: str, session: str, when: datetime | int | None = None) -> Act:
        return self.act("session.joined", who, when, session=session)

    def outcome(self, who: str, session: str, when: datetime | int | None = None) -> Act:
        return self.act("session.outcome", who, when, session=session, outcome=f"paper-of-{who}")

    def recommend(
        self, who: str, homework: str, workshop: str, by: str, when: datetime | int | None = None
    ) -> Act:
        return self.act("homework.recommended", who, when, homework=homework, workshop=workshop, by=by)

    def withdraw(self, act: Act, reason: str = "moderation", when: datetime | int | None = None) -> Act:
        return self.act("activity.withdrawn", act.teacher, when, activity=act.id, reason=reason)


def people(count_: int, prefix: str = "P") -> list[str]:
    """So many different teachers."""
    return [f"{prefix}{number:02}" for number in range(1, count_ + 1)]
