"""Inspection of pictures: decoded whole, within a number of pixels."""

import warnings
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from shared.runtime.inspection.findings import JPEG, PIXELS, PNG, Finding, FoundError

FORMATS = {JPEG: "JPEG", PNG: "PNG"}


def inspect(content: bytes, kind: str) -> None:
    """Look through a picture.

    Raises:
        FoundError: it is of another type, has too many pixels, or cannot be decoded to its end.
    """
    if b"%PDF-" in content:  # readers of PDF look for their mark further in
        raise FoundError(Finding.OTHER_TYPE)
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(BytesIO(content), formats=[FORMATS[kind]]) as picture:
            picture.load()
    except UnidentifiedImageError:
        raise FoundError(Finding.OTHER_TYPE) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FoundError(Finding.BOMB) from None
