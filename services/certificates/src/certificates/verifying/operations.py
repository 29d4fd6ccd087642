"""The public answer about a number: what holds, and what of the certificate strangers may see."""

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


async def look_up(context: Context, reader: Reader, text: str, version: int | None) -> Shown:
    """What may be said of the number in `text`; in its own short read, closed before the answer."""
    number = read(text)
    if isinstance(number, Misread):
        return Shown(state=Finding.MISTYPED, number=None, contents=None)
    return await reader.run(lambda tx: _look_up(tx, context, str(number), version))


async def _look_up(tx: Transaction, context: Context, number: str, version: int | None) -> Shown:
    found = await registry.find_printed(tx, number, version)
    if found is None:
        return Shown(state=Finding.UNKNOWN, number=number, contents=None)
    pack = await context.adoptions.under(tx, found.version.policy)
    return Shown(state=found.version.state, number=number, contents=_contents(pack, found))


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
        kind=kind.title_zh,
        hours=version.hours,
        amounts=amounts(pack, version.hours),
        issuer=kind.issuer,
        issued_on=day_of(version.issued_at, pack.pack.timezone),
    )
