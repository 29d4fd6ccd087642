"""Lines of a stream, cut anywhere; lines and answers made ahead up to a bound."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.ndjson import MAX_LINE, TOGETHER, ahead, gathered, split


async def lines_of(content: bytes, cuts: list[int]) -> list[bytes | None]:
    ends = sorted({min(cut, len(content)) for cut in cuts} | {0, len(content)})

    async def chunks() -> AsyncIterator[bytes]:
        for first, last in pairwise(ends):
            yield content[first:last]

    parts = [part async for part in split(chunks())]
    assert all(0 < len(part) <= TOGETHER for part in parts)
    return [line for part in parts for line in part]


@given(st.binary(max_size=50), st.lists(st.integers(0, 50)))
def test_lines_do_not_depend_on_where_the_stream_is_cut(content: bytes, cuts: list[int]) -> None:
    whole = content.split(b"\n")
    expected = whole if whole[-1] else whole[:-1]
    assert asyncio.run(lines_of(content, cuts)) == expected


@pytest.mark.parametrize("cuts", [[], [1000], [MAX_LINE], [MAX_LINE + 1], [5, MAX_LINE + 3]])
async def test_only_the_line_that_is_too_long_is_lost(cuts: list[int]) -> None:
    fits, too_long = b"a" * MAX_LINE, b"b" * (MAX_LINE + 1)
    assert await lines_of(too_long + b"\n" + fits + b"\nc\n" + too_long, cuts) == [None, fits, b"c", None]


class Maker:
    """Makes answers of ten bytes without end, and knows how many it made and whether it was closed."""

    def __init__(self) -> None:
        self.made = 0
        self.closed = False

    async def answers(self) -> AsyncGenerator[bytes, None]:
        try:
            while True:
                self.made += 1
                yield b"0123456789"
        finally:
            self.closed = True


async def test_answers_are_made_ahead_up_to_the_bound_and_again_when_some_are_taken() -> None:
    maker = Maker()
    taking = ahead(maker.answers(), 50)
    for taken in range(1, 4):
        await anext(taking)
        for _ in range(100):
            await asyncio.sleep(0)
        assert maker.made == taken + 5
    await taking.aclose()
    assert maker.closed


async def test_what_fails_while_it_is_made_reaches_who_takes() -> None:
    async def fails() -> AsyncGenerator[bytes, None]:
        yield b"one"
        raise ValueError("the second")

    taking = ahead(fails(), 50)
    assert await anext(taking) == [b"one"]
    with pytest.raises(ValueError, match="the second"):
        await anext(taking)


async def test_what_waits_is_taken_together_up_to_a_length() -> None:
    async def parts() -> AsyncGenerator[list[int], None]:
        for size in (3, 4, 3, 1, 20, 1, 0):
            yield [size] * size

    taken = [[len(part) for part in parts] async for parts in ahead(parts(), 100, 10)]
    assert taken == [[3, 4, 3], [1], [20], [1, 0]]


async def test_lines_that_arrive_while_others_are_answered_come_together_in_order() -> None:
    sent, answered = asyncio.Event(), asyncio.Event()

    async def stream() -> AsyncGenerator[bytes, None]:
        yield b"0\n1\n2"
        await answered.wait()
        for n in range(3, 8):
            yield b"\n%d" % n
        sent.set()

    taking = gathered(stream())
    assert await anext(taking) == [b"0", b"1"]
    answered.set()
    await sent.wait()
    assert [lines async for lines in taking] == [[b"2", b"3", b"4", b"5", b"6", b"7"]]
