"""Outages: what cannot be reached is said once when it goes and once when it is back, not at every try."""

import logging

import asyncpg
import httpx
from nats.errors import Error as NatsError
from sqlalchemy.exc import DBAPIError

from shared.runtime.errors import AwayError

log = logging.getLogger(__name__)

_AWAY_STATES = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE that speak of the server or of a conflict, not of what was asked."""


def is_away(error: Exception) -> bool:
    """Whether the store or the network failed, not what was asked of it: tried again for ever."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        return error.connection_invalidated or state is None or state[:2] in _AWAY_STATES
    return isinstance(
        error, AwayError | OSError | httpx.HTTPError | TimeoutError | asyncpg.InterfaceError | NatsError
    )


class Outage:
    """Whether something that is tried again and again works, as the log has been told."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._kinds: set[type[Exception]] = set()

    def begins(self, error: Exception) -> None:
        """It failed; said the first time it fails in this way."""
        if type(error) not in self._kinds:
            self._kinds.add(type(error))
            words = f"{type(error).__name__}: {error}"
            trace = None if is_away(error) else error
            log.warning("%s: fails, trying again (%s)", self._what, words, exc_info=trace)

    def ends(self) -> None:
        """It worked."""
        if self._kinds:
            self._kinds.clear()
            log.warning("%s: works again", self._what)
