"""Rendering (制作证书): contents into a PDF/A-3b file, the same bytes for the same contents.

Text reaches the page only as data, in one embedded face and without any fallback. Whatever typst warns of is
an error here: a blank in place of a name must never leave the house.
"""

import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock

import segno
import typst

from certificates.registry.domain.certificate import Hours, plain

FONT = "Noto Sans CJK SC"
FONT_FOLDER = Path(str(files("noto_cjk_sans_otc")))

TEMPLATE = Path(__file__).with_name("certificate.typ")

SPECIMEN = "000000000090000000"
"""Stands for the number while contents are tried before one is reserved; no certificate has it."""

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
    year: int
    hours: Hours
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
        fonts = typst.Fonts(
            font_paths=[str(FONT_FOLDER)], include_system_fonts=False, include_embedded_fonts=False
        )
        self._compiler = typst.Compiler(
            TEMPLATE, root=TEMPLATE.parent, font_paths=fonts, ignore_system_fonts=True
        )

    def render(self, contents: Contents) -> bytes:
        """The document's bytes.

        Raises:
            RenderingError: a character has no glyph, or the face is missing.
        """
        return self.compile(self.inputs(contents))

    def inputs(self, contents: Contents) -> dict[str, str]:
        """What the template is given."""
        return {
            "certificate": json.dumps(self._data(contents), ensure_ascii=False),
            "qr": qr_image(contents.verify_url),
        }

    def compile(self, inputs: dict[str, str]) -> bytes:
        """What the library makes of the template and its inputs.

        Raises: RenderingError as `render` does.
        """
        try:
            with self._busy:
                pdf, warnings = self._compiler.compile_with_warnings(
                    format="pdf", sys_inputs=inputs, pdf_standards="a-3b"
                )
        except typst.TypstError as error:
            raise _refusal(error) from error
        if warnings:
            raise RenderingError("; ".join(warning.message for warning in warnings))
        assert isinstance(pdf, bytes), "one document was asked for"
        return pdf

    def _data(self, contents: Contents) -> dict[str, object]:
        return {
            "font": self._font,
            "heading": contents.heading,
            "number": contents.number,
            "number_grouped": grouped(contents.number),
            "version": str(contents.version),
            "replaces": None if contents.replaces is None else str(contents.replaces),
            "name": contents.name,
            "school": contents.school,
            "year": str(contents.year),
            "hours": {name: plain(value) for name, value in asdict(contents.hours).items()},
            "issuer": contents.issuer,
            "date": {
                "year": contents.issued_on.year,
                "month": contents.issued_on.month,
                "day": contents.issued_on.day,
            },
            "basis": contents.basis,
            "verify_url": contents.verify_url,
        }


@lru_cache(maxsize=64)
def qr_image(url: str) -> str:
    """The QR code of an address as SVG, correction level M: a stain or a fold does not kill it."""
    image = BytesIO()
    segno.make_qr(url, error="m").save(image, kind="svg", border=1, xmldecl=False, svgns=True, dark="#26262b")
    return image.getvalue().decode()


def grouped(number: str) -> str:
    """The number as people read it: division, year, kind, serial, check."""
    return " ".join((number[:6], number[6:10], number[10], number[11:17], number[17:]))


def _refusal(error: typst.TypstError) -> RenderingError:
    found = _NO_GLYPH.search(error.message)
    if found is None:
        return RenderingError(error.message)
    sign = _ESCAPED.sub(lambda point: chr(int(point["point"], 16)), found["text"])
    return RenderingError(error.message, sign=sign)
