"""Ending a task that swallows a cancellation, as libraries do that complete in the same moment."""

import asyncio

from shared.runtime.exclusive import end


async def test_a_task_that_swallows_a_cancellation_ends_all_the_same() -> None:
    swallowed = 0

    async def stubborn() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed > 2:
                    raise

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await end(task)
    assert task.cancelled()


async def test_a_task_that_failed_before_is_only_looked_at() -> None:
    async def failing() -> None:
        raise ValueError

    task = asyncio.create_task(failing())
    await asyncio.sleep(0)
    await end(task)
    assert isinstance(task.exception(), ValueError)


async def test_who_is_cancelled_again_while_ending_another_task_ends_it_first() -> None:
    cancelled = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
        await asyncio.Event().wait()

    inner = asyncio.create_task(stubborn())

    async def outer() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await end(inner)

    task = asyncio.create_task(outer())
    await asyncio.sleep(0)
    task.cancel()
    await cancelled.wait()
    async with asyncio.timeout(10):
        await end(task)
    assert task.cancelled()
    assert inner.cancelled()
