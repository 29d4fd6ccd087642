"""Packs under which hours of last year were to be handed in by a day near today."""

from datetime import date
from importlib import resources
from pathlib import Path

from shared.policy.calendar import day_of
from shared.runtime import clock
from tests.support.versions import as_version

RULE = """[deadline]
id = "T-1"
clause = "1"
words = "次年登记"
title = "Deadline"
title_zh = "登记截止"
first = 2010
grace = {grace}

"""


def graced(folder: Path, days: int, *changes: tuple[str, str]) -> str:
    """The shipped pack with a last day so many days after today, and changes to its text; its path."""
    today = day_of(clock.now())
    grace = (today - date(today.year - 1, 12, 31)).days + days
    text = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    for before, after in (("[carry_over]", RULE.format(grace=grace) + "[carry_over]"), *changes):
        assert before in text
        text = text.replace(before, after, 1)
    pack = folder / f"grace-{days}.toml"
    pack.write_text(as_version(text), encoding="utf-8")
    return str(pack)
