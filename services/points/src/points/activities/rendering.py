"""Activities for people: what one counts towards, and the shape of an act in the interface description."""

from collections.abc import Mapping
from typing import Any

from points.accounts.domain.award import Standing
from points.activities.domain.act import OBJECTS, REASONS
from points.activities.domain.progress import Progress
from points.activities.domain.receipt import Details
from shared.policy.explain import Language, ground
from shared.policy.pack import Pack
from shared.runtime.fields import MAX_ROWS

_MISSING: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "people": "{n} more people",
        "good": "{n} more good ratings",
        "stars": "{n} more stars for the mean",
        "outcomes": "an outcome",
        "founding": "its founding",
        "host": "a creation by the host of the workshop",
        "featured": "being put on the home page",
    },
    "zh": {
        "people": "还差 {n} 人",
        "good": "还差 {n} 个好评",
        "stars": "平均星级还差 {n} 星",
        "outcomes": "还缺成果材料",
        "founding": "尚未创建",
        "host": "须由工作坊主创建",
        "featured": "尚未置顶",
    },
}


def shown(found: Details, pack: Pack, language: Language) -> dict[str, Any]:
    """One activity with what it came to."""
    act, receipt = found.act, found.receipt
    return {
        "source": act.source,
        "id": act.id,
        "type": act.type,
        "teacher": act.teacher,
        "occurred_at": act.occurred_at,
        "object": act.object,
        "recorded": True,
        "event": receipt.event,
        "recorded_at": receipt.recorded_at,
        "state": "stands" if found.stands else "withdrawn",
        "withdrawals": [
            {"source": ruling.source, "id": ruling.id, "reason": ruling.text("reason")}
            for ruling in found.withdrawals
        ],
        "dates": [_award(award) for award in found.dated],
        "awards_on_object": [_award(award) for award in found.awards],
        "counts_towards": [_progress(step, pack, language) for step in found.progress],
    }


def _award(award: Standing) -> dict[str, Any]:
    return {
        "event": f"points/{award.partition}/{award.seq}",
        "teacher": award.teacher,
        "rule": award.rule,
        "points": award.points,
        "cut": award.asked - award.points,
        "why": f"/v1/entries/{award.partition}/{award.seq}/why",
    }


def _progress(step: Progress, pack: Pack, language: Language) -> dict[str, Any]:
    words = _MISSING[language]
    return {
        **ground(pack, step.rule),
        "met": not step.missing,
        "have": step.have,
        "missing": step.missing,
        "missing_words": [words[name].format(n=count) for name, count in step.missing.items()],
    }


def request_body(example: Mapping[str, Any]) -> dict[str, Any]:
    """The body of intake in the interface description."""
    text = {"type": "string", "minLength": 1, "maxLength": 200}
    one = {
        "type": "object",
        "required": ["source", "id", "type", "teacher", "occurred_at", "object"],
        "properties": {
            "source": text,
            "id": text,
            "type": {"type": "string", "enum": list(OBJECTS)},
            "teacher": text,
            "occurred_at": {"type": "string", "format": "date-time"},
            "object": {
                "type": "object",
                "description": "By type: "
                + "; ".join(f"`{kind}`: {', '.join(names)}" for kind, names in OBJECTS.items())
                + f". `reason` is one of {', '.join(REASONS)}; `stars` is 1 to 5.",
            },
        },
    }
    many = {"type": "array", "items": one, "maxItems": MAX_ROWS}
    return {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"oneOf": [one, many]},
                "examples": {"one": {"value": dict(example)}, "many": {"value": [dict(example)]}},
            },
            "application/x-ndjson": {"schema": one, "example": dict(example)},
        },
    }
