"""What intake does: take acts in, fold them into objects, post what the rules grant by difference."""

from points.activities.domain.receipt import Details, Receipt
from points.activities.operations.details import details
from points.activities.operations.errors import CrossedError
from points.activities.operations.granted import Granted, granted_in
from points.activities.operations.reaching import refusals
from points.activities.operations.recording import Outcome, record

__all__ = [
    "CrossedError",
    "Details",
    "Granted",
    "Outcome",
    "Receipt",
    "details",
    "granted_in",
    "record",
    "refusals",
]
