"""Other moments than the present: services of this process take one for now, and so do tokens signed then."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from shared.runtime import clock
from shared.runtime.journal import tables


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be that moment for whoever is asked meanwhile.

    What is recorded bears the real time, by which the journal goes on looking for it.
    """
    so_far = tables.so_far()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment)
        patch.setattr(tables, "so_far", lambda: so_far)
        yield
