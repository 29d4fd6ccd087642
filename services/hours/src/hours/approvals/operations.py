"""Who may act where an office is awaited, and who is still to act."""

from sqlalchemy import ColumnElement, Select, Table, cast, column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB

from shared.access import Caller


def may(caller: Caller, who: str) -> bool:
    """Whether a caller is bound where somebody is awaited, or acts for others."""
    return caller.is_operator or caller.place == who


def still_to_approve(matter: Table, number: ColumnElement[str]) -> Select[tuple[str, str]]:
    """The statement of who approves now or later what is pending, and its number."""
    steps = func.jsonb_array_elements(cast(matter.c.approvers, JSONB))
    one = steps.table_valued(column("step", JSONB), with_ordinality="turn").render_derived()
    each = select(one.c.step["by"].astext, number).select_from(matter.join(one, true()))
    return each.where(matter.c.state == "pending", one.c.turn > matter.c.approved)
