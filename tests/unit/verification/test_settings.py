"""Who decides: the setting goes before the pack, and a word that means neither ends the start-up."""

import pytest

from shared.runtime.settings import Settings, SettingsError
from verification.settings import VerificationSettings


def settings(**environment: str) -> Settings:
    return Settings(
        database_url="", nats_url="", environment={"HOURS_URL": "http://127.0.0.1:1", **environment}
    )


def test_the_pack_says_who_decides_unless_the_setting_does() -> None:
    assert VerificationSettings.read(settings()).authority == "province"
    assert VerificationSettings.read(settings(VERIFICATION_AUTHORITY="local")).authority == "local"


def test_another_word_ends_the_start_up() -> None:
    with pytest.raises(SettingsError, match="'mayor'"):
        VerificationSettings.read(settings(VERIFICATION_AUTHORITY="mayor"))


def test_without_the_address_of_the_hours_service_nothing_starts() -> None:
    with pytest.raises(SettingsError, match="HOURS_URL"):
        VerificationSettings.read(settings(HOURS_URL=""))
