"""The public answer about a number: what holds, and what of the certificate strangers may see."""

from dataclasses import replace
from datetime import datetime

from certificates.registry import operations as registry
from certificates.registry.domain.amount import amounts
from certificates.registry.domain.certificate import Printed
from certificates.registry.domain.number import Misread, read
from certificates.settings import Context
from certificates.verifying.domain.answer import Contents, Finding, Shown
from shared.masking import mask
from shared.policy.calendar import day_of
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.reading import Reader


async def look_up(context: Context, reader: Reader, text: str, version: int | None, now: datetime) -> Shown:
    """What may be said of the number in `text` by now; in its own short read, closed before the answer."""
    number = read(text)
    if isinstance(number, Misread):
        return Shown(state=Finding.MISTYPED, number=None, contents=None)
    return await reader.run(lambda tx: _look_up(tx, context, str(number), version, now))


async def _look_up(
    tx: Transaction, context: Context, number: str, version: int | None, now: datetime
) -> Shown:
    found = await registry.find_printed(tx, number, version)
    if found is None:
        return Shown(state=Finding.UNKNOWN, number=number, contents=None)
    pack = await context.adoptions.under(tx, found.version.policy)
    of_day = replace(found, version=found.version.on(day_of(now, pack.pack.timezone)))
    return Shown(state=of_day.version.state, number=number, contents=_contents(pack, of_day))


def _contents(pack: Pack, printed: Printed) -> Contents:
    """What is shown, by the rules that the version names."""
    version = printed.version
    kind = pack.certificate(version.key.kind)
    return Contents(
        version=version.version,
        current_version=version.current,
        state_code=version.state.code,
        name=mask(printed.name),
        school=printed.school,
        year=version.key.year,
        last=version.last,
        years=pack.years.called(version.key.year, version.last),
        kind=kind.title_zh,
        hours=version.hours,
        amounts=amounts(pack, version.hours),
        issuer=kind.issuer,
        issued_on=day_of(version.issued_at, pack.pack.timezone),
        valid_until=version.valid_until,
    )
