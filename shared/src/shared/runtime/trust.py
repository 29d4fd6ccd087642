"""Whom a service believes over TLS when it asks others: the authorities that the HTTP client brings along."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """The same for every client: to read the authorities takes longer than most requests."""
    return httpx.create_ssl_context(trust_env=False)
