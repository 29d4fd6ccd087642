"""The commands of the archive as arguments: `seal YEAR`, `archive YEAR [--keep]`, `verify-archive [YEAR]`."""

import argparse
from typing import Any

COMMANDS = ("seal", "archive", "verify-archive")


def add(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add the commands to those of a service."""
    seal = commands.add_parser("seal", help="check a year of recording and close it to writing")
    archive = commands.add_parser("archive", help="move a sealed year from the database to a file")
    verify = commands.add_parser("verify-archive", help="check the files of archived years")
    for command in (seal, archive):
        command.add_argument("year", type=int, metavar="YEAR")
    verify.add_argument("year", type=int, metavar="YEAR", nargs="?")
    archive.add_argument("--keep", action="store_true", help="leave its entries in the database as well")
