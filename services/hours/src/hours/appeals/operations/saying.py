"""What filing and deciding share: an appeal that is open, and how a fact about it is said."""

from datetime import datetime

from hours.appeals import store
from hours.appeals.domain.appeal import Appeal, is_sealed, subject
from hours.appeals.domain.entries import Act
from hours.appeals.store import Said
from hours.approvals.domain import state_name
from hours.declarations.domain.declaration import Actor
from hours.settings import Context
from hours.waivers import operations as waivers
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft


async def opened(tx: Transaction, number: str) -> Appeal:
    """An appeal that is not over.

    Raises:
        DomainError: `appeal.unknown`, `appeal.over`.
    """
    appeal = await store.load(tx, number)
    if appeal is None:
        raise DomainError("appeal.unknown", appeal=number)
    if appeal.state != "open":
        raise DomainError("appeal.over", appeal=number, state=state_name(appeal.state))
    return appeal


def about(appeal: Appeal, actor: Actor) -> dict[str, str]:
    """What every fact about an appeal says once it was filed."""
    return {
        "appeal": appeal.appeal,
        "teacher": appeal.teacher,
        "matter": appeal.matter,
        "rule": appeal.rule,
        "by": actor.name,
        "account": actor.account,
        "because": appeal.entry,
    }


async def say(tx: Transaction, context: Context, kind: str, fact: Act, at: datetime) -> Appeal:
    """Write a fact down; the appeal after it."""
    draft = Draft(
        type=kind,
        subject=subject(fact.appeal),
        effective_at=at,
        policy=context.pack.reference,
        data=fact,
    )
    await store.project(tx, await context.journal.append(tx, [draft]))
    found = await store.load(tx, fact.appeal)
    assert found is not None, "what was just said of an appeal is on file"
    return found


async def keep_words(tx: Transaction, context: Context, appeal: Appeal, said: Said, words: str) -> None:
    """Keep what somebody wrote beside an appeal: as it is, or under keys."""
    if not is_sealed(appeal.matter):
        await store.keep_words(tx, appeal.appeal, said, words=words)
        return
    sealed = waivers.vault(context).seal(words, _owner(appeal, said))
    await store.keep_words(tx, appeal.appeal, said, sealed=sealed)


async def words_of(tx: Transaction, context: Context, appeal: Appeal) -> dict[Said, str]:
    """What was written about an appeal: `grounds`, and `reason`."""
    kept = await store.load_words(tx, appeal.appeal)
    return {
        said: words if isinstance(words, str) else waivers.vault(context).open(words, _owner(appeal, said))
        for said, words in kept.items()
    }


def _owner(appeal: Appeal, said: Said) -> str:
    return f"{appeal.subject}/{said}"
