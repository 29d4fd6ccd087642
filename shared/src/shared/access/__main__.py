"""`python -m shared.access` prints the matrix as a page for people, English beside Chinese."""

import sys
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from shared.access.matrix import Act, Matrix, read

_HEAD = """# Who may do what 权限

Made by `make contracts` from `matrix.toml` in `shared/access`; change that file, not this page. A token names
roles, each bound to a place (`school_administrator@school:S12`), and a role counts at the levels that stand
beside it. How to get a token says [how to sign in](how-to/sign-in.md); why it is built like this,
[0124](decisions/0124-roles-are-bound-to-places.md). To a role for which names are *masked* no answer says
who a person is.

## Roles 角色

| in a token | role | 角色 | bound to | registers as | names 姓名 |
|---|---|---|---|---|---|
"""
_ACTS = """
## Acts 操作

Who reads of a teacher by an act that is *personal*, and is not that teacher, stands in [the log of
reads](how-to/see-who-read.md).

| act | what it is | 操作 | who | personal 个人信息 |
|---|---|---|---|---|
"""

_MASKED = "masked 脱敏"


def page(matrix: Matrix) -> str:
    """The page, in Markdown."""
    roles = (
        f"| `{name}` | {role.en} | {role.zh} | {', '.join(role.levels)} | `{role.kind}` |"
        f" {_MASKED if role.masked else ''} |"
        for name, role in matrix.roles.items()
    )
    everybody = {f"{name}@{level}" for name, role in matrix.roles.items() for level in role.levels}
    acts = (
        f"| `{name}` | {act.en} | {act.zh} | {_who(act.allowed, everybody)} | {_logged(act, everybody)} |"
        for name, act in matrix.acts.items()
    )
    return _HEAD + "\n".join(roles) + "\n" + _ACTS + "\n".join(acts) + "\n"


def _logged(act: Act, everybody: AbstractSet[str]) -> str:
    """Whether reads are logged, and of whom they are not."""
    if not act.personal:
        return ""
    return f"yes, but for {_who(act.unlogged, everybody)}" if act.unlogged else "yes"


def _who(cells: Sequence[str], everybody: AbstractSet[str]) -> str:
    """Each role once, with its levels."""
    if everybody <= set(cells):
        return "everybody who is signed in"
    levels: dict[str, list[str]] = {}
    for cell in cells:
        role, _, level = cell.partition("@")
        levels.setdefault(role, []).append(level)
    return "; ".join(f"{role} ({', '.join(found)})" for role, found in levels.items())


if __name__ == "__main__":
    sys.stdout.write(page(read()))
