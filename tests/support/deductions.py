"""A pack that deducts hours where an inspection is failed: Guangzhou's rules with figures of no city."""

from importlib import resources
from pathlib import Path

from tests.support.versions import as_version

RULES = """
[[deductions]]
id = "SCH-01"
clause = "1"
words = "检查不合格的教师,扣出当年学时4个学时,并且不办理合格证书"
title = "Failed inspection"
title_zh = "检查不合格"
deciders = ["centre", "city"]
categories = ["professional", "elective"]
hours = 4
withholds = true

[[deductions]]
id = "T-D2"
clause = "2"
words = "缺勤通报的教师,扣出当年学时2个学时"
title = "Absence"
title_zh = "缺勤通报"
deciders = ["school", "centre"]
categories = ["elective"]
hours = 2

[[deductions]]
id = "T-D3"
clause = "3"
words = "扣出当年学时____个学时"
title = "A blank"
title_zh = "未定"
deciders = ["city"]
categories = ["professional"]

"""
"""Figures of no city: the school's text that deducts leaves them blank."""


def with_deductions(folder: Path, rules: str = RULES, version: str = "") -> str:
    """The path of that pack, written into a folder."""
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    written = folder / "deductions.toml"
    changed = shipped.replace("[carry_over]", f"{rules}[carry_over]", 1)
    written.write_text(as_version(changed, version), encoding="utf-8")
    return str(written)
