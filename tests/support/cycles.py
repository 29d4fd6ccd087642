"""Packs of cycles for tests: the city's without its cycle, and one whose years are over by now."""

import re
from importlib import resources
from pathlib import Path

from tests.support.versions import as_version


def without_cycles(folder: Path) -> str:
    """A file, alone in a folder of its own, of the shipped pack less its cycles and their examples."""
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    file = folder / "without_cycles" / "pack.toml"
    file.parent.mkdir(exist_ok=True)
    tables = re.split(r"(?m)^(?=\[)", shipped)
    left = (table for table in tables if not table.startswith("[[cycles") and 'kind = "cycle"' not in table)
    file.write_text(as_version("".join(left)), encoding="utf-8")
    return str(file)


def earlier(text: str) -> str:
    """A pack whose cycle is that of 2024 to 2028, five years earlier: it is over by now."""
    for year in range(2024, 2030):
        text = text.replace(f"{year}", f"{year - 5}")
    return text


# What Horgos's clause asks (五(一)), by hand and not out of the pack: tests compute with it on their own.

HORGOS_WITHIN = {
    "required": (
        *("prefecture_public", "prefecture_professional"),
        *("county_public", "county_professional", "digital_literacy"),
    ),
    "prefecture": ("prefecture_public", "prefecture_professional"),
    "county": ("county_public", "county_professional"),
}
HORGOS_ASKED = {
    "required": 60,
    "prefecture": 20,
    "prefecture_public": 5,
    "prefecture_professional": 15,
    "county": 30,
    "county_public": 10,
    "county_professional": 20,
    "digital_literacy": 10,
    "elective": 10,
    "school_based": 20,
}
