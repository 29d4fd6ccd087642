"""Every worked example of every pack comes out over HTTP as the pure rules say that it does."""

from pathlib import Path

import pytest

from deploy.policy.trying import try_examples
from shared.policy import loader
from tests.support.examples.desk import Desk
from tests.support.examples.trial import try_over_http
from tests.support.world import World
from tests.unit.policy.test_examples import FURTHER, SHIPPED

PACKS = Path(loader.__file__).parent / "packs"
FILES = [PACKS / f"{name}.toml" for name in SHIPPED]
HARBOUR, SCHOOL = (Path(__file__).parents[1] / "packs" / f"{name}.toml" for name in ("harbour", "school"))
pytestmark = pytest.mark.long


@pytest.mark.parametrize("file", [*FILES, *FURTHER], ids=lambda file: file.stem)
async def test_every_example_of_a_pack_comes_out_over_http(world: World, file: Path) -> None:
    desk = await Desk.open(world, str(file))
    wrong = await try_over_http(desk)
    assert not wrong, wrong
    assert await world.rebuild("hours") == []
    assert await world.rebuild("verification") == []


def altered(file: Path, wrong: dict[str, str], folder: Path) -> Path:
    """A pack whose examples say something else."""
    text = file.read_text(encoding="utf-8")
    for said, other in wrong.items():
        assert text.count(said) == 1, said
        text = text.replace(said, other)
    pack = folder / file.name
    pack.write_text(text, encoding="utf-8")
    return pack


@pytest.mark.parametrize(
    ("file", "wrong"),
    [
        pytest.param(
            HARBOUR,
            {
                "counted = [40, 8, 12]": "counted = [40, 8, 20]",
                'refused = "registration.late"': 'refused = "year.closed"',
                "missing = [1]": "missing = [2]",
                'state = "met"': 'state = "missed"',
            },
            id="harbour",
        ),
        pytest.param(
            SCHOOL,
            {
                "taken = [{ thematic = 3 }]": "taken = [{ thematic = 2 }]",
                "short = [0, 0, 3.5]": "short = [0, 0, 3]",
                'refused = "rule.incomplete"': 'refused = "year.closed"',
            },
            id="school",
        ),
        pytest.param(
            PACKS / "kaifeng.toml",
            {
                "marks = 88.83": "marks = 88.84",
                "marks = 59.99": "marks = 59.98",
                'state = "waiting"': 'state = "enrolled"',
                "missing = { total = 60 }": "missing = { total = 59 }",
            },
            id="kaifeng",
        ),
        pytest.param(
            PACKS / "wuhan.toml",
            {
                "absent = 7\nresult": "absent = 8\nresult",
                "submitted = 2010-02-28": "submitted = 2010-03-01",
                "missing = { non_concentrated = 4 }": "missing = { non_concentrated = 5 }",
            },
            id="wuhan",
        ),
        pytest.param(
            PACKS / "horgos.toml",
            {
                'number = "654004202480000021"': 'number = "654004202480000013"',
                "on = 2029-12-31": "on = 2030-01-01",
            },
            id="horgos",
        ),
    ],
)
async def test_a_figure_that_does_not_come_out_is_told(
    world: World, file: Path, wrong: dict[str, str], tmp_path: Path
) -> None:
    pack = altered(file, wrong, tmp_path)
    found = await try_over_http(await Desk.open(world, str(pack)))
    assert len({one.words for one in found}) == len(wrong), found
    assert {one.words for one in found} == {one.words for one in try_examples(loader.load(pack))}
