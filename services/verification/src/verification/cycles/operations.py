"""Cycles of teachers: summed from what was heard of their years, and decided on where somebody asks for it.

A verdict follows the hours: a cycle that was decided is decided anew when any of its years changes. Whoever
judges has locked the teachers' partitions.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.cycles.standing import Standing, assess
from shared.policy.cycles import Cycle, Span
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.hindsight import Hindsight
from shared.runtime.journal import Entry
from verification.cycles import store
from verification.cycles.domain.verdict import Finding, Known, TeacherCycle, judge
from verification.cycles.entries import STATED, Step, draft, is_about, known_in
from verification.figures import operations as figures
from verification.figures.domain.hours import Known as Counted
from verification.figures.domain.hours import TeacherYear
from verification.judgements import operations as judgements
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import Cause, Verdict
from verification.judgements.operations import Judged
from verification.settings import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A whole cycle that is to be decided on, and by which rules."""

    key: TeacherCycle
    cycle: Cycle
    last: int
    pack: Pack

    @property
    def years(self) -> list[TeacherYear]:
        """Every year of it."""
        return [TeacherYear(self.key.teacher, year) for year in range(self.key.first, self.last + 1)]


async def of_teacher(
    tx: Transaction, context: Context, teacher: str, year: int, as_it_was: Hindsight
) -> list[Standing]:
    """A teacher's standing in each cycle of the pack in which a year lies, as it was known."""
    known = await figures.figures_of(tx, context, teacher, as_it_was)
    parts, cycles = context.pack.own_parts, context.pack.cycles
    return [assess(cycle, year, known, parts) for cycle in cycles if cycle.span(year) is not None]


async def of_teachers(
    tx: Transaction, context: Context, cycle: Cycle, year: int, teachers: Collection[str]
) -> dict[str, Standing]:
    """How each of the teachers stands in the cycle in which a year lies; of now."""
    span = cycle.span(year)
    assert span is not None, "asked for a year that lies in the cycle"
    known = await figures.load(tx, [TeacherYear(teacher, one) for teacher in teachers for one in span.years])
    parts = context.pack.own_parts
    return {
        teacher: assess(
            cycle, year, {one: known[TeacherYear(teacher, one)].figures for one in span.years}, parts
        )
        for teacher in teachers
    }


async def verdict_of(
    tx: Transaction, context: Context, cycle: str, last: TeacherYear, as_it_was: Hindsight
) -> tuple[TeacherCycle, Known, list[Entry]] | None:
    """The verdict on the cycle that ends with a year, as it was known, and all that had been said of it."""
    recorded = await context.journal.read_subject(tx, figures.subject(last.teacher), STATED)
    of_cycle = [entry for entry in recorded if is_about(entry, cycle, last.year)]
    history = as_it_was.of(of_cycle, context.pack.pack.timezone)
    known = known_in(history)
    return None if known is None else (*known, history)


async def verdicts(tx: Transaction, keys: Sequence[TeacherCycle]) -> dict[TeacherCycle, Known]:
    """The verdicts that stand on those of the cycles on which one was given."""
    return await store.load(tx, keys)


def find(context: Context, cycle: str, year: int) -> tuple[Cycle, Span] | None:
    """A cycle of the rules in force and its years; None where they have none of that id that holds `year`."""
    asked = context.pack.cycle(cycle)
    span = None if asked is None else asked.span(year)
    return None if asked is None or span is None else (asked, span)


async def judge_cycles(
    tx: Transaction, context: Context, found: tuple[Cycle, Span], teachers: Sequence[str], cause: Cause
) -> Judged[TeacherCycle]:
    """Decide on each teacher's whole cycle."""
    asked, span = found
    keys = [TeacherCycle(teacher, asked.id, span.first) for teacher in teachers]
    due = [Due(key=key, cycle=asked, last=span.last, pack=context.pack) for key in keys]
    counted = await figures.load(tx, [year for each in due for year in each.years])
    return await _judge(tx, context, [(each, cause) for each in due], await store.load(tx, keys), counted)


async def judge_again(
    tx: Transaction, context: Context, changed: Sequence[TeacherYear], now: datetime
) -> None:
    """Decide anew on the cycles that were decided before one of these years changed."""
    known = await store.load_covering(tx, changed)
    if not known:
        return
    kept = await context.adoptions.kept(tx, {each.policy for each in known.values()})
    due = [each for key in known for each in _again(context.pack, kept, key, known[key])]
    counted = await figures.load(tx, [year for each in due for year in each.years])
    news = set(changed)
    causes = [
        "+".join(dict.fromkeys(counted[year].causes for year in each.years if year in news)) for each in due
    ]
    again = [(each, judgements.correction(events, now)) for each, events in zip(due, causes, strict=True)]
    await _judge(tx, context, again, known, counted)


def _again(pack: Pack, kept: Mapping[str, Pack], key: TeacherCycle, known: Known) -> Iterator[Due]:
    """A cycle once more: by the rules in force, by those of its verdict where these no longer have it.

    Where nobody here can say what was asked, the verdict stays as it is.
    """
    last = known.finding.last
    for rules in (pack, kept.get(known.policy)):
        cycle = None if rules is None else rules.cycle(key.cycle)
        if rules is not None and cycle is not None and cycle.span(last) == (key.first, last):
            yield Due(key=key, cycle=cycle, last=last, pack=rules)
            return


async def _judge(
    tx: Transaction,
    context: Context,
    due: Sequence[tuple[Due, Cause]],
    known: Mapping[TeacherCycle, Known],
    counted: Mapping[TeacherYear, Counted],
) -> Judged[TeacherCycle]:
    """Decide by what is `known` and `counted`, and post what differs."""
    steps: list[Step] = []
    outcomes: dict[TeacherCycle, Outcome] = {}
    for each, cause in due:
        years = {year.year: counted[year] for year in each.years}
        hours = {year: counting.figures for year, counting in years.items()}
        finding = Finding.of(assess(each.cycle, each.last, hours, each.pack.own_parts))
        outcomes[each.key] = finding.outcome
        verdict = Verdict(cause.verdict, "local", finding.outcome, cause.decided_at)
        heard = [counting.heard for counting in years.values() if counting.heard]
        steps += [
            Step(each.key, each.last, act, cause, each.pack.reference, heard)
            for act in judge(known.get(each.key), finding, verdict)
        ]
    await store.project(tx, await context.journal.append(tx, [draft(step) for step in steps]))
    return Judged(outcomes=outcomes, changed=list(dict.fromkeys(step.key for step in steps)))
