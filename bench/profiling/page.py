"""A page of one hot path in Markdown: what it ran on, its stacks, its statements and their plans."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.machine import Machine
from bench.profiling.explained import Statement
from bench.profiling.stacks import Share

SHOWN = 40
"""Functions in a table."""
OWN = 0.01
"""Share from which on a function's own work is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What was found out about one path."""

    name: str
    things: str
    count: int
    seconds: float
    """How long the work lasted while its statements were timed."""
    shares: Sequence[Share]
    statements: Sequence[Statement]


def written(profile: Profile, machine: Machine, commit: str) -> str:
    """The page."""
    return "\n".join(_lines(profile, machine, commit)) + "\n"


def _lines(profile: Profile, machine: Machine, commit: str) -> Iterator[str]:
    yield f"# Profile: {profile.name}"
    yield ""
    yield f"`make profile`, commit {commit}, {profile.count:,} {profile.things}."
    yield f"{machine.processor}, {machine.cores} cores, Python {machine.versions['python']},"
    yield f"PostgreSQL {machine.postgresql['server_version']}, fsync {machine.postgresql['fsync']}."
    yield ""
    yield "## Functions that held the interpreter"
    yield ""
    yield "| with what it calls | by itself | function | file |"
    yield "|---:|---:|---|---|"
    for share in profile.shares[:SHOWN]:
        yield f"| {share.whole:.1%} | {share.own:.1%} | `{share.function}` | {share.file} |"
    yield ""
    yield "By itself at least one in a hundred, below the table's end:"
    yield (
        ", ".join(
            f"`{share.function}` {share.own:.1%}" for share in profile.shares[SHOWN:] if share.own >= OWN
        )
        or "none."
    )
    yield ""
    yield from _statements(profile)


def _statements(profile: Profile) -> Iterator[str]:
    spent = sum(statement.seconds for statement in profile.statements)
    yield "## Statements"
    yield ""
    average = f"{1e6 * spent / profile.count:.0f} µs for each of the {profile.things}"
    yield f"{spent:.1f} s of {profile.seconds:.1f} s were spent waiting for them, {average}."
    yield ""
    yield "| number | sent | ms each | part | statement |"
    yield "|---:|---:|---:|---:|---|"
    for number, one in enumerate(profile.statements, 1):
        part, each = one.seconds / spent, 1000 * one.seconds / one.count
        yield f"| {number} | {one.count} | {each:.2f} | {part:.1%} | {_short(one.sql)} |"
    for number, one in enumerate(profile.statements, 1):
        if one.plan:
            yield from ["", f"### Statement {number}", "", "```sql", one.sql, "```", "", "```"]
            yield from one.plan
            yield "```"


def _short(sql: str) -> str:
    text = sql if len(sql) <= 100 else f"{sql[:97]}..."
    return f"`{text}`".replace("|", "\\|")
