"""What a pack says of single years must keep together (年度校验): what they ask, and how they end."""

from collections.abc import Iterator
from itertools import pairwise

from shared.policy.category_checks import Fault
from shared.policy.pack import Pack


def year_faults(pack: Pack) -> Iterator[Fault]:
    """Yield what is wrong with what single years ask, and with what may change how they end."""
    yield from _requirements(pack)
    yield from _verification(pack)
    yield from _waivers(pack)
    yield from _deductions(pack)


def _requirements(pack: Pack) -> Iterator[Fault]:
    """The table must give exactly one row for each year in which the pack is in force."""
    rows = pack.requirements
    if not rows:
        if not pack.cycles:
            yield "requirements", "neither a year nor a cycle asks for anything"
        return
    for index, row in enumerate(rows):
        key = f"requirements[{index}]"
        if row.last is not None and row.last < row.first:
            yield f"{key}.last", f"{row.last} lies before first {row.first}"
    for index, (row, following) in enumerate(pairwise(rows), start=1):
        if row.last is None or following.first <= row.last:
            yield f"requirements[{index}].first", f"{following.first} overlaps the period before it"
        elif following.first > row.last + 1:
            yield (
                f"requirements[{index}].first",
                f"no requirement for {row.last + 1} to {following.first - 1}",
            )
    begins = pack.years.of_day(pack.pack.valid_from)
    if rows[0].first > begins:
        yield "requirements[0].first", f"no requirement for {begins}, when the pack begins"
    end, closes = rows[-1].last, pack.pack.valid_to
    if end is not None and (closes is None or end < pack.years.of_day(closes)):
        yield (
            f"requirements[{len(rows) - 1}].last",
            f"no requirement after {end}, though the pack is in force",
        )


def _verification(pack: Pack) -> Iterator[Fault]:
    known = {rule.id for rule in pack.verification.rules}
    for name in ("content_rule", "authority_rule", "carried_rule"):
        rule = getattr(pack.verification, name)
        if rule is not None and rule not in known:
            yield f"verification.{name}", f"{rule} is not among the rules of the verification"


def _waivers(pack: Pack) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, waiver in enumerate(pack.waivers):
        if bool(waiver.hours) == waiver.whole:
            yield f"waivers[{index}].hours", "say either how many hours are waived or that all are"
        if waiver.kind in seen:
            yield f"waivers[{index}].kind", f"{waiver.kind} is used twice"
        seen.add(waiver.kind)


def _deductions(pack: Pack) -> Iterator[Fault]:
    """Each takes something, of each category once; what it withholds is the pass of a single year."""
    for index, rule in enumerate(pack.deductions):
        key = f"deductions[{index}]"
        for name in ("deciders", "categories"):
            named = getattr(rule, name)
            if len(set(named)) < len(named):
                yield f"{key}.{name}", "names something twice"
        if rule.hours == 0:
            yield f"{key}.hours", "takes nothing; what the text leaves blank is left out"
        if rule.withholds and not pack.requirements:
            yield f"{key}.withholds", "no single year is judged by this pack, and cycles by their hours alone"
