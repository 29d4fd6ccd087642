"""What the end of a year asks for at once: expiry, verification, carry-over, certificates.

Each is measured over databases copied from a template that was filled before the first round.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Self

from bench.measures import carrying, expiring, issuing, sweep, verifying
from bench.order import Scale
from bench.servers import Servers

Measure = Callable[[], Awaitable[dict[str, float]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearEnd:
    """The templates, and what is measured over them."""

    servers: Servers
    scale: Scale
    year: int
    lots: sweep.Prepared
    counted: str
    """Everybody's hours are counted."""
    judged: str
    """Everybody's verdict can be heard."""
    entitled: str
    """Everybody is due a certificate."""

    @classmethod
    async def prepare(cls, servers: Servers, scale: Scale, year: int) -> Self:
        """Fill the templates."""
        return cls(
            servers=servers,
            scale=scale,
            year=year,
            lots=await sweep.prepare(servers, scale.lots, year),
            counted=await verifying.prepare(servers, scale.teachers, year),
            judged=await carrying.prepare(servers, scale.teachers, year),
            entitled=await issuing.prepare(servers, scale.certificates, year),
        )

    def measures(self) -> Mapping[str, Measure]:
        """What is measured, in order, by the names of its figures."""
        servers, scale, year = self.servers, self.scale, self.year
        return {
            "E6": lambda: sweep.measure(servers, self.lots, scale.lots, year, scale.seconds),
            "F8, E6-months": lambda: expiring.measure(servers, self.lots.by_months, scale.lots, year),
            "F6, E8": lambda: verifying.measure(servers, self.counted, scale.teachers, year),
            "F7, E9": lambda: carrying.measure(servers, self.judged, scale.teachers, year),
            "F9, E10": lambda: issuing.measure(servers, self.entitled, scale.certificates),
        }
