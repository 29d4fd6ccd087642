"""Write the JSON Schema of every event beside this package: `python -m shared.contracts`."""

import json
from pathlib import Path
from typing import Any

import msgspec

from shared.contracts.catalogue import SHAPES
from shared.contracts.envelope import Event

FOLDER = Path(__file__).with_name("schemas")


def schemas() -> dict[str, Any]:
    """File name → JSON Schema (draft 2020-12), for the envelope and for the data of each type."""
    drawn = {"event": msgspec.json.schema(Event)}
    drawn |= {kind: msgspec.json.schema(shape) for kind, shape in SHAPES.items()}
    return {
        f"{name}.json": {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, **schema}
        for name, schema in drawn.items()
    }


def main() -> None:
    """Renew the files."""
    FOLDER.mkdir(exist_ok=True)
    for name, schema in schemas().items():
        (FOLDER / name).write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
