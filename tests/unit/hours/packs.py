"""The shipped pack, with the numbers that its text leaves open filled in where a test asks for them."""

from decimal import Decimal

from msgspec.structs import replace

from shared.policy.loader import builtin
from shared.policy.pack import ConvertedScore, GradedCertificate, Pack

PROOF = next(source.proof for source in builtin().hours if isinstance(source, ConvertedScore))
"""What a stamped proof has to name."""


def pack(numbers: dict[str, Decimal] | None = None) -> Pack:
    """Guangzhou's rules; `numbers` are the hours of a mental-health certificate by its grade."""
    shipped = builtin()
    hours = tuple(
        replace(source, hours=numbers or {}) if isinstance(source, GradedCertificate) else source
        for source in shipped.hours
    )
    return replace(shipped, hours=hours)
