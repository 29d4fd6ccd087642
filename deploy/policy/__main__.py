"""`python -m deploy.policy check FILE …` and `python -m deploy.policy compare OLD NEW`."""

import argparse
import sys
from pathlib import Path

from deploy.policy.lines import line_of, lines_of
from deploy.policy.reading import told, told_differences
from shared.policy import loader
from shared.policy.comparison import compare
from shared.policy.pack import Pack


def main(arguments: list[str]) -> int:
    """Run one of the commands; 1 where a pack is wrong."""
    parser = argparse.ArgumentParser(prog="python -m deploy.policy")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="validate packs and print their rules")
    check.add_argument("files", nargs="+", metavar="FILE")
    against = commands.add_parser("compare", help="what one pack says otherwise than another")
    against.add_argument("files", nargs=2, metavar="FILE")
    asked = parser.parse_args(arguments)
    packs = [pack for file in asked.files if (pack := _load(file)) is not None]
    if len(packs) < len(asked.files):
        return 1
    if asked.command == "compare":
        before, after = packs
        _say(*told_differences(before, after, compare(before, after)))
        return 0
    for pack in packs:
        rules = sum(1 for _ in pack.placed()) - len(pack.slots)
        _say(*told(pack), "", f"OK {pack.reference}: {rules} rules, {len(pack.slots)} slots")
    return 0


def _load(file: str) -> Pack | None:
    try:
        return loader.load(file)
    except loader.PackError as error:
        line = line_of(lines_of(Path(file).read_text(encoding="utf-8")), error.key) if error.key else None
        place = f"{file}:{line}" if line else file
        print(f"{place}: {error.key and f'{error.key}: '}{error.message}", file=sys.stderr)
        return None


def _say(*lines: str) -> None:
    print("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
