"""Files as people hand them in, honest ones and hostile ones, made from nothing."""

import random
import zlib
from io import BytesIO
from struct import pack
from zipfile import ZipFile

import pikepdf
from PIL import Image

_PAGE = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
)

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def pdf(*more: bytes, catalogue: bytes = _PAGE[0], trailer: bytes = b"") -> bytes:
    """A PDF of one empty page and of further objects, numbered from 4."""
    made, places = b"%PDF-1.7\n", []
    for number, value in enumerate((catalogue, *_PAGE[1:], *more), 1):
        places.append(b"%010d 00000 n \n" % len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, b"".join(places))
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n" % (len(places) + 1, trailer, len(made))
    return made + table + end + b"%%EOF\n"


def stream(content: bytes, dictionary: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), dictionary, content)


def packed(size: int, times: int = 1) -> bytes:
    """A stream of nothing but zeros, packed as often."""
    content = b"\0" * size
    for _ in range(times):
        content = zlib.compress(content, 1)
    return stream(content, b"/Filter [%s]" % (b"/FlateDecode " * times))


def picture(kind: str, width: int = 40, height: int = 30) -> bytes:
    """Noise, as `JPEG` or `PNG`."""
    made = BytesIO()
    noise = random.Random(width).randbytes(width * height * 3)
    Image.frombytes("RGB", (width, height), noise).save(made, kind)
    return made.getvalue()


def several(kind: str = "MPO") -> bytes:
    """A JPEG with a smaller picture behind it, as telephones make them."""
    made = BytesIO()
    first, second = (Image.open(BytesIO(picture("PNG", width))) for width in (40, 20))
    first.save(made, kind, save_all=True, append_images=[second])
    return made.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it has so many pixels."""
    head = pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 2**20)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def locked(content: bytes, password: str) -> bytes:
    """A PDF that may not be changed, and without the password not be read."""
    made = BytesIO()
    with pikepdf.open(BytesIO(content)) as document:
        document.save(made, encryption=pikepdf.Encryption(owner="owner", user=password))
    return made.getvalue()


def archive() -> bytes:
    """A ZIP."""
    made = BytesIO()
    with ZipFile(made, "w") as content:
        content.writestr("a.txt", "a")
    return made.getvalue()
