"""How classes were held and by whom, for who tells of the hours that came of them."""

from collections.abc import Iterable, Mapping

from hours.classes.operations.desk import subject
from hours.classes.store import classes as store
from hours.classes.store.classes import Form
from shared.runtime.database import Transaction

__all__ = ["Form", "forms"]


async def forms(tx: Transaction, matters: Iterable[str]) -> Mapping[str, Form]:
    """The form of each class among some matters, by matter."""
    prefix = subject("")
    numbers = {matter.removeprefix(prefix) for matter in matters if matter.startswith(prefix)}
    return {subject(number): form for number, form in (await store.load_forms(tx, numbers)).items()}
