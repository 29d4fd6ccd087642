"""An application behind a listening socket: one of its own, or one that was handed down open."""

import os
import socket

import uvicorn
from fastapi import FastAPI

from shared.startup import StartUpError


def serve(app: FastAPI, *, host: str, port: int, fd: int | None = None) -> None:
    """Answer requests until somebody says stop; an open socket `fd` goes before host and port.

    Raises:
        StartUpError: the database holds something that forbids it.
    """
    if fd is not None:
        _send_at_once(fd)
    try:
        uvicorn.run(
            app,
            host=host,
            port=port,
            fd=fd,
            log_config=None,
            access_log=False,
            proxy_headers=False,  # the application does it, as its settings say
            timeout_graceful_shutdown=5,
        )
    except SystemExit:
        refused: StartUpError | None = getattr(app.state, "refused", None)
        if refused is not None:
            raise refused from None
        raise


def _send_at_once(number: int) -> None:
    """Let accepted connections send small answers at once.

    uvicorn takes a socket that is handed down for a Unix socket, so nobody turns Nagle's algorithm off, and
    every answer of two segments would wait some 40 ms for the client's delayed acknowledgement.
    """
    with socket.socket(fileno=os.dup(number)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
