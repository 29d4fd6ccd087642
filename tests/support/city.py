"""The four services together, and the acts of a year through their public interfaces."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.world import World, until

SERVICES = ("points", "hours", "verification", "certificates")


@dataclass(frozen=True)
class City:
    """Clients of four running services."""

    points: httpx.AsyncClient
    hours: httpx.AsyncClient
    verification: httpx.AsyncClient
    certificates: httpx.AsyncClient

    @classmethod
    async def serve(cls, world: World, **settings: str) -> "City":
        """All four in this process; the city decides by itself unless told otherwise."""
        chosen = {"VERIFICATION_AUTHORITY": "local", **settings}
        return cls(**{service: await world.serve(service, **chosen) for service in SERVICES})

    async def enrol(self, *people: dict[str, Any]) -> None:
        """Put people on the roster."""
        key = "roster-" + "-".join(p["teacher"] for p in people)
        answer = await self.hours.post(
            "/v1/roster", json={"teachers": list(people)}, headers={"Idempotency-Key": key}
        )
        assert answer.json()["refused"] == 0, answer.text

    async def do(self, *acts: dict[str, Any]) -> None:
        """Send acts; every one is taken."""
        answer = await self.points.post("/v1/activities", json=list(acts))
        assert answer.json()["refused"] == 0, answer.text

    async def register(self, *records: dict[str, Any]) -> None:
        """Register hours; every record is taken."""
        answer = await self.hours.post("/v1/records", json=list(records))
        assert answer.json()["refused"] == 0, answer.text

    async def ask(self, request: str, teacher: str, category: str, hours: Any, at: str) -> httpx.Response:
        """Ask for an exchange."""
        body = {"request": request, "teacher": teacher, "category": category, "hours": hours, "at": at}
        return await self.points.post("/v1/exchanges", json=body)

    async def exchange(self, request: str, teacher: str, category: str, hours: int, at: str) -> None:
        """Exchange and wait until the hours are in the ledger."""
        answer = await self.ask(request, teacher, category, hours, at)
        assert answer.status_code == 202, answer.text
        assert await self.answered(request) == "settled"

    async def answered(self, request: str) -> str:
        """Wait until an exchange is no longer pending; its state."""
        state = ""

        async def decided() -> bool:
            nonlocal state
            state = (await self.points.get(f"/v1/exchanges/{request}")).json()["state"]
            return bool(state != "pending")

        await until(decided)
        return state

    async def close(self, year: int) -> None:
        """Close a year in points, then in hours."""
        for client in (self.points, self.hours):

            async def closed(client: httpx.AsyncClient = client) -> bool:
                answer = await client.post(
                    f"/v1/years/{year}/close", headers={"Idempotency-Key": f"close-{year}"}
                )
                state = await client.get(f"/v1/years/{year}")
                return answer.status_code in {200, 202} and bool(state.json()["state"] == "closed")

            await until(closed)

    async def verify(
        self, year: int, key: str = "run", cycle: str | None = None, **scope: str
    ) -> dict[str, Any]:
        """Run the verification of a year, or of a cycle that ends with it, and wait for its end."""
        answer = await self.verification.post(
            "/v1/runs",
            json={"year": year, "cycle": cycle, "scope": scope or {"kind": "everyone"}},
            headers={"Idempotency-Key": f"{key}-{cycle or ''}-{year}"},
        )
        assert answer.status_code == 202, answer.text
        run: dict[str, Any] = answer.json()

        async def done() -> bool:
            run.update((await self.verification.get(f"/v1/runs/{run['run']}")).json())
            return bool(run["state"] == "done")

        await until(done)
        return run

    async def totals(self, teacher: str, year: int) -> dict[str, str]:
        """A teacher's row of the year's totals."""
        rows = (await self.hours.get("/v1/totals", params={"year": year, "limit": 1000})).json()["items"]
        row: dict[str, Any] = next(r for r in rows if r["teacher"] == teacher)
        return {**row.pop("hours"), **row}

    async def result(self, teacher: str, year: int) -> dict[str, Any]:
        """A teacher's standing of a year."""
        answer = await self.verification.get(f"/v1/teachers/{teacher}/years/{year}")
        assert answer.status_code == 200, answer.text
        standing: dict[str, Any] = answer.json()
        return standing

    async def certificate(
        self, teacher: str, year: int, state: str = "valid", kind: str = "annual"
    ) -> dict[str, Any]:
        """Wait until a teacher's certificate that begins with a year is in a state."""
        found: list[dict[str, Any]] = []

        async def there() -> bool:
            answer = await self.certificates.get(
                "/v1/certificates", params={"teacher": teacher, "year": year}
            )
            found[:] = [
                item for item in answer.json()["items"] if (item["state"], item["kind"]) == (state, kind)
            ]
            return bool(found)

        await until(there)
        return found[0]
