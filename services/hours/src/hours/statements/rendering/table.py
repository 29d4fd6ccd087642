"""A statement as one table for office programs: its columns, their heads in both languages, its rows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from hours.statements.rendering.movements import Line
from shared.policy.calendar import day_of
from shared.policy.categories import CARRIED_IN
from shared.policy.explain import Language
from shared.policy.names import amount_name, item_names
from shared.policy.pack import Pack
from shared.runtime.spreadsheets import Cell

HELD = "held"

_COLUMNS: Mapping[str, tuple[str, str]] = {
    "entry": ("entry", "分录"),
    "recorded_at": ("recorded at", "记录时间"),
    "effective_at": ("effective at", "业务时间"),
    "type": ("movement", "变动"),
    "category_name": ("category", "科目类别"),
    HELD: ("hours held", "学时"),
    "hours": ("{amounts}", "计入{amounts}"),
    "over_cap": ("over the cap", "超限{amounts}"),
    "short": ("not there to be deducted", "不足扣减{amounts}"),
    "reason_words": ("reason", "原因"),
    "rule": ("rule", "规则"),
    "title": ("title of the rule", "规则名称"),
    "ground": ("ground", "依据"),
    "activity": ("activity", "活动"),
    "provider": ("provider", "施教机构"),
    "from": ("from", "开始日期"),
    "to": ("to", "结束日期"),
    "evidence": ("evidence", "佐证材料"),
    "files": ("files", "佐证文件"),
    "registrar": ("registrar", "登记人"),
    "recogniser": ("recogniser", "认定人"),
    "matter": ("matter", "来源事项"),
    "points": ("points spent", "所用积分"),
    "reverses": ("reverses", "冲正分录"),
    "by": ("taken back by", "冲正人"),
    "taken_back": ("taken back because", "冲正原因"),
}
_BALANCE = "balance:"
"""Before the part whose balance a column is: a category may be called as another column is."""
_LAST_COLUMNS: Mapping[str, tuple[str, str]] = {
    _BALANCE + CARRIED_IN: ("carried in", "转入{amounts}"),
    "reviews": ("reviewed", "登记审核"),
    "why": ("why", "说明"),
}
"""Columns of a statement as a table, and their heads in English and in Chinese; balances stand between."""

_MOVED = {
    "hours.posted.v1": ("posted", "入账"),
    "hours.reversed.v1": ("reversed", "冲正"),
    "hours.deducted.v1": ("deducted", "扣减"),
    "hours.carried_over.v1": ("carried over", "结转"),
    "hours.year_reopened.v1": ("year reopened", "年度重开"),
}


_FOUND = {
    "in_order": ("in order", "无异议"),
    "changed": ("objected to and changed", "有异议,已更正或冲正"),
    "upheld": ("objected to", "有异议,未变更"),
}


def _reviewed(review: Mapping[str, Any], tz: str, words: int) -> str:
    """Who reviewed a record, on which day there, and what came of it."""
    on = day_of(datetime.fromisoformat(review["at"]), tz)
    return f"{review['by']} {on} {_FOUND[review['outcome']][words]}"


def _heads(lines: Sequence[Line], pack: Pack, language: Language) -> dict[str, str]:
    """The head of each column: after the movement the balance of each category, of former rules as well."""
    words, names = int(language == "zh"), item_names(pack, language)
    posted = {name: names[name] for name in pack.posted}
    for line in lines:
        if line["category"] in line["balance"]:
            posted.setdefault(line["category"], line["category_name"])
    balance = {
        _BALANCE + category: f"{name}累计" if words else f"balance, {name}"
        for category, name in posted.items()
    }
    amounts = amount_name(pack).names[language]
    first, last = (
        {name: heads[words].format(amounts=amounts) for name, heads in some.items()}
        for some in (_COLUMNS, _LAST_COLUMNS)
    )
    if not pack.counts_credits:
        del first[HELD]
    return first | balance | last


def rows(lines: Sequence[Line], pack: Pack, language: Language) -> Iterator[list[Cell]]:
    """A statement as the rows of a table, the head first; amounts are numbers, all else is text."""
    words = int(language == "zh")
    heads, zone = _heads(lines, pack, language), pack.pack.timezone
    yield list(heads.values())
    for line in lines:
        source, reversal = line["source"] or {}, line["reversal"] or {}
        cells = {
            **source,
            **line,
            **{name: Decimal(line[name]) for name in (HELD, "hours", "over_cap", "short") if name in line},
            **{_BALANCE + name: Decimal(hours) for name, hours in line["balance"].items()},
            "type": _MOVED[line["type"]][words],
            "title": line["title_zh"] if words else line["title"],
            "files": " ".join(file["href"] for file in source.get("files", ())),
            "reviews": " ".join(_reviewed(one, zone, words) for one in source.get("reviews", ())),
            "by": reversal.get("by"),
            "taken_back": reversal.get("why"),
        }
        yield [cells.get(column) for column in heads]
