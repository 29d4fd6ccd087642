"""Single acts of many are written together: who was just answered may ask again before others are written."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from points.activities.domain.act import Act
from points.activities.jobs import Lane
from tests.support.world import World
from tests.unit.points.acts import Platform


async def record_in_turn(lane: Lane, acts: Sequence[Act]) -> list[datetime]:
    """Take each act in once the one before is answered; when their transactions recorded them."""
    return [(await lane.record([act]))[0].receipt.recorded_at for act in acts]


@pytest.mark.usefixtures("points")
async def test_who_was_just_answered_is_written_with_those_who_came_meanwhile(world: World) -> None:
    app = world.apps["points"]
    lane = Lane(app.state.database, app.state.service.context)
    platform = Platform("north")
    early = [[platform.reply(f"T{who}", f"t{who}", turn) for turn in range(2)] for who in range(4)]
    late = [[platform.reply(f"T{who}", f"t{who}", 2)] for who in range(4, 8)]
    first = [asyncio.create_task(record_in_turn(lane, acts)) for acts in early]
    for _ in range(2):  # they ask, then the lane takes what they ask for
        await asyncio.sleep(0)
    second = [asyncio.create_task(record_in_turn(lane, acts)) for acts in late]
    before, after = zip(*await asyncio.gather(*first), strict=True)
    meanwhile = {moment for moments in await asyncio.gather(*second) for moment in moments}
    assert len(set(before)) == 1
    assert len(meanwhile | set(after)) == 1
