"""Every state that a refusal names is called something in Chinese."""

from typing import Literal, get_args

import pytest

from hours.appeals.domain import appeal
from hours.approvals.domain import STATE_NAMES, state_name
from hours.courses.domain import course
from hours.declarations.domain import declaration
from hours.plans.domain import plan
from hours.transfers import domain as transfers
from hours.waivers import domain as waivers

STATES = [
    state
    for states in (
        appeal.State,
        course.State,
        declaration.State,
        plan.Held,
        Literal["running"],
        transfers.State,
        waivers.State,
    )
    for state in get_args(states)
]


@pytest.mark.parametrize("state", STATES)
def test_a_state_has_a_name_in_chinese_and_its_id_for_programs(state: str) -> None:
    assert STATE_NAMES["zh"][state] != state
    assert state_name(state).id == state
    assert state_name(state).names["en"] == state
