"""The page of roles and acts is the matrix, and a rule pack names to act whom the matrix lets act."""

from itertools import product
from pathlib import Path

import msgspec
import pytest

from shared.access.__main__ import page
from shared.access.matrix import LEVELS, read
from shared.policy.sources import AUTHORITIES, Approver, Reviewer

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
KINDS = {role.kind for role in read().roles.values()}


def test_the_page_of_roles_is_the_matrix() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(read()), "run `make contracts`"


def acting(act: str) -> set[str]:
    """Whom the matrix lets do something, as packs name them: kinds, also with a level (`centre@city`)."""
    cells = (cell.split("@") for cell in read().acts[act].allowed)
    return {
        name for role, at in cells for kind in [read().roles[role].kind] for name in (kind, f"{kind}@{at}")
    }


def taken(shape: object) -> set[str]:
    """What a pack may name."""
    names = {*KINDS, *(f"{kind}@{level}" for kind, level in product(KINDS, LEVELS))}
    return {name for name in names if _fits(name, shape)}


def _fits(name: str, shape: object) -> bool:
    try:
        msgspec.convert(name, shape)
    except msgspec.ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("shape", "act"), [(Approver, "class.approve"), (Reviewer, "declaration.decide")], ids=["class", "hours"]
)
def test_a_pack_names_nobody_whom_the_matrix_never_lets_act(shape: object, act: str) -> None:
    assert taken(shape)
    assert taken(shape) <= acting(act)


def test_authorities_are_the_approvers_that_may_decide_on_annual_plans() -> None:
    named = {name for name in taken(Approver) if name.partition("@")[0] in AUTHORITIES}
    assert named == taken(Approver) & acting("annual_plan.decide")
