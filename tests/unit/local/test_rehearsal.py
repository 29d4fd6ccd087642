"""A run as of a day that is still to come: which day, by how much its clock is ahead, also later."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local import rehearsal
from deploy.local.intake import FolderError
from deploy.local.issuer.settings import IssuerSettings
from deploy.local.order import Order, state_folder
from shared.policy.calendar import CHINA

NOW = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
DAY = date(2028, 12, 25)


def test_a_day_is_said_by_a_person_or_by_the_folder(tmp_path: Path) -> None:
    assert rehearsal.day({}, tmp_path) is None
    (tmp_path / rehearsal.FILE).write_text("today = 2028-12-25\n")
    assert rehearsal.day({}, tmp_path) == DAY
    assert rehearsal.day({"TODAY": "2030-01-01"}, tmp_path) == date(2030, 1, 1)


@pytest.mark.parametrize(
    "text", ["today = 2028", "today = 2028-12-25T08:00:00", "tomorrow = 2028-12-25", "today"]
)
def test_a_folder_that_says_something_else_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / rehearsal.FILE).write_text(text)
    with pytest.raises(FolderError, match=rehearsal.FILE):
        rehearsal.day({}, tmp_path)


@pytest.mark.parametrize("said", ["2028-13-01", "tomorrow", "2028"])
def test_a_person_who_says_no_date_is_told(said: str, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=f"TODAY={said}"):
        rehearsal.day({"TODAY": said}, tmp_path)


def test_the_clock_begins_with_the_day_in_china_and_goes_on_from_there(tmp_path: Path) -> None:
    state = tmp_path / "state"
    ahead = rehearsal.begin(state, DAY, CHINA, NOW)
    assert NOW + ahead == datetime(2028, 12, 24, 16, 0, tzinfo=UTC)
    assert rehearsal.begin(state, DAY, CHINA, NOW + timedelta(days=3)) == ahead
    assert rehearsal.kept(state) == ahead


def test_what_is_behind_us_is_not_rehearsed(tmp_path: Path) -> None:
    for day in (date(2026, 11, 30), date(2020, 1, 1)):
        with pytest.raises(FolderError, match=f"TODAY={day} has begun"):
            rehearsal.begin(tmp_path, day, CHINA, NOW)


def test_without_a_day_the_clock_is_that_of_today(tmp_path: Path) -> None:
    assert rehearsal.begin(tmp_path, None, CHINA, NOW) == rehearsal.kept(tmp_path) == timedelta()


def test_every_day_has_a_state_of_its_own_and_tokens_go_by_its_clock(tmp_path: Path) -> None:
    told = {"DATA": str(tmp_path), "STATE": str(tmp_path / "var"), "DEPLOYMENT": "development"}
    rehearsed = told | {"TODAY": "2028-12-25"}
    assert Order.read(rehearsed).today == DAY
    assert state_folder(told) != state_folder(rehearsed)
    ahead = rehearsal.begin(state_folder(rehearsed), DAY, CHINA, NOW)
    issuer = {"TOKEN_ISSUER": "http://127.0.0.1:8105"}
    assert IssuerSettings.read(rehearsed | issuer).ahead == ahead
    assert IssuerSettings.read(told | issuer).ahead == timedelta()
