"""`python -m shared.policy FILE …`: prints OK for each valid pack, or the error with file and key."""

import sys

from shared.policy import loader


def main(files: list[str]) -> int:
    """Check every file, print a line for each, and return 1 when one is wrong."""
    if not files or {"-h", "--help"} & set(files):
        print("usage: python -m shared.policy FILE …", file=sys.stderr)  # noqa: T201 - a command speaks to a person
        return 2
    wrong = 0
    for file in files:
        try:
            pack = loader.load(file)
        except loader.PackError as error:
            print(error, file=sys.stderr)  # noqa: T201 - as above
            wrong = 1
        else:
            rules, slots = sum(1 for _ in pack.placed()) - len(pack.slots), len(pack.slots)
            print(f"{file}: OK {pack.reference}, {rules} rules, {slots} slots")  # noqa: T201 - as above
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
