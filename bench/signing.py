"""Who the load is: the operator, by an issuer of the benchmark's own that serves beside its servers."""

from functools import cache

from deploy.local.issuer.bearer import Bearer
from deploy.local.issuer.own import OwnIssuer

ROLES = ("operator@deployment:bench",)


@cache
def issuer() -> OwnIssuer:
    """The issuer of this process."""
    return OwnIssuer.open("http://127.0.0.1:8600")


@cache
def bearer() -> str:
    """The value of the header that signs a request in."""
    return issuer().bearer(ROLES)


def signed() -> Bearer:
    """The same for clients of httpx."""
    return Bearer(issuer().mint, ROLES)
