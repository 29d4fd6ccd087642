"""Listening sockets: opened here and handed down, so that a port once found cannot be lost to anybody."""

import errno
import socket

HOST = "127.0.0.1"


def listen(first: int) -> socket.socket:
    """Return a socket that listens on `first`, or on the next free port."""
    for port in range(first, 65536):
        try:
            return socket.create_server((HOST, port))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
    raise OSError(errno.EADDRINUSE, f"no free port from {first}")


def free(first: int) -> int:
    """Return a port that is free now: `first` or the next one, for a server that opens its own socket."""
    with listen(first) as probe:
        return number(probe)


def number(listening: socket.socket) -> int:
    """Return the port of a socket."""
    return int(listening.getsockname()[1])
