"""`python -m deploy.what_if` is `make what-if`: it asks the services that make run serves, or others."""

import sys
from collections.abc import Generator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from deploy.local.bank import BankError, Service
from deploy.local.environment import everything
from deploy.local.issuer.bearer import Bearer
from deploy.local.issuer.clients import OPERATOR
from deploy.local.issuer.mint import Mint
from deploy.local.issuer.settings import IssuerSettings
from deploy.what_if.asking import Question, Services, ask
from deploy.what_if.telling import told, write
from shared.runtime import clock
from shared.startup import StartUpError

PORTS = {"points": 8101, "hours": 8102, "verification": 8103}
SEED = "0" * 32


class Given(httpx.Auth):
    """Signs requests in with a token that somebody else gave."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Put the token on a request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def main(environment: Mapping[str, str]) -> int:
    """Ask, and tell; the exit code."""
    try:
        question = question_of(environment)
        with closing(services_of(environment)) as services:
            answer = ask(services, question)
    except (ValueError, OSError, StartUpError, BankError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(told(answer)))
    if out := environment.get("OUT"):
        write(Path(out), answer.differences)
    return 0


def question_of(environment: Mapping[str, str]) -> Question:
    """Read `PACK`, `YEAR` and `CYCLE`, and of whom: `DISTRICT`, `SCHOOL`, `TEACHERS`, a `SAMPLE` by `SEED`.

    Raises: ValueError where a value makes no sense, OSError where the file cannot be read.
    """
    pack, year = environment.get("PACK", ""), environment.get("YEAR", "")
    if not pack or not (year.isascii() and year.isdigit()):
        raise ValueError("PACK=<file> and YEAR=<year> say which draft, and over which year.")
    return Question(
        pack=Path(pack).read_text(encoding="utf-8"),
        year=int(year),
        cycle=environment.get("CYCLE") or None,
        scope=_scope(environment),
    )


def _scope(environment: Mapping[str, str]) -> dict[str, Any]:
    scope: dict[str, Any] = {"kind": "everyone"}
    for kind in ("district", "school"):
        if named := environment.get(kind.upper()):
            scope = {"kind": kind, "id": named}
    if teachers := environment.get("TEACHERS", "").split():
        scope = {"kind": "teachers", "teachers": teachers}
    if sample := environment.get("SAMPLE"):
        scope["draw"] = {"number": int(sample), "seed": environment.get("SEED") or SEED}
    return scope


def services_of(environment: Mapping[str, str]) -> Services:
    """Read `POINTS_URL` and its like, and `TOKEN`; what `make run` serves, as its operator, without them.

    Raises: StartUpError where nobody ran it.
    """
    token = environment.get("TOKEN")
    auth: httpx.Auth = Given(token) if token else _operator(environment)
    urls = {
        name: environment.get(f"{name.upper()}_URL") or f"http://127.0.0.1:{port}"
        for name, port in PORTS.items()
    }
    return Services(**{name: Service(name, url, _nothing, auth) for name, url in urls.items()})


def _operator(environment: Mapping[str, str]) -> httpx.Auth:
    settings = IssuerSettings.read({"DEPLOYMENT": "development", **environment})
    clock.run_ahead(settings.ahead)
    return Bearer(Mint.open(settings.folder, settings.issuer, settings.audience), [OPERATOR])


def _nothing() -> None:
    """Nothing of ours could have ended meanwhile."""


if __name__ == "__main__":
    sys.exit(main(everything()))
