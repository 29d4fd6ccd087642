"""Whether a name can be shown is known without a page, and as the compiler would have it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from unicodedata import is_normalized, normalize

import pytest

from certificates.issuing.rendering.document import SPECIMEN, Contents, Renderer, RenderingError
from tests.unit.certificates.test_rendering import CONTENTS

RANGES = {
    "controls and Latin": (0x0001, 0x017F, 3),
    "combining marks": (0x0300, 0x036F, 5),
    "Greek, Cyrillic": (0x0391, 0x044F, 5),
    "Hebrew, Arabic, Devanagari, Thai": (0x05D0, 0x0E5B, 83),
    "Hangul, in parts": (0x1100, 0x11FF, 5),
    "joiners, directions, punctuation": (0x2000, 0x206F, 2),
    "symbols": (0x2100, 0x27BF, 31),
    "radicals, kana, enclosed": (0x2E80, 0x33FF, 13),
    "Ext A": (0x3400, 0x4DBF, 11),
    "unified": (0x4E00, 0x9FFF, 11),
    "Hangul": (0xAC00, 0xD7A3, 101),
    "private use": (0xE000, 0xF8FF, 401),
    "compatibility": (0xF900, 0xFAFF, 5),
    "variation selectors, forms": (0xFE00, 0xFE6F, 5),
    "full and half width": (0xFF00, 0xFFEF, 5),
    "emoji": (0x1F300, 0x1FAFF, 97),
    "Ext B": (0x20000, 0x2A6DF, 701),
    "Ext C to F": (0x2A700, 0x2EBE0, 451),
    "compatibility supplement": (0x2F800, 0x2FA1F, 31),
    "Ext G, H": (0x30000, 0x323AF, 701),
    "tags, selectors for names": (0xE0020, 0xE01EF, 23),
    "private planes": (0xF0000, 0x10FFFD, 40009),
}
SAMPLE = [chr(p) for first, last, step in RANGES.values() for p in range(first, last + 1, step)]
NAMED = "·•\u00b7\u3007\u3400\u9fa5\u9feb䶮𬭎㛃㑇𬀩𬴊𬱖𤧛𫖯𬬭"
"""Signs of names of people, the dot between them in two ways, and those that are rare."""


class Counting(Renderer):
    """Counts the documents that were made."""

    def __init__(self) -> None:
        super().__init__()
        self.made = 0

    def compile(self, inputs: dict[str, str]) -> bytes:
        self.made += 1
        return super().compile(inputs)


def named(name: str) -> Contents:
    return replace(CONTENTS, number=SPECIMEN, name=f"李{name}明")


def says_yes(renderer: Renderer, name: str) -> bool:
    try:
        renderer.check(named(name))
    except RenderingError:
        return False
    return True


def compiles(name: str) -> bool:
    try:
        Renderer.render(PLAIN, named(name))
    except RenderingError:
        return False
    return True


def own(sign: str) -> bool:
    """Whether no other sign stands for it."""
    return is_normalized("NFC", sign)


PLAIN = Renderer()


def shown(renderer: Renderer, signs: Sequence[str]) -> Iterator[str]:
    """Those that the renderer calls printable; halves of what it refuses are tried apart."""
    if says_yes(renderer, "".join(signs)):
        yield from signs
    elif len(signs) > 1:
        yield from shown(renderer, signs[: len(signs) // 2])
        yield from shown(renderer, signs[len(signs) // 2 :])


@pytest.mark.parametrize("signs", [[*NAMED, *SAMPLE[::11]], pytest.param(SAMPLE, marks=pytest.mark.long)])
def test_what_is_called_printable_is_what_compiles(signs: Sequence[str]) -> None:
    """In any order and without another look; and what is refused is refused by the compiler."""
    renderer, dice = Counting(), Random(118)
    good = [sign for at in range(0, len(signs), 50) for sign in shown(renderer, signs[at : at + 50])]
    bad = [sign for sign in signs if sign not in good]
    assert len(good) > 200
    assert len(bad) > 20

    for sign in good:
        renderer.check(named(sign))  # a text that other signs stand for teaches nothing
    made = renderer.made
    names = ["".join(dice.choices(good, k=20)) for _ in range(len(good) // 10)]
    assert [name for name in names if not says_yes(renderer, name)] == []
    assert renderer.made - made == sum(not all(map(own, name)) for name in names)
    assert [name for name in names if not compiles(name)] == []
    for sign in bad:
        assert not compiles(sign), f"U+{ord(sign):04X}"


@pytest.mark.parametrize("letter", ["ê", "ü", "ñ"])
def test_an_accent_that_was_shown_with_its_letter_is_not_taken_for_shown(letter: str) -> None:
    renderer, apart = Renderer(), normalize("NFD", letter)
    assert says_yes(renderer, apart)
    assert compiles(apart)
    assert says_yes(renderer, apart[1]) == compiles(apart[1]) is False


def test_a_number_is_shown_whatever_its_digits() -> None:
    renderer = Counting()
    renderer.check(named("小琳"))
    for number in ("440100202450000017", "44010020245000001X", "987654321098765432"):
        renderer.check(replace(CONTENTS, name="小琳", number=number, verify_url=f"https://x/{number}"))
    assert renderer.made == 1
