"""Every statement of adoptions: the versions that are kept, the text of one, and when each was in force."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, or_, select

from shared.adoptions.tables import adoption, policy
from shared.policy.loader import Edition
from shared.runtime.database import Transaction

_p, _a = policy.c, adoption.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A version that is kept."""

    number: int
    reference: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A while in which a version was in force; without an end it still is."""

    policy: int
    since: datetime
    until: datetime | None


async def load(tx: Transaction, references: Collection[str]) -> dict[str, Kept]:
    """Those of some versions that are kept, by reference."""
    found = await tx.execute(_KEPT.where(_p.reference.in_(references)))
    return {row["reference"]: Kept(**row) for row in found.mappings()}


async def of_packs(tx: Transaction, packs: Collection[str]) -> list[str]:
    """The versions of some packs that are kept, whichever they are."""
    of = or_(*(_p.reference.startswith(f"{pack}@", autoescape=True) for pack in packs))
    return list((await tx.execute(select(_p.reference).where(of))).scalars())


async def keep(tx: Transaction, edition: Edition) -> int:
    """Keep one more; a unique violation where another copy was first. Its number."""
    number = (await tx.execute(select(func.coalesce(func.max(_p.number), 0) + 1))).scalar_one()
    row = {"number": number, "reference": edition.reference, "digest": edition.digest, "text": edition.text}
    await tx.execute(insert(policy).values(row))
    return int(number)


async def page(tx: Transaction, after: int, limit: int) -> list[Kept]:
    """In the order in which they were kept, behind a number."""
    found = await tx.execute(_KEPT.where(_p.number > after).order_by(_p.number).limit(limit))
    return [Kept(**row) for row in found.mappings()]


async def text(tx: Transaction, reference: str) -> str | None:
    """The text of a version."""
    return (await tx.execute(select(_p.text).where(_p.reference == reference))).scalar()


async def texts(tx: Transaction, references: Collection[str]) -> dict[str, str]:
    """Those of some versions that are kept, by reference."""
    found = await tx.execute(select(_p.reference, _p.text).where(_p.reference.in_(references)))
    return {row.reference: row.text for row in found}


async def adopt(tx: Transaction, number: int, now: datetime) -> None:
    """Note that a version is in force from now on, unless it is; as `keep` beside another copy."""
    last = (await tx.execute(select(adoption).order_by(_a.number.desc()).limit(1))).first()
    if last is not None and last.policy == number:
        return
    following, at = (1, now) if last is None else (last.number + 1, max(now, last.at))
    await tx.execute(insert(adoption).values(number=following, policy=number, at=at))


async def periods(tx: Transaction, policies: Sequence[int]) -> list[Period]:
    """When some versions were in force, in order."""
    each = select(_a.policy, _a.at.label("since"), func.lead(_a.at).over(order_by=_a.number).label("until"))
    all_of_them = each.subquery()
    wanted = select(all_of_them).where(all_of_them.c.policy.in_(policies)).order_by(all_of_them.c.since)
    return [Period(**row) for row in (await tx.execute(wanted)).mappings()]


_KEPT = select(_p.number, _p.reference, _p.digest)
