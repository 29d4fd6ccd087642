"""The QR code (二维码) of an address, as segno draws it: the same modules, at a third of the price.

segno weighs all eight masks module by module, which took four of the five milliseconds of a code, nearly as
long as the page. Here a symbol is one large number, and its penalty (ISO/IEC 18004, 7.8.3) is counted by
shifts. What a mask turns over depends on the size alone, and is asked of segno once.
"""

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

import segno

MASKS = range(8)
LIGHT = 4
"""Light modules after each row, so that what is found in one row never runs into the next."""

_AS_DIGITS = bytes.maketrans(b"\x00\x01", b"01")
_AS_MODULES = bytes.maketrans(b"01", b"\x00\x01")


class Size(NamedTuple):
    """Symbols of one size. A number has a bit a module, the lowest for the first one of the first row."""

    side: int
    judged: int
    """The modules that count when masks are compared."""
    neighbours: tuple[int, int]
    """The modules that have a neighbour to the right, and below."""
    flips: tuple[int, ...]
    """What each mask turns over, compared with the first."""

    @property
    def row(self) -> int:
        """From a module to the one below."""
        return self.side + LIGHT


def qr_image(url: str) -> str:
    """The QR code of an address as SVG, correction level M: a stain or a fold does not kill it."""
    code = segno.make_qr(url, error="m", mask=0)
    _mask_best(code)
    image = BytesIO()
    code.save(image, kind="svg", border=1, xmldecl=False, svgns=True, dark="#26262b")
    return image.getvalue().decode()


def _mask_best(code: segno.QRCode) -> None:
    """Turn the first mask into the one with the lowest penalty, the first of several."""
    size, modules = _size(code.version), _number(code.matrix)
    code.mask = min(MASKS, key=lambda mask: penalty((modules ^ size.flips[mask]) & size.judged, size))
    masked = modules ^ size.flips[code.mask]
    digits = f"{masked:0{size.row * size.side}b}".encode()[::-1].translate(_AS_MODULES)
    for at, row in enumerate(code.matrix):
        row[:] = digits[at * size.row :][: size.side]


def penalty(modules: int, size: Size) -> int:
    """How hard a symbol is to read: long runs, blocks, what looks like a finder, more of one tone."""
    points = 0
    alike = []
    for step, neighbours in zip((1, size.row), size.neighbours, strict=True):
        same = ~(modules ^ modules >> step) & neighbours
        runs = same & same >> step & same >> 2 * step & same >> 3 * step
        points += runs.bit_count() + 2 * (runs & ~(runs << step)).bit_count()
        points += 40 * _count_finders(modules, step)
        alike.append(same)
    across, down = alike
    points += 3 * (across & across >> size.row & down).bit_count()
    area = size.side**2
    return points + 10 * (abs(20 * modules.bit_count() - 10 * area) // area)


def _count_finders(modules: int, step: int) -> int:
    """How often 1011101 has four light modules before or after it; what overlaps one of them is none."""
    found = modules
    for place, dark in enumerate((0, 1, 1, 1, 0, 1), start=1):
        shifted = modules >> place * step
        found &= shifted if dark else ~shifted
    before = after = 0
    for away in range(1, LIGHT + 1):
        before |= modules << away * step
        after |= modules >> (6 + away) * step
    found &= ~(before & after)
    count = 0
    while found:
        first = found & -found
        found &= ~(first | first << 4 * step | first << 6 * step)
        count += 1
    return count


@lru_cache(maxsize=4)
def _size(version: int) -> Size:
    first, *others = (segno.make_qr("0", version=version, error="m", mask=mask) for mask in MASKS)
    start = _number(first.matrix)
    side = len(first.matrix)
    set_later = _set_later(side)
    judged = [bytearray((y, x) not in set_later for x in range(side)) for y in range(side)]
    all_but_last, everything = bytearray([1] * (side - 1) + [0]), bytearray([1] * side)
    neighbours = _number([all_but_last] * side), _number([everything] * (side - 1))
    return Size(side, _number(judged), neighbours, (0, *(_number(other.matrix) ^ start for other in others)))


def _set_later(side: int) -> set[tuple[int, int]]:
    """Rows and columns of what tells mask and version: set when the mask is chosen, and light until then."""
    later = {(8, at) for at in (*range(6), 7, 8, *range(side - 8, side))}
    if side > 41:
        later |= {(at, side - away) for at in range(6) for away in (9, 10, 11)}
    return later | {(x, y) for y, x in later}


def _number(matrix: Iterable[bytearray]) -> int:
    return int(
        b"".join(row.ljust(len(row) + LIGHT, b"\x00") for row in matrix)[::-1].translate(_AS_DIGITS), 2
    )
