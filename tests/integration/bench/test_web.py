"""The service that does nothing: served as all services are, and quick."""

import asyncio
import socket
from pathlib import Path

from bench.client import post
from bench.floors.web import serving_nothing
from bench.load import closed, offered
from bench.measures.intake import PATH

BODY = b'{"source": "bench"}'


def test_connections_of_a_socket_that_is_handed_down_send_small_answers_at_once(tmp_path: Path) -> None:
    with serving_nothing(tmp_path / "empty") as process:
        assert process._listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_every_request_of_a_load_is_answered_and_timed(tmp_path: Path) -> None:
    requests = [post(PATH, BODY)] * 50
    with serving_nothing(tmp_path / "empty") as process:
        everything = await closed(process.url, requests, 4)
        some = await closed(process.url, requests * 1000, 4, seconds=0.2)
        steady = await offered(process.url, requests, 200.0, 4)
        over = asyncio.Event()
        over.set()
        none = await offered(process.url, requests, 200.0, 4, over=over)
    for load in (everything, steady):
        assert [answer.status for answer in load.answers] == [201] * 50
        assert len(load.latencies) == 50
    assert 0 < len(some.answers) < 50_000
    assert steady.seconds >= 49 / 200
    assert none.answers == []


async def test_the_open_loop_counts_the_time_a_request_waits_for_a_connection(tmp_path: Path) -> None:
    with serving_nothing(tmp_path / "empty") as process:
        load = await offered(process.url, [post(PATH, BODY)] * 300, 1e9, 1)
    assert max(load.latencies) >= 0.9 * load.seconds


async def test_a_connection_that_was_closed_while_idle_is_replaced() -> None:
    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(BODY)
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer_once, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        load = await offered(f"http://{host}:{port}", [post(PATH, BODY)] * 5, 20.0, 2)
    assert [answer.status for answer in load.answers] == [201] * 5
