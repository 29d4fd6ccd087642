"""Recognition (审核认可) of hours of a class, by another office and account than registered them."""

from collections.abc import Sequence

from hours.classes.domain.outline import Refused
from hours.classes.domain.results import Standing
from hours.classes.domain.training_class import Office, TrainingClass
from shared.policy.names import caller_name
from shared.wording import Named


def may_recognise(
    known: TrainingClass, pending: Sequence[Standing], office: Office, account: str
) -> Refused | None:
    """Whether somebody decides on the hours of a class that are registered and not recognised yet."""
    if not pending:
        return Refused("class.not_pending", figures={"number": known.number})
    if office.name != known.awaits and not office.is_operator:
        return Refused("class.not_awaited", figures={"number": known.number, "awaits": _office(known.awaits)})
    accounts = known.accounts.union(*(one.accounts for one in pending))
    if account in accounts or office.name in {one.registrar for one in pending}:
        return Refused("class.own_registration", figures={"number": known.number})
    return None


def _office(name: str | None) -> Named:
    kind, _, identity = (name or "").partition(":")
    return caller_name(kind, identity)
