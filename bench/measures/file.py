"""E4: a year's file as one stream of lines, with every check, until its last answer."""

import msgspec

from bench.checks import WrongRunError, audit
from bench.client import NDJSON, post
from bench.load import closed
from bench.measures.intake import PATH, heard
from bench.site import Site
from bench.workload import Recorded, Workload


class _Line(msgspec.Struct):
    index: int
    status: int
    replayed: bool = False


async def measure(site: Site, workload: Workload, before: Recorded) -> dict[str, float]:
    """E4 in acts a second; `before` is what was recorded already.

    Raises: WrongRunError.
    """
    body = b"".join(line + b"\n" for line in workload.lines)
    load = await closed(site.url("points"), [post(PATH, body, kind=NDJSON)], 1)
    heard(site, load)
    recorded = workload.recorded
    _check(load.answers[0].body.splitlines(), recorded.acts, len(workload.lines))
    await audit(site.servers, site.databases, before + recorded)
    return {"E4": recorded.acts / load.seconds}


def _check(answered: list[bytes], acts: int, sent: int) -> None:
    lines = [msgspec.json.decode(line, type=_Line) for line in answered]
    if [line.index for line in lines] != list(range(sent)):
        raise WrongRunError(f"{len(lines)} answers to {sent} lines")
    fresh = sum(line.status == 201 and not line.replayed for line in lines)
    again = sum(line.status == 201 and line.replayed for line in lines)
    if (fresh, again) != (acts, sent - acts):
        raise WrongRunError(f"{fresh} lines accepted and {again} replayed of {sent}")
