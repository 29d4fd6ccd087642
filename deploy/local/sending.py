"""Sends rows in portions and keeps the account: what was new, what was known already, what was refused."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from deploy.local.bank import BankError, Service, words
from deploy.local.intake import Fault, Row
from deploy.local.progress import Step

PORTION = 500
T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """What became of the rows of one file."""

    file: str
    new: int = 0
    known: int = 0
    refused: list[Fault] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were sent."""
        return self.new + self.known + len(self.refused)

    def count(self, lines: Sequence[int], results: Sequence[Mapping[str, Any]]) -> None:
        """Add the results of a portion; each names its row by index.

        Raises: BankError when rows are left without a result.
        """
        if sorted(result["index"] for result in results) != list(range(len(lines))):
            raise BankError(f"{self.file}: {len(results)} results for {len(lines)} rows")
        for result in results:
            if "problem" in result:
                line, reason = lines[result["index"]], words(result["problem"])
                self.refused.append(Fault(file=self.file, line=line, reason=reason))
            elif result.get("replayed") or result.get("outcome") == "unchanged":
                self.known += 1
            else:
                self.new += 1


@dataclass(frozen=True, slots=True)
class Address:
    """Where rows go: a path of a service, and the field of the body that holds them, if it is no array."""

    service: Service
    path: str
    field: str = ""


def send_rows(address: Address, rows: Iterable[Row], tally: Tally, step: Step) -> None:
    """Send rows in their order."""
    for portion in portions(rows, PORTION):
        bodies = [row.body for row in portion]
        answer = address.service.post(address.path, {address.field: bodies} if address.field else bodies)
        tally.count([row.line for row in portion], answer["results"])
        step.advance(len(portion))


def send_bodies(address: Address, bodies: Iterable[object]) -> list[Mapping[str, Any]]:
    """Send bodies in their order; the results in that order, each with its index in its portion."""
    return [
        result
        for portion in portions(bodies, PORTION)
        for result in address.service.post(address.path, {address.field: portion})["results"]
    ]


def send_lines(service: Service, lines: Iterable[tuple[int, bytes]], tally: Tally, step: Step) -> None:
    """Send activities as they stand in their file."""
    for portion in portions(lines, 2 * PORTION):
        answered = service.stream("/v1/activities", b"".join(line + b"\n" for _, line in portion))
        results = [result for result in map(json.loads, answered) if "index" in result]
        tally.count([number for number, _ in portion], results)
        step.advance(len(portion))


def portions(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the things in lists of `size`, the last one shorter."""
    rest = iter(things)
    while portion := list(islice(rest, size)):
        yield portion
