"""What handing in and deciding share: how a fact is drafted, and how a declaration becomes a record."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from hours.declarations.domain.declaration import Actor, Declaration, subject
from hours.declarations.domain.entries import Act
from hours.evidence.operations import Use
from hours.records.domain.registration import Filing, Registrar, Registration
from hours.settings import Context
from shared.access import Caller
from shared.runtime.journal import Draft


def actor_of(caller: Caller) -> Actor:
    """Who acts, as the rules of declarations see them."""
    return Actor(
        kind=caller.kind,
        id=caller.id,
        place=caller.place,
        account=caller.subject,
        acts_for_others=caller.is_operator,
    )


def act(declaration: str, teacher: str, rule: str, actor: Actor) -> dict[str, str]:
    """What every fact about a declaration says."""
    said = {"declaration": declaration, "teacher": teacher, "rule": rule}
    return {**said, "by": actor.name, "account": actor.account}


def draft_of(context: Context, kind: str, fact: Act, at: datetime) -> Draft:
    """A fact about a declaration, for the journal."""
    return Draft(
        type=kind,
        subject=subject(fact.declaration),
        effective_at=at,
        policy=context.pack.reference,
        data=fact,
    )


def filing(declaration: str, declarant: Actor, before: Declaration | None) -> Filing:
    """How the record of a declaration comes to be that nobody reviews."""
    return Filing(
        registrar=Registrar(kind=declarant.kind, id=declarant.id),
        matter=subject(declaration),
        account=declarant.account,
        accounts=before.authors if before else frozenset(),
    )


def filing_of(one: Declaration, recogniser: Actor) -> Filing:
    """How the record of a declaration comes to be that is recognised."""
    kind, _, identity = one.declarant.partition(":")
    registrar = Registrar(kind=kind, id=identity)
    return Filing(
        registrar=registrar,
        recogniser=recogniser.name,
        matter=one.subject,
        handed_in=one.handed_in,
        account=recogniser.account,
        accounts=one.authors.union(one.accounts),
    )


def uses_of(one: Registration, matter: str, school: str, override: str) -> list[Use]:
    """What the files of a declaration stand for, for a teacher of a school."""
    return [
        Use(
            digest=digest,
            matter=matter,
            teacher=one.teacher,
            rule=one.rule,
            school=school,
            year=one.year,
            override=override,
            path=f"/files/{place}",
        )
        for place, digest in enumerate(one.files)
    ]


def registration_of(one: Declaration, proof: Mapping[str, str] | None) -> Registration:
    """What a declaration asks to have registered, the data of its proof included."""
    if proof is None or one.registration.details is None:
        return one.registration
    return replace(one.registration, details=replace(one.registration.details, proof=proof))
