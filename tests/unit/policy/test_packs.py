"""Versions of packs: the one in force, others beside it, and one text for each (规则包版本)."""

from importlib import resources
from pathlib import Path

import pytest

from shared.policy.loader import PackError, editions

TEXT = resources.files("shared.policy").joinpath("packs/guangzhou.toml").read_text(encoding="utf-8")
CAP, OTHER_CAP = "cap = 100\n", "cap = 60\n"


def _version(folder: Path, version: str, cap: str = CAP, name: str = "") -> Path:
    text = TEXT.replace('version = "1"', f'version = "{version}"').replace(CAP, cap, 1)
    file = folder / (name or f"guangzhou-{version}.toml")
    file.write_text(text, encoding="utf-8")
    return file


def test_a_version_in_force_and_others_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "versions"
    folder.mkdir()
    _version(folder, "1")
    in_force = _version(folder, "2", OTHER_CAP)
    read = editions(str(in_force), str(folder))
    assert (read.pack.reference, read.pack.points[0].cap) == ("guangzhou@2", 60)
    assert [(other.reference, other.pack.points[0].cap) for other in read.others] == [("guangzhou@1", 100)]
    assert read.in_force.digest != read.others[0].digest


def test_without_settings_the_shipped_one_is_alone() -> None:
    assert (editions().pack.reference, editions().others) == ("guangzhou@1", ())


@pytest.mark.parametrize("first", ["guangzhou-1.toml", "guangzhou-2.toml"], ids=["in force", "beside it"])
def test_two_texts_of_one_version_do_not_load(tmp_path: Path, first: str) -> None:
    _version(tmp_path, "2")
    _version(tmp_path, "1", OTHER_CAP)
    version = first.removesuffix(".toml").partition("-")[2]
    _version(tmp_path, version, "cap = 10\n", name="later.toml")
    with pytest.raises(PackError) as caught:
        editions(str(tmp_path / "guangzhou-1.toml"), str(tmp_path))
    assert str(caught.value) == f"later.toml: pack.version: guangzhou@{version} has another text already"


@pytest.mark.parametrize("other", ["guangzhou-0.toml", "guangzhou-2.toml"])
def test_a_pack_that_counts_in_two_units_does_not_load(tmp_path: Path, other: str) -> None:
    _version(tmp_path, "1")
    file = _version(tmp_path, other[-6])
    text = file.read_text(encoding="utf-8").replace(
        'division = "440100"', 'division = "440100"\nunit = "credit"', 1
    )
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        editions(str(tmp_path / "guangzhou-1.toml"), str(tmp_path))
    fault = "is credit, and guangzhou@1 counts in hour: another unit is another pack"
    assert str(caught.value) == f"{other}: pack.unit: {fault}"
    assert editions(str(tmp_path / "guangzhou-1.toml")).pack.pack.unit == "hour"


def test_of_another_version_today_s_checks_hold_the_shapes_only(tmp_path: Path) -> None:
    early = _version(tmp_path, "0")
    ended = "valid_from = 2010-01-01\nvalid_to = 2009-12-31"
    text = early.read_text(encoding="utf-8").replace("valid_from = 2010-01-01", ended, 1)
    early.write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match="lies before valid_from"):
        editions(str(early))
    assert [other.reference for other in editions("", str(tmp_path)).others] == ["guangzhou@0"]
    (tmp_path / "zz.toml").write_text("[pack]\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"^zz\.toml: "):
        editions("", str(tmp_path))
