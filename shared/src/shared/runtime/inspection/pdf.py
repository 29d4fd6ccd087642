"""Inspection of PDF: structure, what its streams unpack to, and whether anything in it acts by itself."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import settings

from shared.runtime.inspection.findings import EXPANDED, PIXELS, STREAM, Finding, FoundError

MARK = b"%PDF-"
PICTURES = {"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"}
"""Encodings that are not unpacked here: they say themselves how many pixels they have."""

ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
ACTIVE_ACTIONS = {
    *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR"),
    *("/Rendition", "/Movie", "/Sound", "/RichMediaExecute"),
}
"""Of links, only those to a page of the file or to an address are none of these."""


def inspect(content: bytes) -> None:
    """Look through a PDF.

    Raises:
        FoundError: it is none, is damaged or encrypted, unpacks to too much, or holds scripts, files, or
            actions that reach beyond it.
    """
    if not content.startswith(MARK):
        raise FoundError(Finding.OTHER_TYPE)
    settings.set_qpdf_limits(
        flate_max_memory=STREAM, run_length_max_memory=STREAM, png_max_memory=STREAM, tiff_max_memory=STREAM
    )
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False) as document:
            _look(document)
    except pikepdf.PasswordError:
        raise FoundError(Finding.ENCRYPTED) from None
    except pikepdf.DataDecodingError as error:
        over = "limit exceeded" in str(error) or "bad_alloc" in str(error)
        raise FoundError(Finding.BOMB if over else Finding.DAMAGED) from None


def _look(document: pikepdf.Pdf) -> None:
    if document.is_encrypted:
        raise FoundError(Finding.ENCRYPTED)
    if not len(document.pages):
        raise FoundError(Finding.DAMAGED)
    expanded = 0
    for found in _objects(document):
        if isinstance(found, pikepdf.Stream):
            expanded += _expanded(found)
        if expanded > EXPANDED:
            raise FoundError(Finding.BOMB)
        if isinstance(found, pikepdf.Dictionary | pikepdf.Stream) and _acts(found):
            raise FoundError(Finding.ACTIVE)
    if settings.qpdf_limit_errors():
        raise FoundError(Finding.BOMB)


def _objects(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every object of the file, whether a page leads to it or not."""
    waiting = [document.trailer, *document.objects]
    while waiting:
        found = waiting.pop()
        yield found
        inner: list[object] = []
        if isinstance(found, pikepdf.Array):
            inner = list(found)
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            inner = [value for _, value in found.items()]
        waiting += [one for one in inner if isinstance(one, pikepdf.Object) and not one.is_indirect]


def _acts(found: pikepdf.Object) -> bool:
    return not ACTIVE_KEYS.isdisjoint(found.keys()) or str(found.get("/S")) in ACTIVE_ACTIONS


def _expanded(stream: pikepdf.Object) -> int:
    """How many bytes a stream has unpacked; of a picture in an encoding of its own, those it has packed."""
    filters = stream.get("/Filter")
    names = {str(one) for one in filters} if isinstance(filters, pikepdf.Array) else {str(filters)}
    if names.isdisjoint(PICTURES):
        return len(stream.read_bytes())
    if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > PIXELS:
        raise FoundError(Finding.BOMB)
    return len(stream.read_raw_bytes())
