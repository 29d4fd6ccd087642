"""This service's own settings: whose word decides, which rules apply, where the hours service is.

`VERIFICATION_AUTHORITY` is `local` or `province` and overrides the rule pack; `HOURS_URL` is the base
address of the hours service; `PACK` is the path of a rule pack, the one for Guangzhou where it is not set.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.policy.loader import builtin, load
from shared.policy.pack import Pack
from shared.runtime.journal import Journal, Layout
from shared.runtime.settings import SettingsError, required
from verification.judgements.domain.decision import Authority

LAYOUT = Layout(service="verification", ranks=(("run",), ("teacher",)), relayed=("teacher",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What every judgement is made with: the journal, the rules, and whose word decides."""

    journal: Journal
    pack: Pack
    authority: Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What was read from the environment."""

    pack: Pack
    authority: Authority
    hours_url: str


def read(environment: Mapping[str, str]) -> Own:
    """Read the service's own settings.

    Raises:
        SettingsError: one is missing or cannot be read.
        PackError: the rule pack is wrong.
    """
    path = environment.get("PACK", "")
    pack = load(path) if path else builtin()
    return Own(
        pack=pack,
        authority=_authority(environment.get("VERIFICATION_AUTHORITY", pack.verification.authority)),
        hours_url=required(environment, "HOURS_URL"),
    )


def _authority(name: str) -> Authority:
    match name:
        case "local" | "province":
            return name
        case _:
            raise SettingsError(f"VERIFICATION_AUTHORITY is {name!r}; it is local or province")
