"""Drawing some out of many (抽取) so that anybody can draw them again: the first ones by a keyed digest."""

from collections.abc import Iterable
from hashlib import blake2b


def drawn(names: Iterable[str], number: int, purpose: str, seed: str) -> list[str]:
    """So many of some names, or all where there are no more; in order of name."""
    return sorted(sorted(names, key=lambda name: digest(name, purpose, seed))[:number])


def digest(name: str, purpose: str, seed: str) -> str:
    """By what names are put in order: BLAKE2b of purpose and name, 32 bytes in hex, under a seed in hex."""
    return blake2b(f"{purpose}\n{name}".encode(), key=bytes.fromhex(seed), digest_size=32).hexdigest()
