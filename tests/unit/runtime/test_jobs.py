"""Work that outlives a request: rounds that come often are kept apart."""

import asyncio

import pytest

from shared.runtime.jobs import lasting

A_MOMENT, AN_AGE = 0.05, 3600.0


async def test_a_round_lasts_its_time() -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with lasting(A_MOMENT):
        pass
    assert loop.time() - began >= A_MOMENT


async def test_a_round_that_fails_ends_at_once() -> None:
    with pytest.raises(LookupError):
        async with asyncio.timeout(AN_AGE / 100), lasting(AN_AGE):
            raise LookupError
