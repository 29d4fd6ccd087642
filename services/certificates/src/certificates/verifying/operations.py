"""The public answer about a number: what holds, and what of the certificate strangers may see."""

from certificates.registry import operations as registry
from certificates.registry.domain.amount import amounts
from certificates.registry.domain.certificate import Printed
from certificates.registry.domain.number import Misread, read
from certificates.settings import Context
from certificates.verifying.domain.answer import Contents, Finding, Shown
from shared.masking import mask
from shared.policy.calendar import day_of
from shared.runtime.reading import Reader


async def look_up(context: Context, reader: Reader, text: str, version: int | None) -> Shown:
    """What may be said of the number in `text`; in its own short read, closed before the answer."""
    number = read(text)
    if isinstance(number, Misread):
        return Shown(state=Finding.MISTYPED, number=None, contents=None)
    found = await reader.run(lambda tx: registry.find_printed(tx, str(number), version))
    if found is None:
        return Shown(state=Finding.UNKNOWN, number=str(number), contents=None)
    return Shown(state=found.version.state, number=str(number), contents=_contents(context, found))


def _contents(context: Context, printed: Printed) -> Contents:
    version = printed.version
    kind = context.kind(version.key.kind)
    return Contents(
        version=version.version,
        current_version=version.current,
        state_code=version.state.code,
        name=mask(printed.name),
        school=printed.school,
        year=version.key.year,
        kind=kind.title_zh,
        hours=version.hours,
        amounts=amounts(context.pack, version.hours),
        issuer=kind.issuer,
        issued_on=day_of(version.issued_at, context.pack.pack.timezone),
    )
