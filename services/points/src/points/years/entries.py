"""Entry of the order to close a year; it stays in the service."""

import msgspec

CLOSING_ORDERED = "year.closing_ordered.v1"


class YearClosingOrdered(msgspec.Struct, frozen=True, kw_only=True):
    """`year.closing_ordered.v1`, subject `year:<year>`: from now on its partitions are closed one by one."""

    year: int
