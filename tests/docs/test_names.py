"""What the pages name exists: problem codes, types, settings; and no setting is left out."""

import re
import tomllib
from pathlib import Path

import pytest

from hours.evidence.store import ERASED
from hours.ledger.domain.explanation import REASONS
from points.activities.domain.act import OBJECTS
from points.activities.entries import RECORDED_TYPE, STRUCK_TYPE, WITHDRAWN_TYPE
from shared.access.matrix import read
from shared.contracts.catalogue import SHAPES
from tests.support.documents import PAGES, ROOT

CATALOGUES = [
    ROOT / "shared/src/shared/runtime/problems.toml",
    *ROOT.glob("services/*/src/*/problems.toml"),
]
CODES = {code for path in CATALOGUES for code in tomllib.loads(path.read_text(encoding="utf-8"))}
KEPT = {RECORDED_TYPE, STRUCK_TYPE, WITHDRAWN_TYPE, ERASED}
"""Entries that stay in their service."""
TYPES = {name for kind in {*SHAPES, *KEPT} for name in (kind, kind.rpartition(".v")[0])} | set(OBJECTS)
ACTS = set(read().acts)
PLACES = {"shared.contracts", "shared.policy", "shared.runtime", "store.project", "journal.append"}
FILES = (".csv", ".json", ".md", ".ndjson", ".py", ".toml", ".yml", ".lock")

SETTINGS = [
    ROOT / "shared/src/shared/runtime/settings.py",
    *ROOT.glob("services/*/src/*/settings.py"),
]
OPERATE = (ROOT / "docs/how-to/operate.md").read_text(encoding="utf-8")
CHANGING = re.compile(r"(?:POINTS|HOURS|VERIFICATION|CERTIFICATES)_(PACK|DATABASE_URL|REPLICA_URL|OWNER_URL)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_code_and_type_exists(page: Path) -> None:
    for named in re.findall(r"`([a-z_]+\.[a-z_]+(?:\.v\d)?)`", page.read_text(encoding="utf-8")):
        assert named in CODES | TYPES | PLACES | ACTS | REASONS.keys() or named.endswith(FILES), named


@pytest.mark.parametrize("path", SETTINGS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_setting_is_in_the_table(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for name in re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', source):
        listed = CHANGING.sub(r"<SERVICE>_\1", name)
        assert f"`{listed}`" in OPERATE, name


def test_every_setting_of_the_table_is_read() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in SETTINGS)
    rows = [line for line in OPERATE.splitlines() if line.startswith("| `")]
    settings = {name for row in rows for name in re.findall(r"`((?:<SERVICE>|[A-Z]+)_[A-Z_]+)`", row)}
    assert {"NATS_URL", "<SERVICE>_PACK", "VERIFICATION_AUTHORITY"} <= settings
    for name in settings:
        assert name.removeprefix("<SERVICE>") in sources, name
