"""Evidence: what is taken, who sees it, that nothing hostile is kept, and that nothing counts twice."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from hours.evidence import operations
from hours.evidence.operations import Use
from shared.runtime import clock
from tests.integration.hours.acts import enrol
from tests.integration.hours.test_organisations import WHOLE, post
from tests.support import papers
from tests.support.signing import calling, signed
from tests.support.world import World

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
NEAR = {"organisation": "N", "level": "school", "name": "第二小学", "parent": "D"}
PAPER = papers.pdf()


async def served(world: World, folder: Path, **settings: str) -> httpx.AsyncClient:
    return await world.serve("hours", EVIDENCE_URL=str(folder), **settings)


async def send(
    hours: httpx.AsyncClient, content: bytes, kind: str = PDF, caller: str = "operator:local"
) -> httpx.Response:
    headers = {"Content-Type": kind, **calling(caller)}
    return await hours.post("/v1/evidence", content=content, headers=headers)


async def see(hours: httpx.AsyncClient, digest: str, caller: str) -> int:
    return (await hours.get(f"/v1/evidence/{digest}", headers=calling(caller))).status_code


async def rows(world: World) -> int:
    query = (
        "select (select count(*) from evidence) + (select count(*) from journal where type like 'evidence.%')"
    )
    async with world.apps["hours"].state.database.transaction(reading=True) as tx:
        return int((await tx.execute(text(query))).scalar_one())


async def test_a_file_is_kept_under_its_digest_and_given_back_as_an_attachment(
    world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "evidence"
    hours = await served(world, folder)
    files = {PDF: PAPER, JPEG: papers.picture("JPEG"), PNG: papers.picture("PNG")}
    for kind, content in files.items():
        digest = sha256(content).hexdigest()
        answer = await send(hours, content, f"{kind}; name=x")
        assert answer.status_code == 201, answer.text
        body = answer.json()
        assert (body["digest"], body["media_type"], body["size"]) == (digest, kind, len(content))
        assert (folder / digest).read_bytes() == content
        shown = await hours.get(answer.headers["location"])
        assert (shown.content, shown.headers["content-type"]) == (content, kind)
        assert shown.headers["content-disposition"].startswith(f'attachment; filename="{digest}.')
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert shown.headers["cache-control"] == "private, no-store"
        again = await send(hours, content, kind)
        assert (again.status_code, again.json()) == (201, body)
        assert again.headers["idempotent-replayed"] == "true"
    assert (await send(hours, papers.several(), JPEG)).status_code == 201, "two pictures of a telephone"
    other = await send(hours, PAPER, caller="school:S")
    assert "idempotent-replayed" not in other.headers, "nobody learns what others handed in"
    assert len(list(folder.iterdir())) == 4
    assert await world.rebuild("hours") == []


def hostile() -> Iterator[tuple[str, str, bytes]]:
    """Code, declared type, content; the long list is that of the inspection's own tests."""
    png = papers.picture("PNG", 100, 100)
    yield "body.media_type", "text/html", PAPER
    yield "body.media_type", "", PAPER
    yield "file.not_its_type", PNG, PAPER
    yield "file.not_its_type", PNG, png + PAPER
    yield "file.not_its_type", PDF, papers.archive()
    yield "file.not_its_type", PDF, b"<html><script>alert(1)</script>"
    yield "file.not_its_type", JPEG, b""
    yield "file.unreadable", PNG, png[:-200]
    yield "file.unreadable", PDF, PAPER[:-60]
    yield "file.encrypted", PDF, papers.locked(PAPER, "a")
    yield "file.bomb", PNG, papers.bomb(50_000, 50_000)
    yield "file.bomb", PDF, papers.pdf(b"[" * 100_000 + b"]" * 100_000)
    yield "file.active", PDF, papers.pdf(papers.SCRIPT)


async def test_what_is_not_its_type_damaged_a_bomb_or_active_is_refused_and_nothing_is_kept(
    world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "evidence"
    hours = await served(world, folder)
    cases = list(hostile())
    answers = await asyncio.gather(*(send(hours, content, kind) for _, kind, content in cases))
    said = [(answer.status_code, answer.json()["code"]) for answer in answers]
    assert said == [(415 if code.startswith("body") else 422, code) for code, _, _ in cases]
    assert not folder.exists()
    assert await rows(world) == 0


def use(matter: str, teacher: str, **changed: Any) -> Use:
    digest = sha256(PAPER).hexdigest()
    given = {"rule": "GZ-HR-2.03", "school": "S", "year": 2026, "override": "", **changed}
    return Use(digest=changed.pop("digest", digest), matter=f"declaration:{matter}", teacher=teacher, **given)


async def claim(world: World, *uses: Use) -> list[str]:
    """Claim as a room above does: locks first; the codes of the outcomes."""
    context, now = world.apps["hours"].state.service.context, clock.now()
    async with world.apps["hours"].state.database.transaction() as tx:
        await context.journal.lock(
            tx, {subject for one in uses for subject in (one.matter, operations.subject(one.digest))}
        )
        outcomes = await operations.claim(tx, context, uses, now)
    return ["" if one is None else one.code for one in outcomes]


async def release(world: World, matter: str) -> None:
    context, now = world.apps["hours"].state.service.context, clock.now()
    async with world.apps["hours"].state.database.transaction() as tx:
        await context.journal.lock(tx, [matter, operations.subject(sha256(PAPER).hexdigest())])
        await operations.release(tx, context, matter, now)


async def test_the_same_evidence_counts_once_across_rules_schools_and_years(
    world: World, tmp_path: Path
) -> None:
    hours = await served(world, tmp_path)
    assert await claim(world, use("1", "T1")) == ["evidence.not_handed_in"]
    await send(hours, PAPER)
    assert await claim(world, use("1", "T1"), use("1", "T1")) == ["", ""]
    assert await claim(world, use("1", "T1")) == [""], "the same once more"
    taken = "evidence.claimed"
    others = [
        (use("2", "T2"), ""),
        (use("2", "T2"), ""),
        (use("8", "T1"), taken),
        (use("9", "T3", rule="GZ-HR-2.02"), taken),
        (use("10", "T3", school="N"), taken),
        (use("11", "T3", year=2027), taken),
        (use("3", "T3"), ""),
        (use("4", "T3"), taken),
        (use("5", "T9", year=2027, override="补登上年度"), ""),
        (use("6", "T4"), taken),
    ]
    assert await claim(world, *(one for one, _ in others)) == [said for _, said in others]
    await release(world, "declaration:5")
    assert await claim(world, use("6", "T4")) == [""]
    for matter in ("1", "2", "3", "6", "nothing"):
        await release(world, f"declaration:{matter}")
    assert await claim(world, use("7", "T1", year=2027)) == [""]
    query = "select data from journal where type = 'evidence.claimed.v1' and data like '%补登%'"
    async with world.apps["hours"].state.database.transaction(reading=True) as tx:
        assert len((await tx.execute(text(query))).all()) == 1
    assert await world.rebuild("hours") == []


async def test_who_reaches_nobody_for_whom_a_file_is_used_is_told_that_it_does_not_exist(
    world: World, tmp_path: Path
) -> None:
    hours = await served(world, tmp_path)
    await post(hours, *WHOLE, NEAR)
    await enrol(hours, "T1", school="S", district="")
    digest = (await send(hours, PAPER, caller="teacher:T1")).json()["digest"]
    callers = ("teacher:T1", "teacher:T2", "school:S", "school:N", "district:D", "operator:local")
    assert [await see(hours, digest, caller) for caller in callers] == [200, 404, 404, 404, 404, 404]
    await claim(world, use("1", "T1"))
    assert [await see(hours, digest, caller) for caller in callers] == [200, 404, 200, 404, 200, 200]
    for place in ("deployment:local", "district:D", "school:S"):
        refused = await hours.get(f"/v1/evidence/{digest}", headers=signed(f"auditor@{place}"))
        assert (refused.status_code, refused.json()["code"]) == (403, "access.forbidden"), "a scan names"
    await release(world, "declaration:1")
    assert await see(hours, digest, "district:D") == 200, "who decides on an appeal sees it too"
    log = (await hours.get("/v1/teachers/T1/reads", headers=calling("teacher:T1"))).json()["items"]
    assert [read["by"] for read in log] == ["centre:D", "operator:local", "centre:D", "school:S"]
    ways = (
        f"..%2f{digest}",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "..",
        f"{digest}%00",
        digest.upper(),
        f"../{digest}",
    )
    codes = {(await hours.get(f"/v1/evidence/{way}")).status_code for way in ways}
    assert codes <= {404, 422}


async def test_too_large_a_body_is_cut_off(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    hours = await served(world, folder, EVIDENCE_LIMIT="300")
    assert (await send(hours, PAPER)).json()["code"] == "body.too_large"
    declared, sent = await pour(hours, "Content-Length: 209715200")
    assert (declared, sent) == (413, 0)
    chunked, sent = await pour(hours, "Transfer-Encoding: chunked")
    assert (chunked, sent < 20 * 2**20) == (413, True)
    assert not folder.exists()
    assert await rows(world) == 0


async def pour(hours: httpx.AsyncClient, how: str) -> tuple[int, int]:
    """Send 200 MB until the service answers: its status, and how much it let itself be sent."""
    reader, writer = await asyncio.open_connection(hours.base_url.host, hours.base_url.port)
    token = hours.headers["authorization"]
    head = ("POST /v1/evidence HTTP/1.1", "Host: h", f"Authorization: {token}", f"Content-Type: {PDF}", how)
    writer.write("\r\n".join((*head, "", "")).encode())
    answer = asyncio.create_task(reader.readline())
    chunk, sent = b"%x\r\n%s\r\n" % (2**20, b"%" * 2**20), 0
    if "chunked" in how:
        with suppress(ConnectionError):
            while not answer.done() and sent < 200 * 2**20:
                writer.write(chunk)
                await writer.drain()
                sent += 2**20
    status = int((await answer).split()[1])
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return status, sent


async def test_what_was_altered_is_not_given_out_and_without_a_place_nothing_is_taken(
    world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "evidence"
    hours = await served(world, folder)
    digest = (await send(hours, PAPER)).json()["digest"]
    for content in (PAPER + b"x", b"", None):
        (folder / digest).unlink()
        if content is not None:
            (folder / digest).write_bytes(content)
        answer = await hours.get(f"/v1/evidence/{digest}")
        assert (answer.status_code, answer.json()["code"]) == (503, "file.altered")
        assert (await send(hours, PAPER)).headers["idempotent-replayed"] == "true"
        assert (await hours.get(f"/v1/evidence/{digest}")).content == PAPER, "the same file repairs it"
    (tmp_path / "file").write_bytes(b"")
    for url, code in (
        ("", "file.no_place"),
        (str(tmp_path / "file"), "file.place_away"),
        ("x://y", "file.place_away"),
    ):
        other = await world.beside("hours", EVIDENCE_URL=url)
        answer = await send(other, papers.pdf(b"1"))
        assert (answer.status_code, answer.json()["code"]) == (503, code)
        assert (await other.get(f"/v1/evidence/{digest}")).status_code == 503
        await world.stop("another hours")
    assert await rows(world) == 2
