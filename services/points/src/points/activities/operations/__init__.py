"""What intake does: take acts in, fold them into objects, post what the rules grant by difference."""

from points.activities.domain.receipt import Details, Receipt
from points.activities.operations.details import details
from points.activities.operations.errors import CrossedError
from points.activities.operations.reaching import refusals
from points.activities.operations.recording import Outcome, record

__all__ = ["CrossedError", "Details", "Outcome", "Receipt", "details", "record", "refusals"]
