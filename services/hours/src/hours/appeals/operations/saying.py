"""What filing and deciding share: an appeal that is open, and how a fact about it is said."""

from datetime import datetime

from hours.appeals import store
from hours.appeals.domain.appeal import Appeal, subject
from hours.appeals.domain.entries import Act
from hours.declarations.domain.declaration import Actor
from hours.settings import Context
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
        raise DomainError("appeal.over", appeal=number, state=appeal.state)
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
