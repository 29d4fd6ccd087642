"""The receiver on the province's page takes what we send, once, and nothing that somebody else made."""

from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError

from shared.runtime import clock
from tests.docs.test_calls import PROVINCIAL
from tests.support.documents import blocks
from tests.support.receiver import NEXT_SECRET, SECRET
from verification.handovers.signing import Message, headers

MESSAGE = Message(
    "hourbank-45-12-9f182bf9c459", '{"type": "t", "data": {"submissions": [{"teacher": "T9101"}]}}'
)


@pytest.fixture
def receiver() -> dict[str, Any]:
    """The names of the block."""
    (block,) = [block for block in blocks(PROVINCIAL) if block.info[:1] == ("python",)]
    names: dict[str, Any] = {"SECRET": SECRET}
    exec(block.text, names)  # noqa: S102 - the page's own words
    return names


def test_a_push_is_taken_once(receiver: dict[str, Any]) -> None:
    sent = headers(MESSAGE, [NEXT_SECRET, SECRET], clock.now())
    assert receiver["take"](sent, MESSAGE.body) == [{"teacher": "T9101"}]
    again = headers(MESSAGE, [NEXT_SECRET, SECRET], clock.now() + timedelta(seconds=5))
    assert receiver["take"](again, MESSAGE.body) == []


@pytest.mark.parametrize(
    ("secret", "body", "ago"),
    [
        (NEXT_SECRET, MESSAGE.body, 0),
        (SECRET, MESSAGE.body.replace("T9101", "T9102"), 0),
        (SECRET, MESSAGE.body, 3600),
    ],
)
def test_what_is_not_ours_or_old_is_refused(
    receiver: dict[str, Any], secret: str, body: str, ago: int
) -> None:
    sent = headers(MESSAGE, [secret], clock.now() - timedelta(seconds=ago))
    with pytest.raises(WebhookVerificationError):
        receiver["take"](sent, body)
