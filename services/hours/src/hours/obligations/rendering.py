"""What obligations look like from outside."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from hours.obligations.domain.explanation import Wording, conclude, explain_check, figure
from hours.obligations.domain.standing import Check, Reason, Standing, Unit, When
from hours.obligations.operations import Offering
from hours.records.domain.numbers import address
from shared.policy.explain import Language, ground
from shared.policy.names import item_names
from shared.policy.obligations import NewTeacherTraining, ObligationState, TopicCoverage
from shared.policy.pack import Pack

Kind = Literal["new_teacher_training", "enterprise_practice", "topic_coverage", "whole_topic"]


class ShownTopic(BaseModel):
    """A topic with its names."""

    topic: str = Field(examples=["mental_health"])
    name: str = Field(examples=["mental health"])
    name_zh: str = Field(examples=["心理健康教育"])


class ShownCheck(BaseModel):
    """One sum that is asked for."""

    check: str = Field(
        description="A category or `total` of hours or credits, `yearly` or `window` of days, `topics`, or"
        " one of them."
    )
    unit: Unit
    first: date | None = Field(description="In which days it counts; null where that is not known or shown.")
    last: date | None
    counted: str | None = Field(description="Null where it cannot be told.", examples=["79.00"])
    required: str = Field(examples=["80.00"])
    missing: str | None = Field(examples=["1.00"])
    state: ObligationState
    alternative: bool = Field(description="Whether one of those that are suffices.")
    words: str


class ObligationStanding(BaseModel):
    """An obligation of a teacher in a year, with what had happened by the day `on`."""

    teacher: str = Field(examples=["T0360"])
    obligation: str = Field(description="The rule that asks.")
    kind: Kind
    year: int
    on: date
    state: ObligationState
    reason: Reason = Field(
        description="Why it cannot be told, or what to look at: `topics.divided`, where several topics have"
        " together what one has to have. Empty where there is neither."
    )
    binding: bool = Field(description="Whether who misses it is held to it; else it is a warning.")
    checks: list[ShownCheck]
    lacking: list[ShownTopic] = Field(description="Topics that were offered and not taken.")
    not_offered: list[ShownTopic] = Field(description="Topics not taken that nobody was offered.")


class ObligationExplained(ObligationStanding):
    """The same with its ground, what counted, and in words."""

    rule: dict[str, str] = Field(description="Rule, clause and the clause's words.")
    records: list[str] = Field(description="What counted, each at its address.")
    words: str


class OfferedTopic(ShownTopic):
    """A topic, and how often it was offered."""

    records: int
    teachers: int


class ProgrammeStanding(BaseModel):
    """What was offered of the topics that are asked for, from the first day of a cycle up to the day `on`."""

    obligation: str
    rule: dict[str, str]
    year: int
    on: date
    first: date
    last: date
    topics: list[OfferedTopic]
    not_offered: list[ShownTopic] = Field(description="Those that nobody has a record of.")
    words: str


class Teller:
    """How standings are told under a pack, in a language, to somebody who may not see who a person is."""

    def __init__(self, pack: Pack, language: Language, *, masked: bool) -> None:
        self._pack, self._masked = pack, masked
        self._wording = Wording(language=language, items=item_names(pack, language), topics=pack.topics)

    def shown(self, teacher: str, standing: Standing) -> ObligationStanding:
        """One row of a list."""
        return ObligationStanding(**self._common(teacher, standing))

    def explained(self, teacher: str, standing: Standing) -> ObligationExplained:
        """One standing with everything behind it."""
        return ObligationExplained(
            **self._common(teacher, standing),
            rule=ground(self._pack, standing.obligation.id),
            records=[address(record) for record in standing.records],
            words=conclude(standing, self._wording),
        )

    def _common(self, teacher: str, standing: Standing) -> dict[str, Any]:
        rule, when = standing.obligation, standing.when
        return {
            "teacher": teacher,
            "obligation": rule.id,
            "kind": rule.__struct_config__.tag,
            "year": when.year,
            "on": when.on,
            "state": standing.state,
            "reason": standing.reason,
            "binding": rule.binding,
            "checks": [self._check(standing, check) for check in standing.checks],
            "lacking": [_topic(self._pack, one) for one in standing.lacking],
            "not_offered": [_topic(self._pack, one) for one in standing.not_offered],
        }

    def _check(self, standing: Standing, check: Check) -> ShownCheck:
        """When somebody joined is not for everybody, and training begins that day."""
        hides = self._masked and isinstance(standing.obligation, NewTeacherTraining)
        days = None if hides else check.days
        return ShownCheck(
            check=check.name,
            unit=check.unit,
            first=None if days is None else days.first,
            last=None if days is None else days.last,
            counted=None if check.counted is None else figure(check.counted, check.unit),
            required=figure(check.required, check.unit),
            missing=None if check.missing is None else figure(check.missing, check.unit),
            state=check.state,
            alternative=check.is_alternative,
            words=explain_check(standing, check, self._wording),
        )


def programme(
    rule: TopicCoverage, offering: Offering, when: When, pack: Pack, language: Language
) -> ProgrammeStanding:
    """What was offered, topic by topic, and what was not."""
    counts = offering.counts
    missing = [topic.id for topic in rule.topics if topic.id not in counts]
    offered = [
        OfferedTopic(
            **_topic(pack, topic.id).model_dump(),
            records=counts[topic.id].records,
            teachers=counts[topic.id].teachers,
        )
        for topic in rule.topics
        if topic.id in counts
    ]
    return ProgrammeStanding(
        obligation=rule.id,
        rule=ground(pack, rule.id),
        year=when.year,
        on=when.on,
        first=offering.days.first,
        last=offering.days.last,
        topics=offered,
        not_offered=[_topic(pack, topic) for topic in missing],
        words=_said(len(offered), [_topic(pack, topic) for topic in missing], language),
    )


def _said(offered: int, missing: list[ShownTopic], language: Language) -> str:
    every = offered + len(missing)
    if language == "zh":
        names = "、".join(topic.name_zh for topic in missing)
        return f"共 {every} 项内容,已安排 {offered} 项" + (f";未安排:{names}。" if names else "。")
    names = ", ".join(topic.name for topic in missing)
    return f"{offered} of {every} topics were offered" + (f"; never: {names}." if names else ".")


def _topic(pack: Pack, topic: str) -> ShownTopic:
    found = pack.topics[topic]
    return ShownTopic(topic=found.id, name=found.name, name_zh=found.name_zh)
