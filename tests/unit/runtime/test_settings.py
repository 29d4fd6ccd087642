"""Settings that every service reads: what they may look like."""

from datetime import timedelta

import pytest

from shared.runtime.settings import Duty, Settings, SettingsError

NEEDED = {"POINTS_DATABASE_URL": "postgresql+asyncpg://points@db/points", "NATS_URL": "nats://bus"}


def trusted(**environment: str) -> tuple[str, ...]:
    return tuple(Settings.from_environment("points", {**NEEDED, **environment}).trusted_proxies)


def test_only_proxies_on_the_same_machine_are_trusted_unless_others_are_named() -> None:
    assert trusted() == ("127.0.0.1", "::1")
    assert trusted(TRUSTED_PROXIES="10.0.0.1, 192.168.0.0/16 ,") == ("10.0.0.1", "192.168.0.0/16")
    assert trusted(TRUSTED_PROXIES="") == ()
    assert trusted(TRUSTED_PROXIES="*") == ("*",)


@pytest.mark.parametrize("value", ["gateway", "10.0.0.1/8", "*, 10.0.0.1", "10.0.0.1;10.0.0.2"])
def test_what_is_no_address_and_no_network_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        trusted(TRUSTED_PROXIES=value)


def read(**environment: str) -> Settings:
    return Settings.from_environment("points", {**NEEDED, **environment})


def test_a_replica_is_another_url_of_the_service_and_may_be_ten_seconds_old_unless_told_otherwise() -> None:
    url = "postgresql+asyncpg://points@replica/points"
    assert (read().replica_url, read(POINTS_REPLICA_URL="").replica_url) == (None, None)
    given = read(POINTS_REPLICA_URL=url, HOURS_REPLICA_URL="of another service")
    assert (given.replica_url, given.replica_behind) == (url, 10)
    assert read(REPLICA_BEHIND="60").replica_behind == 60


def test_a_process_answers_requests_and_works_unless_told_otherwise() -> None:
    assert (read().duty, read(DUTY="").duty) == (Duty.BOTH, Duty.BOTH)
    assert (read(DUTY="requests").duty, read(DUTY="work").duty) == (Duty.REQUESTS, Duty.WORK)


@pytest.mark.parametrize("value", ["worker", "Work", "requests,work", " "])
def test_a_duty_that_is_none_is_refused_with_those_there_are(value: str) -> None:
    with pytest.raises(SettingsError, match=r"^DUTY is not one of both, requests, work$"):
        read(DUTY=value)


def test_the_clock_of_a_deployment_without_real_people_may_be_ahead() -> None:
    assert read().ahead == timedelta()
    assert read(DEPLOYMENT="development", CLOCK_AHEAD="86400").ahead == timedelta(days=1)
    with pytest.raises(SettingsError, match=r"^CLOCK_AHEAD is for DEPLOYMENT=development"):
        read(CLOCK_AHEAD="1")
    assert read(CLOCK_AHEAD="0").ahead == timedelta()


@pytest.mark.parametrize("value", ["-1", "1.5", "a day", "316224001", "٣"])
def test_what_is_no_number_of_seconds_is_no_clock(value: str) -> None:
    with pytest.raises(SettingsError, match="CLOCK_AHEAD is not a number of seconds from 0 to 316224000"):
        read(DEPLOYMENT="development", CLOCK_AHEAD=value)


@pytest.mark.parametrize("value", ["1", "0", "-5", "3601", "ten", "10.5", "٣"])
def test_an_age_that_is_no_number_of_seconds_or_cannot_be_told_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="REPLICA_BEHIND"):
        read(REPLICA_BEHIND=value)


@pytest.mark.parametrize("value", ["replica", "postgresql://points@replica/points"])
def test_a_replica_that_is_no_address_of_a_database_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="POINTS_REPLICA_URL"):
        read(POINTS_REPLICA_URL=value)
