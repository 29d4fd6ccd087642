"""Examples of certificates (证书算例), tried on the rules by which they are numbered and end."""

from collections.abc import Iterator

from certificates.registry.domain.number import Series
from certificates.registry.domain.status import State, on
from deploy.policy.given import Pair
from shared.policy.examples import CertificateExample
from shared.policy.pack import Pack


def certificate_pairs(pack: Pack, example: CertificateExample) -> Iterator[Pair]:
    """What number a certificate has, and whether it is valid on the day."""
    kind = pack.certificate(example.certificate)
    series = Series(division=kind.division, year=example.year, kind=kind.digit)
    until = kind.valid_until(pack.certified(kind, example.year).last, pack.years)
    yield "number", example.number, str(series.number(example.serial))
    yield "state", example.state, str(on(State.VALID, until, example.on))
