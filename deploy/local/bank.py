"""The four services as anybody sees them: over HTTP. The main job knows nothing of them but this.

A request that finds nobody at home is sent again, under the same key, until the service is back.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from deploy.local.issuer.clients import OPERATOR

PATIENCE = 60.0
PAUSE = 0.2
AWAY = frozenset({502, 503, 504})
PAGE = 1000


class BankError(Exception):
    """A service refused what it must not refuse, or did not answer."""


class RefusedError(BankError):
    """A service said no, and why: `code` is that of its problem, empty where it gave none."""

    def __init__(self, said: str, code: str = "") -> None:
        super().__init__(said)
        self.code = code


class Service:
    """One service. `check` is asked between attempts whether waiting still makes sense; it may raise.

    `auth` signs every request in; `acting` gives the same service as somebody else asks it.
    """

    def __init__(
        self,
        name: str,
        url: str,
        check: Callable[[], None],
        auth: httpx.Auth | None = None,
        client: httpx.Client | None = None,
    ) -> None:
        self.name = name
        self.url = url
        self._check = check
        self._auth = auth
        self._client = client or httpx.Client(base_url=url, timeout=120.0, trust_env=False)

    def acting(self, auth: httpx.Auth) -> "Service":
        """Return this service, over the same connections, as `auth` signs in."""
        return Service(self.name, self.url, self._check, auth, self._client)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str, **parameters: object) -> dict[str, Any]:
        """Return an answer's body.

        Raises: BankError for any refusal.
        """
        answer: dict[str, Any] = self.ask("GET", path, parameters).json()
        return answer

    def file(self, path: str) -> bytes:
        """Return the bytes behind an address."""
        return self.ask("GET", path, {}).content

    def post(self, path: str, body: object = None, *, key: str | None = None) -> dict[str, Any]:
        """Send a body under a key, where none is given one of its own, and return the answer's.

        Raises: BankError for any refusal.
        """
        headers = {"Idempotency-Key": str(uuid4()) if key is None else key}
        answer = self.ask("POST", path, {}, json=body, headers=headers)
        received: dict[str, Any] = answer.json()
        return received

    def stream(self, path: str, lines: bytes) -> list[bytes]:
        """Send NDJSON and return the answer's lines."""
        headers = {"Content-Type": "application/x-ndjson"}
        return self.ask("POST", path, {}, content=lines, headers=headers).content.splitlines()

    def pages(self, path: str, **parameters: object) -> Iterator[dict[str, Any]]:
        """Yield the items of a list, page after page."""
        cursor: str | None = None
        while True:
            more = {} if cursor is None else {"cursor": cursor}
            page = self.get(path, **parameters, **more, limit=PAGE)
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def heads(self) -> dict[str, int]:
        """Return the last number of every partition that others may hear."""
        heads: dict[str, int] = self.get("/v1/journal/heads")["heads"]
        return heads

    def applied(self, source: str) -> tuple[dict[str, int], int]:
        """Return how far this service has applied `source`, and how many events it has parked."""
        told = self.get("/v1/positions")
        return told["positions"].get(source, {}), int(told["parked"])

    def ask(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, object],
        **content: Any,  # noqa: ANN401 - whatever httpx sends as a body
    ) -> httpx.Response:
        """Send a request until the service answers it.

        Raises: BankError for any refusal, and when the service stays away.
        """
        asked = {name: str(value) for name, value in parameters.items() if value is not None}
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._client.request(method, path, params=asked, auth=self._auth, **content)
            except httpx.TransportError as error:
                said = f"{type(error).__name__} {error}"
            else:
                if answer.is_success:
                    return answer
                said = problem_of(answer)
                if answer.status_code not in AWAY:
                    raise RefusedError(f"{self.name}: {method} {path}: {said}", code_of(answer))
            self._check()
            if time.monotonic() > end:
                raise BankError(f"{self.name} does not answer {method} {path}: {said}")
            time.sleep(PAUSE)


class Bank:
    """The four services together."""

    def __init__(
        self, urls: Mapping[str, str], check: Callable[[], None], sign: Callable[[str], httpx.Auth]
    ) -> None:
        """The services as the operator asks them; `sign` signs in somebody in a role, `role@level:id`."""
        auth, self._sign = sign(OPERATOR), sign
        self.points = Service("points", urls["points"], check, auth)
        self.hours = Service("hours", urls["hours"], check, auth)
        self.verification = Service("verification", urls["verification"], check, auth)
        self.certificates = Service("certificates", urls["certificates"], check, auth)

    def acting(self, role: str) -> Service:
        """The hours service as somebody in a role asks it."""
        return self.hours.acting(self._sign(role))

    def __enter__(self) -> Self:
        """Give the bank."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        for service in (self.points, self.hours, self.verification, self.certificates):
            service.close()


def follow(service: Service, path: str, **parameters: object) -> Iterator[dict[str, Any]]:
    """Yield an answer again and again while it changes; who asks stops when it says what was waited for.

    Raises: BankError when the answer stays the same for too long.
    """
    last: dict[str, Any] | None = None
    end = 0.0
    while True:
        answer = service.get(path, **parameters)
        yield answer
        if answer != last:
            last, end = answer, time.monotonic() + PATIENCE
        elif time.monotonic() > end:
            raise BankError(f"{service.name}: nothing moves at {path}: {answer}")
        time.sleep(PAUSE / 2)


def wait_until_heard(upstream: Service, *downstream: Service) -> int:
    """Wait until every other service has applied what `upstream` has said up to now; return what is parked.

    Raises: BankError when a service makes no progress any more.
    """
    heads = upstream.heads()
    return sum(_wait_for_one(upstream.name, heads, service) for service in downstream)


def _wait_for_one(source: str, heads: Mapping[str, int], listener: Service) -> int:
    behind, end = -1, 0.0
    while True:
        positions, parked = listener.applied(source)
        left = sum(max(0, head - positions.get(partition, 0)) for partition, head in heads.items())
        if left == 0:
            return parked
        if left != behind:
            behind, end = left, time.monotonic() + PATIENCE
        elif time.monotonic() > end:
            raise BankError(
                f"{listener.name} no longer hears {source}: {left} events behind, {parked} parked"
            )
        time.sleep(PAUSE / 4)


def problem_of(answer: httpx.Response) -> str:
    """Return a refusal's words."""
    body = _body(answer)
    if body is None:
        return f"{answer.status_code} {answer.text[:200]}"
    return words(body) if isinstance(body, dict) else str(answer.status_code)


def code_of(answer: httpx.Response) -> str:
    """Return a refusal's code; nothing where it has none."""
    body = _body(answer)
    return str(body.get("code", "")) if isinstance(body, dict) else ""


def _body(answer: httpx.Response) -> object:
    try:
        return answer.json()
    except ValueError:
        return None


def words(problem: Mapping[str, Any]) -> str:
    """Return a problem's code, detail and places in one line."""
    places = "; ".join(
        f"{e.get('path', '')} {e.get('detail', e.get('code', ''))}" for e in problem.get("errors") or ()
    )
    return f"{problem.get('code', '')}: {places or problem.get('detail', problem.get('title', ''))}"
