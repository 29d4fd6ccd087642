"""Tokens for tests: one issuer for a test run, with whose key they are minted here."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from deploy.local.issuer.own import OwnIssuer
from shared.access import Caller, matrix
from shared.runtime import clock

ISSUER = OwnIssuer.open("http://127.0.0.1:8105")
OPERATOR = "operator@deployment:local"

KINDS: Mapping[str, str] = {
    "operator": "operator@deployment",
    "platform": "platform@deployment",
    "province": "provincial_hr@province",
    "city": "city_department@city",
    "district": "district_centre@district",
    "centre": "district_centre@district",
    "distance_centre": "distance_centre@city",
    "research_department": "research_department@district",
    "school": "school_administrator@school",
    "provider": "provider@city",
    "host": "host@person",
    "teacher": "teacher@person",
}
"""The role of a caller, by what a journal calls it."""


def account(subject: str, *roles: str) -> dict[str, str]:
    """The header of an account in roles that it is not named after."""
    return {"Authorization": ISSUER.bearer(roles, subject)}


@cache
def signed(*roles: str) -> dict[str, str]:
    """The header of somebody with these roles, `role@level:id`, for as long as tests run."""
    return account(roles[0] if roles else "somebody", *roles)


HEADER = f"Authorization: {signed(OPERATOR)['Authorization']}\r\n"
"""The operator's, as bytes on a socket have it."""


EXPIRED = {"Authorization": f"Bearer {ISSUER.mint.token([OPERATOR], now=clock.now() - timedelta(days=1))}"}
"""The operator's, of yesterday."""


def calling(caller: str) -> dict[str, str]:
    """The header of a caller as a journal names it, such as `school:S01`."""
    kind, _, identity = caller.partition(":")
    return signed(f"{KINDS[kind]}:{identity}")


def caller(name: str) -> Caller:
    """Who `calling` is to a service, for what is done at another time than the present."""
    kind, _, identity = name.partition(":")
    role = f"{KINDS[kind]}:{identity}"
    (binding,) = matrix.read().bindings([role])
    return Caller(subject=role, binding=binding, kind=kind, persons=frozenset())
