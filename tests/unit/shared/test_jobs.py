"""A job does its steps beside each other, for as long as it holds its lock."""

import asyncio

import pytest

from shared.runtime.exclusive import Hold, LockLostError
from shared.runtime.jobs import Job


async def test_one_step_goes_on_while_another_waits_and_both_end_with_the_lock() -> None:
    lock, first_is_waiting, second_was_here = Hold(), asyncio.Event(), asyncio.Event()
    ended: list[str] = []

    async def first() -> bool:
        first_is_waiting.set()
        try:
            await second_was_here.wait()
            await asyncio.Event().wait()
        finally:
            ended.append("first")
        return True

    async def second() -> bool:
        await first_is_waiting.wait()
        second_was_here.set()
        lock.lost = True
        return True

    with pytest.raises(LockLostError):
        await Job("sharing", first, second).work(lock)
    assert ended == ["first"]
