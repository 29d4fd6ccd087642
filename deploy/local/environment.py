"""The environment of the laptop stack: the one place in `deploy.local` that reads it."""

import os


def variable(name: str) -> str | None:
    """Return a variable of the environment, or None where it is unset or empty."""
    return os.environ.get(name) or None  # noqa: TID251 - this module is where deploy.local reads its settings


def everything() -> dict[str, str]:
    """Return the whole environment."""
    return dict(os.environ)  # noqa: TID251 - as above


def for_children(**more: str) -> dict[str, str]:
    """Return the environment for a child: ours without PG* variables, which would redirect its clients."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("PG")}  # noqa: TID251 - as above
    return ours | more
