"""Evidence in a store that speaks S3: taken, given back, repaired, and refused while the store is away."""

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest

from tests.integration.hours.test_evidence import rows, send
from tests.support import papers
from tests.support.stores import Store
from tests.support.world import World

PAPER = papers.pdf()


@pytest.mark.long
async def test_evidence_lies_in_a_store_as_it_does_in_a_folder(world: World, tmp_path: Path) -> None:
    async with Store.serving(tmp_path) as store:
        hours = await world.serve("hours", EVIDENCE_URL=store.url("evidence"))
        digest = sha256(PAPER).hexdigest()
        assert (await send(hours, PAPER)).status_code == 201
        kept = store.folder("evidence") / digest
        assert kept.read_bytes() == PAPER
        assert (await hours.get(f"/v1/evidence/{digest}")).content == PAPER
        kept.write_bytes(PAPER + b"x")
        assert (await hours.get(f"/v1/evidence/{digest}")).json()["code"] == "file.altered"
        assert (await send(hours, PAPER)).headers["idempotent-replayed"] == "true"
        assert (await hours.get(f"/v1/evidence/{digest}")).content == PAPER, "the same file repairs it"

        store.stop()
        refused = await send(hours, papers.pdf(b"1"))
        assert (refused.status_code, refused.json()["code"]) == (503, "file.place_away")
        assert await rows(world) == 2, "the file that could not be kept left no trace"
        await store.start()
        assert (await send(hours, papers.pdf(b"1"))).status_code == 201
        documents = world.apps["hours"].state.service.context.documents
        for _ in range(2):
            await documents.erase(digest)
        assert not await asyncio.to_thread(kept.exists)
        assert await documents.keep(PAPER) == digest
        assert kept.read_bytes() == PAPER
