"""Under which account a server runs.

PostgreSQL refuses to run as root, so as root it gets a user namespace of its own (no system user, no change
of owners); where that is forbidden, as in a plain container, it runs as `nobody`.
"""

import hashlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAMESPACE = ("unshare", "-U", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A command in front of the server's, or another user, or neither."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def give(self, path: Path) -> None:
        """Hand a file or folder of ours to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Say whether the account may enter every folder on the way to `path`."""
        if self.uid is None:
            return True
        return all(folder.stat().st_mode & 0o001 for folder in path.absolute().parents)


def namespaced() -> Account:
    """Return the account that is this user, seen by the server as an ordinary one."""
    return Account(prefix=NAMESPACE)


def nobody() -> Account:
    """Return the account of `nobody`."""
    entry = pwd.getpwnam("nobody")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def suitable(home: Path) -> Account:
    """Return the account under which PostgreSQL agrees to run here; a cluster stays with whoever made it."""
    if os.geteuid() != 0:
        return Account()
    data = home / "data"
    if data.exists():
        return namespaced() if data.stat().st_uid == 0 else nobody()
    if public_place(home).exists():
        return nobody()
    return namespaced() if _may_make_namespaces() else nobody()


def public_place(home: Path) -> Path:
    """Return where the data of a home lie that `nobody` cannot enter; always the same for the same home."""
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"hourbank-{digest}"  # noqa: S108 - who makes it checks its owner


def _may_make_namespaces() -> bool:
    try:
        return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
