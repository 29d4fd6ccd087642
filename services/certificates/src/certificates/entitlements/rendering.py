"""A certificate's ground (签发依据) for people: what it rests on, and why it is in its state."""

from collections.abc import Mapping

from certificates.entitlements.domain.explanation import Line
from certificates.registry.domain.certificate import Version
from certificates.registry.domain.status import State
from shared.policy.explain import Language
from shared.wording import Named

_STATES: Mapping[Language, Mapping[State, str]] = {
    "en": {
        State.VALID: "valid",
        State.SUSPENDED: "suspended",
        State.REVOKED: "revoked",
        State.EXPIRED: "expired",
        State.SUPERSEDED: "superseded",
    },
    "zh": {
        State.VALID: "有效",
        State.SUSPENDED: "暂停",
        State.REVOKED: "撤销",
        State.EXPIRED: "到期",
        State.SUPERSEDED: "已换发",
    },
}

_REASONS: Mapping[str, Mapping[Language, str]] = {
    "verdict.passed": {"en": "passed again", "zh": "重新验证通过"},
    "verdict.failed": {"en": "a later verdict is a fail", "zh": "后经验证不通过"},
    "verdict.doubted": {
        "en": "hours behind the pass were taken back, or the year is withheld,"
        " and the province has not decided anew",
        "zh": "据以通过验证的学时已被冲正，或该年度不予验证，省级系统尚未重新验证",
    },
    "verdict.revoked": {"en": "the pass was taken back", "zh": "验证通过的结果已撤回"},
    "verdict.corrected": {"en": "the figures were corrected", "zh": "学时数据已更正"},
}
"""What verdicts do; persons give reasons of their own."""


def state_name(state: State) -> Named:
    """A state as a figure of a refusal."""
    return Named.of(_STATES, state)


def comparison(line: Line) -> str:
    """What counted, and what stood in for it, against what is required, as a line of figures."""
    stood_in = f" + {line.filled:.2f}" if line.filled else ""
    return f"{line.counted:.2f}{stood_in} {'≥' if line.met else '<'} {line.required:.2f}"


def words(version: Version, authority: str, language: Language) -> str:
    """What a version rests on and its state in one sentence, with the reason where there is one."""
    first, last, state = version.key.year, version.last, _STATES[language][version.state]
    reason = _REASONS.get(version.reason, {}).get(language, version.reason)
    if language == "zh":
        decider = "省人社系统" if authority == "province" else "本平台"
        why = f"(原因:{reason})" if reason else ""
        years = f"{first} 年度" if first == last else f"{first} 至 {last} 年周期"
        return f"依据{decider}对 {years}验证通过的结果签发,第 {version.version} 版,现为“{state}”{why}。"
    decider = "the province" if authority == "province" else "this platform"
    why = f" ({reason})" if reason else ""
    years = f"{first}" if first == last else f"{first} to {last}"
    return f"Rests on the pass of {years}, decided by {decider}; version {version.version} is {state}{why}."
