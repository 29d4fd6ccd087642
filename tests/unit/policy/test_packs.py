"""Versions of packs: which is in force on a day, and what must not stand side by side (规则包版本)."""

from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from shared.policy.loader import NoPackError, PackError, Packs, load_folder

TEXT = resources.files("shared.policy").joinpath("packs/guangzhou.toml").read_text(encoding="utf-8")


def _version(folder: Path, version: str, first: date, last: date | None, pack: str = "guangzhou") -> None:
    validity = f"valid_from = {first}" + (f"\nvalid_to = {last}" if last else "")
    text = TEXT.replace('id = "guangzhou"', f'id = "{pack}"').replace(
        'version = "1"', f'version = "{version}"'
    )
    text = text.replace("valid_from = 2010-01-01", validity)
    (folder / f"{pack}-{version}.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def packs(tmp_path: Path) -> Packs:
    _version(tmp_path, "2", date(2025, 1, 1), None)
    _version(tmp_path, "1", date(2010, 1, 1), date(2023, 12, 31))
    _version(tmp_path, "1", date(2012, 1, 1), None, "elsewhere")
    return load_folder(tmp_path)


@pytest.mark.parametrize(
    ("day", "reference"),
    [
        (date(2010, 1, 1), "guangzhou@1"),
        (date(2023, 12, 31), "guangzhou@1"),
        (date(2025, 1, 1), "guangzhou@2"),
        (date(2099, 1, 1), "guangzhou@2"),
    ],
)
def test_the_version_in_force(packs: Packs, day: date, reference: str) -> None:
    assert packs.at("guangzhou", day).reference == reference


@pytest.mark.parametrize("day", [date(2009, 12, 31), date(2024, 6, 1)])
def test_a_day_without_a_version_is_an_error(packs: Packs, day: date) -> None:
    with pytest.raises(NoPackError, match=f"no version of pack guangzhou in force on {day}"):
        packs.at("guangzhou", day)


def test_an_unknown_pack_is_an_error(packs: Packs) -> None:
    with pytest.raises(NoPackError, match="wuhan"):
        packs.at("wuhan", date(2024, 1, 1))


def test_a_posting_finds_the_version_it_was_made_under(packs: Packs) -> None:
    assert packs.by_reference("guangzhou@1").pack.valid_to == date(2023, 12, 31)
    assert packs.by_reference("elsewhere@1").pack.id == "elsewhere"
    with pytest.raises(NoPackError, match="no pack guangzhou@3"):
        packs.by_reference("guangzhou@3")


@pytest.mark.parametrize("last", [None, date(2025, 1, 1), date(2030, 1, 1)])
def test_overlapping_versions_do_not_load(tmp_path: Path, last: date | None) -> None:
    _version(tmp_path, "1", date(2010, 1, 1), last)
    _version(tmp_path, "2", date(2025, 1, 1), None)
    with pytest.raises(PackError) as caught:
        load_folder(tmp_path)
    assert (caught.value.file, caught.value.key) == ("guangzhou-2.toml", "pack.valid_from")
    assert "overlaps guangzhou@1 in guangzhou-1.toml" in caught.value.message


def test_one_version_in_two_files_does_not_load(tmp_path: Path) -> None:
    _version(tmp_path, "1", date(2010, 1, 1), date(2023, 12, 31))
    text = (tmp_path / "guangzhou-1.toml").read_text(encoding="utf-8")
    later = text.replace("2010-01-01\n", "2024-01-01\n").replace("2023-12-31", "2024-12-31")
    (tmp_path / "copy.toml").write_text(later, encoding="utf-8")
    with pytest.raises(
        PackError, match=r"^copy\.toml: pack\.version: guangzhou@1 is also in guangzhou-1\.toml"
    ):
        load_folder(tmp_path)


def test_a_wrong_file_in_a_folder_is_named(tmp_path: Path) -> None:
    _version(tmp_path, "1", date(2010, 1, 1), None)
    (tmp_path / "zz.toml").write_text("[pack]\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"^zz\.toml: "):
        load_folder(tmp_path)


def test_a_folder_without_packs_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="holds no pack"):
        load_folder(tmp_path)


def test_the_shipped_packs_stand_side_by_side() -> None:
    with resources.as_file(resources.files("shared.policy").joinpath("packs")) as folder:
        packs = load_folder(folder)
    assert packs.at("guangzhou", date(2024, 9, 1)).reference == "guangzhou@1"
