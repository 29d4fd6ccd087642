"""What an inspection can find, and which types of files it knows."""

from enum import StrEnum

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
KINDS = (PDF, JPEG, PNG)

PIXELS = 50_000_000
"""That a picture may have: what a telephone takes, and a page at 600 dots an inch."""
STREAM = 128 * 2**20
"""Bytes that one stream of a PDF may have unpacked: a page in full colour at 600 dots an inch."""
EXPANDED = 4 * STREAM
"""Bytes that all of them may have."""


class Finding(StrEnum):
    """What is found; a refusal is named by the code of its problem."""

    FINE = "fine"
    OTHER_TYPE = "file.not_its_type"
    DAMAGED = "file.unreadable"
    ENCRYPTED = "file.encrypted"
    BOMB = "file.bomb"
    ACTIVE = "file.active"


class FoundError(Exception):
    """Something is wrong with the file."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding
