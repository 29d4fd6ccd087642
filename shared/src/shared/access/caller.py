"""Who is calling: somebody whom the issuer knows, in the role in which the act is allowed."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from shared.access import matrix
from shared.access.matrix import Binding


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A person or a machine, in one role."""

    subject: str
    """As the issuer names it."""
    binding: Binding
    kind: str
    """As whom the rule packs know that role."""
    persons: frozenset[str]
    """Whom the token is bound to as a person, in whatever role."""

    @property
    def id(self) -> str:
        """Of the place where the role is bound."""
        return self.binding.id

    @property
    def name(self) -> str:
        """As a journal says who did something: `school:S12`, `operator:local`."""
        return f"{self.kind}:{self.id}"

    @property
    def place(self) -> str:
        """Where the role is bound: `district:D01`."""
        return f"{self.binding.level}:{self.id}"

    @property
    def is_operator(self) -> bool:
        """Whether the caller runs the deployment and acts for others."""
        return self.kind == "operator"

    def may(self, act: str) -> bool:
        """Whether the role allows an act, other than that of the route."""
        return matrix.read().allows(self.binding, act)

    @property
    def sees_masked(self) -> bool:
        """Whether names are masked for the caller, and what else says who a person is left out."""
        return matrix.read().roles[self.binding.role].masked


async def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


CallerOf = Annotated[Caller, Depends(_caller)]
"""The caller, for routes; the gate let it pass."""
