"""What the unit of a pack, its conversions and rewards, and the ways of registering must keep together."""

from collections.abc import Iterator, Sequence

from shared.policy.category_checks import Fault
from shared.policy.conversions import Choice, Conversion, Reward
from shared.policy.pack import Pack
from shared.policy.sources import AnyHourSource, GradedCertificate

WHOLE = 100


def conversion_faults(pack: Pack) -> Iterator[Fault]:
    """Yield what is wrong with conversions and rewards, and with the ways of registering that name them."""
    if pack.counts_credits and pack.exchange is not None:
        yield "exchange", "points become hours, and this pack counts credits"
    for index, conversion in enumerate(pack.conversions):
        yield from _conversion(conversion, f"conversions[{index}]")
    for index, reward in enumerate(pack.rewards):
        yield from _reward(pack, reward, f"rewards[{index}]")
    for index, source in enumerate(pack.hours):
        yield from _source(pack, source, f"hours[{index}]")


def _conversion(conversion: Conversion, key: str) -> Iterator[Fault]:
    yield from _twice(conversion.factors, f"{key}.factors")
    yield from _twice(conversion.grades, f"{key}.grades")
    for at, factor in enumerate(conversion.factors):
        if not factor.hours:
            yield f"{key}.factors[{at}].hours", "no hours are no credit"
    if conversion.percent is not None and not 0 < conversion.percent <= WHOLE:
        yield f"{key}.percent", f"expected more than 0 and at most {WHOLE}, got {conversion.percent}"


def _twice(choices: Sequence[Choice], key: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, one in enumerate(choices):
        if one.id in seen:
            yield f"{key}[{at}].id", f"{one.id} is used twice"
        seen.add(one.id)


def _reward(pack: Pack, reward: Reward, key: str) -> Iterator[Fault]:
    """Hold its cases to levels and grades that there are; no record falls under two of them."""
    yield from _twice(reward.levels, f"{key}.levels")
    graded = [pack.conversion_of(source) for source in pack.hours if source.reward == reward.id]
    passing = [{one.id for one in rule.grades if one.passed} for rule in graded if rule is not None]
    seen: set[tuple[str, str | None]] = set()
    for at, case in enumerate(reward.cases):
        place = f"{key}.cases[{at}]"
        if case.grade is not None and any(case.grade not in grades for grades in passing):
            yield f"{place}.grade", f"{case.grade} is no grade with which a conversion gives credits"
        if not case.times:
            yield f"{place}.times", "gives nothing"
        for level in case.levels:
            if reward.level(level) is None:
                yield f"{place}.levels", f"{level} is not among the levels"
            if any(other == level and grade in (None, case.grade) for other, grade in seen) or (
                case.grade is None and level in {other for other, _ in seen}
            ):
                yield f"{place}.levels", f"{level} is rewarded by another case already"
            seen.add((level, case.grade))


def _source(pack: Pack, source: AnyHourSource, key: str) -> Iterator[Fault]:
    conversion = pack.conversion_of(source)
    if pack.counts_credits and source.conversion is None:
        yield f"{key}.conversion", "is missing, and this pack counts credits"
    elif not pack.counts_credits and source.conversion is not None:
        yield f"{key}.conversion", "this pack counts hours"
    elif source.conversion is not None and conversion is None:
        yield f"{key}.conversion", f"{source.conversion} is not among the conversions"
    if source.reward is not None and pack.reward_of(source) is None:
        yield f"{key}.reward", f"{source.reward} is not among the rewards"
    if source.reward is not None and source.through not in {"class", "declaration"}:
        yield f"{key}.reward", "only classes and declarations say who issued a training"
    if conversion is not None:
        yield from _modes(source, conversion, key)
    elif source.mode is not None or source.reward is not None:
        yield f"{key}.conversion", "is missing beside a form of training or a reward"
    yield from _cycles(pack, source, key)


def _modes(source: AnyHourSource, conversion: Conversion, key: str) -> Iterator[Fault]:
    """Every form of training that a record can have is one that the conversion knows."""
    if source.mode is None and source.through in {"completion", "plan"}:
        yield f"{key}.mode", f"is missing: hours through a {source.through} say no form of training"
    formats = source.classes.formats if source.classes is not None and source.mode is None else ()
    for mode in (source.mode, *formats):
        if mode is not None and conversion.factor(mode) is None:
            yield f"{key}.mode", f"{conversion.id} has no factor of {mode}"
    if isinstance(source, GradedCertificate) and conversion.grades:
        yield f"{key}.conversion", f"the grades of a certificate are none of {conversion.id}"


def _cycles(pack: Pack, source: AnyHourSource, key: str) -> Iterator[Fault]:
    """What refers to a cycle refers to one whose years are known beforehand."""
    capped = None if source.cycle_cap is None else source.cycle_cap.cycle
    for name, cycle_id in (("cycle_cap.cycle", capped), ("diploma_within", source.diploma_within)):
        cycle = None if cycle_id is None else pack.cycle(cycle_id)
        if cycle_id is not None and (cycle is None or cycle.first is None):
            yield f"{key}.{name}", f"{cycle_id} is no cycle that begins with a year"
