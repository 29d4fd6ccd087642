"""Who is calling. Until sign-in exists every service binds to loopback and the caller names itself."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header

from shared.runtime.errors import DomainError

_FORM = re.compile(r"[a-z_]{1,40}:[^\s:\0]{1,100}")


@dataclass(frozen=True, slots=True)
class Caller:
    """A kind of caller and its identity, for example ("school", "S01")."""

    kind: str
    id: str

    @property
    def is_operator(self) -> bool:
        """Whether the caller runs the deployment and acts for others."""
        return self.kind == "operator"


async def caller(
    hourbank_caller: Annotated[
        str, Header(description="`kind:id` of the caller, for example `school:S01`.")
    ] = "operator:local",
) -> Caller:
    """The caller of a request.

    Raises:
        DomainError: `caller.invalid`, 400.
    """
    try:
        named = hourbank_caller.encode(
            "latin-1"
        ).decode()  # header bytes are read as Latin-1, but sent as UTF-8
    except UnicodeError:
        raise DomainError("caller.invalid") from None
    if not _FORM.fullmatch(named):
        raise DomainError("caller.invalid")
    kind, _, identity = named.partition(":")
    return Caller(kind, identity)


CallerOf = Annotated[Caller, Depends(caller)]
