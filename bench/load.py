"""Offers load: closed loop (each connection sends when it was answered) or open loop (by the clock).

Open loop counts a latency from the moment at which the request was due, also when it had to wait for a free
connection: a service that stalls does not make its own figures better.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from bench.client import Answer, Connection, Pool, connections, pool


@dataclass(slots=True)
class Load:
    """What was sent and what came back; seconds of `perf_counter`."""

    began: float = 0.0
    ended: float = 0.0
    latencies: list[float] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """From the first request to the last answer."""
        return self.ended - self.began

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.answers) / self.seconds


async def closed(url: str, requests: Sequence[bytes], count: int, *, seconds: float | None = None) -> Load:
    """Send requests over `count` connections, all of them or as many as go out within so many seconds."""
    load = Load()
    async with connections(url, count) as made:
        load.began = perf_counter()
        until = load.began + seconds if seconds is not None else float("inf")
        left = iter(requests)
        await asyncio.gather(*(_drain(load, one, left, until) for one in made))
        load.ended = perf_counter()
    return load


async def _drain(load: Load, connection: Connection, left: Iterator[bytes], until: float) -> None:
    while (began := perf_counter()) < until and (request := next(left, None)) is not None:
        answer = await connection.send(request)
        load.latencies.append(perf_counter() - began)
        load.answers.append(answer)


async def offered(
    url: str, requests: Sequence[bytes], rate: float, count: int, *, over: asyncio.Event | None = None
) -> Load:
    """Send requests at a fixed rate over up to `count` connections, all of them or until it is `over`."""
    load = Load()
    async with pool(url, count) as free:
        sending: list[asyncio.Task[None]] = []
        load.began = perf_counter()
        for place, request in enumerate(requests):
            if over is not None and over.is_set():
                break
            due = load.began + place / rate
            if (wait := due - perf_counter()) > 0:
                await asyncio.sleep(wait)
            sending.append(asyncio.create_task(_send(load, free, request, due)))
        await asyncio.gather(*sending)
        load.ended = perf_counter()
    return load


async def _send(load: Load, free: Pool, request: bytes, due: float) -> None:
    answer = await free.send(request)
    load.latencies.append(perf_counter() - due)
    load.answers.append(answer)
