"""The gate of a service: before a route is asked, its act is looked up and a role that allows it is found.

Fails closed: a route without an act stops the service from being built.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from fastapi import Request

from shared.access import matrix
from shared.access.caller import Caller
from shared.runtime import clock
from shared.runtime.errors import DomainError
from shared.runtime.tokens import Claims, Tokens

COMMON = Path(__file__).with_name("access.toml")
"""Acts of the routes that every service has."""
ROLE = "hourbank-role"
"""The header by which a request names the role that it is made in (以某一角色操作), as a URL writes it."""
PUBLIC = "public"
"""The act of routes that anybody may ask without a token."""


class Gate:
    """Lets requests pass to the routes of one service, or refuses them."""

    def __init__(self, tokens: Tokens, *files: Path) -> None:
        self.acts: Mapping[str, str] = {
            route: act for file in files for route, act in tomllib.loads(file.read_text("utf-8")).items()
        }
        """By `METHOD /path`."""
        self._tokens = tokens
        self._matrix = matrix.read()
        for route, act in self.acts.items():
            assert act == PUBLIC or act in self._matrix.acts, f"{route}: there is no act {act}"
        self._bindings = lru_cache(10_000)(self._matrix.bindings)

    def guards(self, route: str) -> bool:
        """Whether a route wants a token."""
        return self.acts[route] != PUBLIC

    def is_personal(self, route: str) -> bool:
        """Whether a route shows what is personal about teachers."""
        act = self.acts[route]
        return act != PUBLIC and self._matrix.acts[act].personal

    def logs(self, caller: Caller, route: str) -> bool:
        """Whether it is logged of whom a caller reads there."""
        return self._matrix.logs(caller.binding, self.acts[route])

    def check(self, routes: Iterable[str]) -> None:
        """Hold the acts against the routes that are served.

        Raises: AssertionError where a route has no act.
        """
        without = set(routes) - self.acts.keys()
        assert not without, f"routes without an act: {sorted(without)}"

    async def admit(self, request: Request, route: str) -> None:
        """Let a request pass as somebody who may do this, kept as its state's `caller` and `subject`.

        Beside it is kept `shown`, of whom the answer is, which nobody knows yet.

        Raises:
            DomainError: `token.missing`, `token.invalid`, `token.expired` 401; `access.forbidden`,
                `access.role_not_held` 403.
            AwayError: `issuer.away`, 503.
        """
        act = self.acts[route]
        if act == PUBLIC:
            return
        claims = await self._tokens.read(request.headers.get("authorization"), clock.now())
        named = request.headers.get(ROLE)
        acting = None if named is None else unquote(named)
        request.state.caller, request.state.subject = self._caller(claims, act, acting), claims.subject
        request.state.shown = set[str]()

    def _caller(self, claims: Claims, act: str, acting: str | None) -> Caller:
        """The first of the caller's roles that allows the act; of a request that names one, that one."""
        bindings = self._bindings(claims.roles)
        chosen = [one for one in bindings if acting is None or one.text == acting]
        if acting is not None and not chosen:
            raise DomainError("access.role_not_held")
        for binding in chosen:
            if self._matrix.allows(binding, act):
                return Caller(
                    subject=claims.subject,
                    binding=binding,
                    kind=self._matrix.roles[binding.role].kind,
                    persons=frozenset(one.id for one in bindings if one.level == "person"),
                )
        raise DomainError("access.forbidden", act=self._matrix.named(act))
