"""`python -m deploy.policy check FILE …` and `python -m deploy.policy compare OLD NEW`."""

import argparse
import sys
from pathlib import Path

from deploy.policy.reading import told, told_differences
from deploy.policy.trying import try_examples, without_examples
from shared.policy import loader
from shared.policy.comparison import compare
from shared.policy.lines import line_of, lines_of
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
    return max([_check(file, pack) for file, pack in zip(asked.files, packs, strict=True)])


def _check(file: str, pack: Pack) -> int:
    """Print a pack, and what of its examples does not hold."""
    _say(*told(pack), "")
    if uncovered := pack.uncovered():
        _say(f"no rule 无规则的条款: {', '.join(uncovered)}")
    for rule in without_examples(pack):
        _say(f"no example 无算例: {rule.id}  {rule.title_zh}  {rule.title}")
    wrong = list(try_examples(pack))
    for one in wrong:
        _blame(file, one.key, f"{one.words}: {one.wanted} ≠ {one.found}")
    rules, slots = sum(1 for _ in pack.placed()) - len(pack.slots), len(pack.slots)
    counts = f"{rules} rules, {slots} slots, {len(pack.examples)} examples"
    _say(f"{'WRONG' if wrong else 'OK'} {pack.reference}: {counts}")
    return 1 if wrong else 0


def _load(file: str) -> Pack | None:
    try:
        return loader.load(file)
    except loader.PackError as error:
        _blame(file, error.key, error.message)
        return None


def _blame(file: str, key: str, message: str) -> None:
    """Say what is wrong, and where."""
    line = line_of(lines_of(Path(file).read_text(encoding="utf-8")), key) if key else None
    place = f"{file}:{line}: {key}" if line else f"{file}: {key}" if key else file
    print(f"{place}: {message}", file=sys.stderr)


def _say(*lines: str) -> None:
    print("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
