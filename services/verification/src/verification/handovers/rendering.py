"""How pushing stands, in words."""

from collections.abc import Mapping

from shared.wording import Language
from verification.handovers.domain import Pushed

FAILURES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "timed_out": "no answer in time",
        "unreachable": "the address cannot be reached",
        "redirected": "answered {status}, a redirection, which is not followed",
        "refused": "answered {status}",
    },
    "zh": {
        "timed_out": "未在时限内应答",
        "unreachable": "无法连接该地址",
        "redirected": "应答 {status}(重定向),不予跟随",
        "refused": "应答 {status}",
    },
}


def failure(pushed: Pushed, language: Language) -> str | None:
    """Why the last attempt failed; None where it did not."""
    if pushed.failure is None:
        return None
    return FAILURES[language][pushed.failure].format(status=pushed.status)
