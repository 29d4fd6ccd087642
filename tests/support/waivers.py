"""A pack that waives, and recognises hours of elsewhere: Guangzhou's rules with figures of no city."""

from importlib import resources
from pathlib import Path

from tests.support.transcripts import RULE
from tests.support.versions import as_version

RULES = """
[[waivers]]
kind = "childbirth"
id = "T-W1"
clause = "1"
words = "孕期、哺乳期教师可减免个人选修科目学时"
title = "Childbirth"
title_zh = "孕期、哺乳期"
applicants = ["teacher", "school"]
deciders = ["city"]
years = 2
evidence = true
hours = { elective = 18, professional = 10 }

[[waivers]]
kind = "secondment"
id = "T-W2"
clause = "2"
words = "支教期间免除"
title = "Secondment"
title_zh = "支教"
applicants = ["school"]
deciders = ["centre", "city"]
years = 1
whole = true

"""
"""Figures of no city: Guangzhou's text gives none."""


def with_waivers(folder: Path, more: str = "") -> str:
    """The path of that pack, and perhaps of more rules in it, written into a folder."""
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    written = folder / "waivers.toml"
    changed = shipped.replace("[carry_over]", f"{RULES}{RULE}{more}[carry_over]", 1)
    written.write_text(as_version(changed), encoding="utf-8")
    return str(written)
