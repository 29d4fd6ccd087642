"""Who decides, and where to push: settings go before the pack; what is none ends the start-up."""

from dataclasses import replace

import pytest

from shared.runtime.settings import Deployment, Settings, SettingsError
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


URL = "https://hr.example.cn/pushes"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def pushing(**other: str) -> Settings:
    told = {"URL": URL, "SECRETS": SECRET, **other}
    named = {f"VERIFICATION_PROVINCE_{name}": value for name, value in told.items()}
    return settings(**named)


def test_nothing_is_pushed_without_an_address() -> None:
    assert VerificationSettings.read(settings()).province is None


def test_where_to_push_with_which_secrets_and_how_long_to_wait() -> None:
    other = "whsec_c2Vjb25kLXNlY3JldC1vZi10aGUtcHJvdmluY2U="
    province = VerificationSettings.read(pushing(SECRETS=f"{other}, {SECRET}")).province
    assert province is not None
    assert (province.address, province.secrets, province.patience) == (URL, [other, SECRET], 15)


def test_real_people_are_pushed_over_an_encrypted_line_only() -> None:
    plain = "http://10.0.0.7/pushes"
    with pytest.raises(SettingsError, match="VERIFICATION_PROVINCE_URL"):
        VerificationSettings.read(pushing(URL=plain))
    development = replace(pushing(URL=plain), deployment=Deployment.DEVELOPMENT)
    assert VerificationSettings.read(development).province is not None


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"SECRETS": ""}, "URL and VERIFICATION_PROVINCE_SECRETS"),
        ({"URL": ""}, "URL and VERIFICATION_PROVINCE_SECRETS"),
        ({"URL": "hr.example.cn"}, "URL"),
        ({"URL": "https://"}, "URL"),
        ({"URL": "https://[::1/pushes"}, "URL"),
        ({"URL": "https://hr.example.cn:many/"}, "URL"),
        ({"SECRETS": "secret"}, "SECRETS"),
        ({"SECRETS": SECRET.removeprefix("whsec_")}, "SECRETS"),
        ({"SECRETS": "whsec_c2hvcnQ="}, "SECRETS"),
        ({"SECRETS": f"{SECRET},"}, "SECRETS"),
        ({"TIMEOUT": "0"}, "TIMEOUT"),
        ({"TIMEOUT": "61"}, "TIMEOUT"),
        ({"TIMEOUT": "1.5"}, "TIMEOUT"),
    ],
)
def test_what_cannot_be_used_ends_the_start_up_and_is_not_repeated(other: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=f"VERIFICATION_PROVINCE_{named}") as caught:
        VerificationSettings.read(pushing(**other))
    assert SECRET not in str(caught.value)
