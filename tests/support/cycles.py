"""A pack of the city with a cycle beside its years, for tests: the shipped text has none."""

from importlib import resources
from pathlib import Path

from tests.support.versions import as_version

CYCLE = """
[[cycles]]
id = "NAT-02"
clause = "教师〔2013〕9号"
words = "……"
title = "Registration of teachers every five years"
title_zh = "教师资格定期注册"
years = 5
total = 360

"""
"""What registration asks beside the annual verification, in a pack that has it."""


def with_cycle(folder: Path) -> str:
    """A file, alone in a folder of its own, of the shipped pack and a cycle."""
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    file = folder / "with_cycle" / "pack.toml"
    file.parent.mkdir(exist_ok=True)
    text = shipped.replace("[verification]\n", f"{CYCLE}[verification]\n", 1)
    file.write_text(as_version(text), encoding="utf-8")
    return str(file)
