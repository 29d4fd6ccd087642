"""What stops the start of the service: a missing address, a pack that does not load or does not fit."""

from pathlib import Path

import pytest

from hours.settings import HoursSettings
from shared.policy.errors import PackError
from shared.runtime.settings import Settings, SettingsError

PACK = Path(__file__).parents[3] / "shared" / "src" / "shared" / "policy" / "packs" / "guangzhou.toml"


def settings(**more: str) -> Settings:
    environment = {"POINTS_URL": "http://127.0.0.1:1", "VERIFICATION_URL": "http://127.0.0.1:1", **more}
    return Settings(database_url="", nats_url="", environment=environment)


def test_without_a_file_the_shipped_pack_is_in_force() -> None:
    assert HoursSettings.read(settings()).editions.pack.reference.startswith("guangzhou@")


def test_a_missing_address_is_named() -> None:
    with pytest.raises(SettingsError, match="POINTS_URL"):
        HoursSettings.read(settings(POINTS_URL=""))


def test_keys_are_optional_and_a_wrong_one_stops_the_start_unsaid() -> None:
    assert HoursSettings.read(settings()).vault is None
    with pytest.raises(SettingsError, match="HOURS_PERSON_KEYS") as raised:
        HoursSettings.read(settings(HOURS_PERSON_KEYS="c2VjcmV0"))
    assert "c2VjcmV0" not in str(raised.value)


def test_a_pack_that_carries_hours_for_longer_is_refused(tmp_path: Path) -> None:
    text = PACK.read_text(encoding="utf-8")
    assert "years = 1" in text
    longer = tmp_path / "longer.toml"
    longer.write_text(text.replace("years = 1", "years = 2"), encoding="utf-8")
    with pytest.raises(PackError, match=r"carry_over\.years"):
        HoursSettings.read(settings(HOURS_PACK=str(longer)))


def test_a_wrong_pack_names_file_and_key(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(PACK.read_text(encoding="utf-8").replace("years = 1", 'years = "one"'), encoding="utf-8")
    with pytest.raises(PackError, match=r"wrong\.toml: carry_over\.years"):
        HoursSettings.read(settings(HOURS_PACK=str(wrong)))


def test_unused_evidence_is_kept_longer_than_appeals_are_taken_and_for_good_unless_set() -> None:
    assert HoursSettings.read(settings()).unused_days is None
    assert HoursSettings.read(settings(EVIDENCE_DAYS="31")).unused_days == 31
    for days in ("30", "0", "-1", "x", "3661"):
        with pytest.raises(SettingsError, match="EVIDENCE_DAYS"):
            HoursSettings.read(settings(EVIDENCE_DAYS=days))
