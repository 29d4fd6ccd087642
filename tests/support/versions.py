"""Versions of packs for tests: a changed text is another version, as it has to be."""

from hashlib import sha256


def as_version(text: str, version: str = "") -> str:
    """The text of the shipped pack, changed or not, under a version; without one, under one of its own."""
    named = version or f"1.{sha256(text.encode()).hexdigest()[:8]}"
    return text.replace('version = "1"\n', f'version = "{named}"\n', 1)
