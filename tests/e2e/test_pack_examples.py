"""Every worked example of every pack comes out over HTTP as the pure rules say that it does."""

from pathlib import Path

import pytest

from shared.policy import loader
from tests.support.examples.desk import Desk
from tests.support.examples.trial import try_over_http
from tests.support.world import World
from tests.unit.policy.test_examples import FURTHER, SHIPPED

PACKS = Path(loader.__file__).parent / "packs"
FILES = [
    pytest.param(PACKS / f"{name}.toml", id=name, marks=() if name == loader.DEFAULT else pytest.mark.long)
    for name in SHIPPED
]
FILES += [pytest.param(file, id=file.stem) for file in FURTHER]


@pytest.mark.parametrize("file", FILES)
async def test_every_example_of_a_pack_comes_out_over_http(world: World, file: Path) -> None:
    desk = await Desk.open(world, str(file))
    wrong = await try_over_http(desk)
    assert not wrong, wrong
    assert await world.rebuild("hours") == []
    assert await world.rebuild("verification") == []
