"""Rendering (制作证书): contents into a PDF/A-3b file, the same bytes for the same contents.

Text reaches the page only as data, in one embedded face and without any fallback. Whatever typst warns of is
an error here: a blank in place of a name must never leave the house. Whether contents can be shown is known
without a page where all their signs have been on one.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from threading import Lock
from unicodedata import is_normalized

import typst

from certificates.issuing.rendering.code import qr_image
from certificates.registry.domain.amount import Amount
from certificates.registry.domain.certificate import plain
from shared.policy.calendar import Years
from shared.policy.categories import CARRIED_IN, TOTAL
from shared.policy.cycles import Span

FONT = "Noto Sans CJK SC"
FONT_FOLDER = Path(str(files("noto_cjk_sans_otc")))

TEMPLATE = Path(__file__).with_name("certificate.typ")

SPECIMEN = "01234567890000000X"
"""Stands for the number while contents are tried before one is reserved: with every sign that a number can
have, and nobody's."""

_NO_GLYPH = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{(?P<point>[0-9a-f]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything that is printed. Dates come from the verdict, never from a clock."""

    number: str
    version: int
    replaces: int | None
    heading: str
    name: str
    school: str
    span: Span
    """The years that are certified."""
    years: Years
    valid_until: date | None
    hours: Sequence[Amount]
    issuer: str
    issued_on: date
    basis: str
    verify_url: str


class RenderingError(Exception):
    """The contents cannot be printed as they are. `sign` is what the face cannot show, if that is why."""

    def __init__(self, reason: str, *, sign: str = "") -> None:
        super().__init__(reason)
        self.sign = sign


class Renderer:
    """A kept compiler: the face and the template are read once."""

    def __init__(self, font: str = FONT) -> None:
        self._font = font
        self._busy = Lock()
        self._shown: frozenset[str] = frozenset()
        fonts = typst.Fonts(
            font_paths=[str(FONT_FOLDER)], include_system_fonts=False, include_embedded_fonts=False
        )
        self._compiler = typst.Compiler(
            TEMPLATE, root=TEMPLATE.parent, font_paths=fonts, ignore_system_fonts=True
        )

    def check(self, contents: Contents) -> None:
        """Whether `render` would make a document of them; made only where signs are new.

        Raises: RenderingError as `render` does.
        """
        texts = set(_texts(_data(contents)))
        signs = set().union(*texts)
        if not signs <= self._shown:
            self.render(contents)
            # An accent may be shown only as part of its letter: nothing is learnt from such a text.
            self._shown |= set().union(*(text for text in texts if is_normalized("NFC", text)))

    def render(self, contents: Contents) -> bytes:
        """The document's bytes.

        Raises:
            RenderingError: a character has no glyph, or the face is missing.
        """
        inputs = self.inputs(contents)
        with self._busy:
            return self.compile(inputs)

    def inputs(self, contents: Contents) -> dict[str, str]:
        """What the template is given."""
        return {
            "certificate": json.dumps({"font": self._font, **_data(contents)}, ensure_ascii=False),
            "qr": qr_image(contents.verify_url),
        }

    def compile(self, inputs: dict[str, str]) -> bytes:
        """What the library makes of the template and its inputs; one at a time.

        Raises: RenderingError as `render` does.
        """
        try:
            pdf, warnings = self._compiler.compile_with_warnings(
                format="pdf", sys_inputs=inputs, pdf_standards="a-3b"
            )
        except typst.TypstError as error:
            raise _refusal(error) from error
        if warnings:
            raise RenderingError("; ".join(warning.message for warning in warnings))
        assert isinstance(pdf, bytes), "one document was asked for"
        return pdf


def _data(contents: Contents) -> dict[str, object]:
    return {
        "heading": contents.heading,
        "number": contents.number,
        "number_grouped": grouped(contents.number),
        "version": str(contents.version),
        "replaces": None if contents.replaces is None else str(contents.replaces),
        "name": contents.name,
        "school": contents.school,
        "years": "—".join(map(str, contents.years.called(*contents.span))),
        "year": "年度" if contents.years.are_calendar_years else "学年",
        "cycle": contents.span.first < contents.span.last,
        "valid_until": None if contents.valid_until is None else _date(contents.valid_until),
        "hours": [_amount(amount) for amount in contents.hours],
        "issuer": contents.issuer,
        "date": _date(contents.issued_on),
        "basis": contents.basis,
        "verify_url": contents.verify_url,
    }


def _date(day: date) -> dict[str, object]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _amount(amount: Amount) -> dict[str, object]:
    note = "上年结转" if amount.name.id == CARRIED_IN else "当年" if amount.carries else None
    return {
        "label": amount.category.names["zh"],
        "note": note,
        "value": plain(amount.hours),
        "unit": amount.unit.names["zh"],
        "total": amount.name.id == TOTAL,
    }


def _texts(data: object) -> Iterator[str]:
    """Everything in there that is printed, as text."""
    if isinstance(data, dict):
        for each in data.values():
            yield from _texts(each)
    elif isinstance(data, list):
        for each in data:
            yield from _texts(each)
    elif data is not None:
        yield str(data)


def grouped(number: str) -> str:
    """The number as people read it: division, year, kind, serial, check."""
    return " ".join((number[:6], number[6:10], number[10], number[11:17], number[17:]))


def _refusal(error: typst.TypstError) -> RenderingError:
    found = _NO_GLYPH.search(error.message)
    if found is None:
        return RenderingError(error.message)
    sign = _ESCAPED.sub(lambda point: chr(int(point["point"], 16)), found["text"])
    return RenderingError(error.message, sign=sign)
