"""Settings that every service reads: what they may look like."""

import pytest

from shared.runtime.settings import Settings, SettingsError

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
