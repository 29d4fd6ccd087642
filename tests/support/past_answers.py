"""Answers kept when they were given, to be asked for again as of then."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from tests.support.past import record_at
from tests.support.world import World


@dataclass(slots=True)
class Then:
    """A service that records as if it were in the past, and what it answered there."""

    world: World
    service: str
    client: httpx.AsyncClient
    paths: tuple[str, ...]
    kept: dict[datetime, list[Any]] = field(default_factory=dict)

    def moves_to(self, moment: datetime) -> None:
        """From now on it is then."""
        record_at(self.world, self.service, moment)

    async def keeps(self, moment: datetime) -> None:
        """Keep what every path answers now, when all that it rests on was recorded by then."""
        self.kept[moment] = [await self._get(path) for path in self.paths]

    async def answers_alike(self) -> None:
        """Whatever was kept is answered again as of its instant, though more happened since."""
        now = [await self._get(path) for path in self.paths]
        for moment, kept in self.kept.items():
            as_of = {"known_at": moment.isoformat()}
            assert [await self._get(path, **as_of) for path in self.paths] == kept, moment
        assert len({str(answers) for answers in [*self.kept.values(), now]}) == len(self.kept) + 1

    async def _get(self, path: str, **params: str) -> Any:
        answer = await self.client.get(httpx.URL(path).copy_merge_params(params))
        return answer.json()
