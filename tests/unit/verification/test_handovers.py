"""Pushing: how long it waits, what an answer means, how a message is made and signed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from standardwebhooks import Webhook

from verification.handovers.domain import LONGEST, PAUSES, Batch, Failure, Pushed, asked, failure_of, pause
from verification.handovers.signing import Message, headers

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
SECRETS = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2Vjb25kLXNlY3JldC1vZi10aGUtcHJvdmluY2U="]
HOUR = timedelta(hours=1)


def test_pauses_grow_and_then_stay() -> None:
    failure = Failure(kind="timed_out")
    pauses = [pause(failure, attempts) for attempts in range(1, 9)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (PAUSES[0], PAUSES[-1])


@pytest.mark.parametrize(
    ("wanted", "waited"),
    [
        (timedelta(minutes=20), timedelta(minutes=20)),
        (timedelta(), PAUSES[0]),
        (timedelta(days=400), LONGEST),
    ],
)
def test_a_pause_is_as_long_as_is_asked_for_within_bounds(wanted: timedelta, waited: timedelta) -> None:
    assert pause(Failure(kind="refused", status=429, asked=wanted), 1) == waited


def test_who_is_gone_for_good_is_asked_rarely_at_once() -> None:
    assert pause(Failure(kind="refused", status=410), 1) == PAUSES[-1]


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, None),
        ("", None),
        ("120", timedelta(seconds=120)),
        ("9" * 40, LONGEST),
        ("Mon, 02 Mar 2026 03:00:00 GMT", HOUR),
        ("Mon, 02 Mar 2026 03:00:00 -0000", HOUR),
        ("Mon, 02 Mar 2026 01:00:00 GMT", timedelta()),
        ("soon", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_what_a_retry_after_asks_for(header: str | None, wanted: timedelta | None) -> None:
    assert asked(header, NOW) == wanted


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, None), (204, None), (299, None), (301, "redirected"), (304, "redirected")]
    + [(status, "refused") for status in (100, 400, 410, 429, 500, 503)],
)
def test_only_2xx_is_taken(status: int, kind: str | None) -> None:
    failure = failure_of(status, "60", NOW)
    assert (failure and failure.kind) == kind


def test_what_was_taken_moves_its_partition_and_forgets_the_failures() -> None:
    sending = Pushed(positions={40: 7, 41: 2}, batch=Batch(40, 7, 12))
    failed = sending.failed(Failure(kind="refused", status=500), NOW)
    assert (failed.batch, failed.attempts, failed.status) == (sending.batch, 1, 500)
    assert failed.waits(NOW)
    assert not failed.waits(NOW + PAUSES[0])
    assert failed.taken(NOW) == Pushed(positions={40: 12, 41: 2}, pushed_at=NOW)


def test_the_signature_is_the_standards_own() -> None:
    told = Message("msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}')
    signed = headers(told, SECRETS[:1], datetime.fromtimestamp(1614265330, UTC))
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_instant_is_signed_the_same_in_every_zone() -> None:
    told = Message("m-1", "{}")
    china = NOW.astimezone(timezone(timedelta(hours=8)))
    assert headers(told, SECRETS, china) == headers(told, SECRETS, NOW)


def test_each_secret_signs() -> None:
    signatures = headers(Message("m-1", "{}"), SECRETS, NOW)["webhook-signature"].split(" ")
    assert signatures == [Webhook(secret).sign("m-1", NOW, "{}") for secret in SECRETS]
