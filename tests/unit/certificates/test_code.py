"""The QR code: the very one that segno would draw, whatever its length and whichever mask it takes."""

import string
from io import BytesIO

import segno
from hypothesis import example, given, settings
from hypothesis import strategies as st

from certificates.issuing.rendering.code import qr_image

ADDRESSES = st.text(string.ascii_letters + string.digits + "/?=&.-", max_size=250)


def drawn_by_segno(url: str) -> tuple[str, int]:
    """The image with the mask that segno itself chooses, and that mask."""
    code, image = segno.make_qr(url, error="m"), BytesIO()
    code.save(image, kind="svg", border=1, xmldecl=False, svgns=True, dark="#26262b")
    return image.getvalue().decode(), code.mask


@settings(max_examples=60)
@given(path=ADDRESSES)
@example(path="1" * 700)  # a size whose symbols tell their version
def test_an_address_is_drawn_as_segno_draws_it(path: str) -> None:
    url = f"https://{path}"
    assert qr_image(url) == drawn_by_segno(url)[0]


def test_certificates_in_a_row_take_the_masks_that_segno_takes() -> None:
    chosen = set()
    for serial in range(100):
        url = f"https://hourbank.example/verify/44010020245{serial:06}0?version=1"
        image, mask = drawn_by_segno(url)
        assert qr_image(url) == image
        chosen.add(mask)
    assert len(chosen) > 4, "and not by always taking the same"
