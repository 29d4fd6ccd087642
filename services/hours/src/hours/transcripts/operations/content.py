"""What stands of a teacher's years, as a transcript says it: lines of the ledger with what they rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hours.carryovers import operations as carryovers
from hours.classes.operations.forms import Form, forms
from hours.ledger import operations as ledger
from hours.ledger.domain.claim import Line as Standing
from hours.records import operations as records
from hours.records.domain.entries import RecordRegistered
from hours.records.operations import entries_of
from hours.settings import Context
from hours.transcripts.domain.transcript import MAX_LINES, Bilingual, Line, Source, Sums
from shared.policy.calendar import day_of
from shared.policy.names import item_name
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError

RECORD = "record:"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What lines rest on."""

    facts: Mapping[str, RecordRegistered]
    """By ground; nothing of an exchange."""
    firsts: Mapping[str, str]
    """The record with which each began, by ground."""
    forms: Mapping[str, Form]
    """By matter, of those that are classes."""
    packs: Mapping[str, Pack]
    """By version, as far as they are kept."""
    pack: Pack
    """In force."""


async def lines_of(tx: Transaction, context: Context, teacher: str, first: int, last: int) -> list[Line]:
    """The lines of some years, in order of year and registration.

    Raises: DomainError `transcript.too_long`.
    """
    standing = await ledger.standing(tx, teacher, first, last, MAX_LINES + 1)
    if len(standing) > MAX_LINES:
        raise DomainError("transcript.too_long", most=MAX_LINES)
    grounds = [one.claim.ground for one in standing if one.claim.ground.startswith(RECORD)]
    kept = await records.find(tx, [ground.removeprefix(RECORD) for ground in grounds])
    entries = await entries_of(tx, context, kept.values())
    facts = {f"{RECORD}{record}": entry.parse(RecordRegistered) for record, entry in entries.items()}
    came_from = {one.record: one.restores or one.record for one in facts.values()}
    firsts = await records.load_firsts(tx, came_from)
    ground = _Ground(
        facts=facts,
        firsts={f"{RECORD}{record}": f"{RECORD}{first}" for record, first in firsts.items()},
        forms=await forms(tx, {fact.matter for fact in facts.values()}),
        packs=await context.adoptions.kept(tx, {one.policy for one in standing}),
        pack=context.pack,
    )
    return [_line(ground, one) for one in standing]


def _line(ground: _Ground, standing: Standing) -> Line:
    claim, account, posting = standing.claim, standing.claim.account, standing.posting
    assert posting is not None, "what stands is posted"
    pack, fact = ground.packs.get(standing.policy), ground.facts.get(claim.ground)
    rule = None if pack is None else pack.lookup(account.rule)
    title = Bilingual(en=getattr(rule, "title", ""), zh=getattr(rule, "title_zh", ""))
    name = item_name(pack, account.category).names
    form = ground.forms.get(fact.matter if fact else "") or Form("", "")
    first = ground.firsts.get(claim.ground, claim.ground)
    day = day_of(claim.effective_at, ground.pack.pack.timezone)
    return Line(
        line=claim.ground,
        first_line="" if first == claim.ground else first,
        year=account.year,
        category=account.category,
        category_name=Bilingual(en=name["en"], zh=name["zh"]),
        rule=account.rule,
        title=title,
        policy=standing.policy,
        way=_way(fact),
        mode=form.mode,
        level=form.level,
        activity=fact.activity if fact else title.zh,
        provider=fact.provider if fact else "",
        first=fact.first if fact else day,
        last=fact.last if fact else day,
        unit=(pack or ground.pack).pack.unit,
        registered=claim.hours,
        counted=posting.counted,
        source=_source(fact),
    )


def _way(fact: RecordRegistered | None) -> str:
    """How the hours came: what of no record is stands for points."""
    return "exchange" if fact is None else fact.matter.partition(":")[0] or "completion"


def _source(fact: RecordRegistered | None) -> Source | None:
    """Where it was earned, of what was recognised from elsewhere."""
    origin = fact.details.get("origin") if fact else None
    return Source(issuer=origin["earned_with"], line=origin["earned_as"]) if origin else None


async def sums_of(tx: Transaction, context: Context, teacher: str, years: Sequence[int]) -> list[Sums]:
    """What each year came to, with its last verdict."""
    verdicts = await carryovers.outcomes(tx, context, teacher)
    found = []
    for year in years:
        total = (await ledger.totals(tx, year, [teacher]))[teacher]
        sums = Sums(
            year=year,
            counted=total.hours,
            deducted=total.deducted,
            over_cap=total.over_cap,
            carried_in=total.carried_in,
            carry_out=total.carry_out,
            outcome=verdicts.get(year, ""),
        )
        found.append(sums)
    return found
