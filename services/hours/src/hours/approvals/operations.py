"""Who may act where an office is awaited."""

from shared.access import Caller


def may(caller: Caller, who: str) -> bool:
    """Whether a caller is bound where somebody is awaited, or acts for others."""
    return caller.is_operator or caller.place == who
