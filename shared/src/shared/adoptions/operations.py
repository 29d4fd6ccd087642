"""Keeps every version that this process knows, and finds the one by which a fact is told."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime

from shared.adoptions import store
from shared.policy import loader
from shared.policy.loader import Editions, PackError
from shared.policy.pack import Pack
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError

log = logging.getLogger(__name__)


class Adoptions:
    """The packs of one service: the one in force in this process, and those that entries were made under."""

    def __init__(self, editions: Editions) -> None:
        self._editions = editions
        self._read: dict[str, Pack | None] = {
            edition.reference: edition.pack for edition in (*editions.others, editions.in_force)
        }
        """By reference, as far as they were asked for; None where this release cannot read the text."""

    @property
    def pack(self) -> Pack:
        """The rules in force."""
        return self._editions.pack

    async def adopt(self, tx: Transaction, now: datetime) -> None:
        """Keep what this process knows, and note that its version is in force.

        Another copy that does the same at this moment ends in a unique violation: run again.

        Raises:
            PackError: a version is kept with another text, or another version of its pack with another unit.
                Entries were made under that one.

        """
        await self._hold_units(tx)
        known = await store.load(tx, self._read.keys())
        numbers = {reference: kept.number for reference, kept in known.items()}
        for edition in (*self._editions.others, self._editions.in_force):
            reference, kept = edition.reference, known.get(edition.reference)
            if kept is None:
                numbers[reference] = await store.keep(tx, edition)
            elif kept.digest != edition.digest:
                raise PackError(
                    reference, "", f"is kept here with another text, {kept.digest}: a change is a new version"
                )
        await store.adopt(tx, numbers[self.pack.reference], now)

    async def _hold_units(self, tx: Transaction) -> None:
        """Hold each version that this process knows to the unit of those of its pack that are kept."""
        known = [self._editions.in_force, *self._editions.others]
        before = await self.kept(tx, await store.of_packs(tx, {one.pack.pack.id for one in known}))
        for one in known:
            loader.hold_unit(one.pack, before.values(), one.reference)

    async def under(self, tx: Transaction, policy: str) -> Pack:
        """The version that an entry names.

        Raises: `policy.not_kept`.
        """
        found = (await self.kept(tx, [policy])).get(policy)
        if found is None:
            raise DomainError("policy.not_kept", policy=policy)
        return found

    async def kept(self, tx: Transaction, policies: Collection[str]) -> Mapping[str, Pack]:
        """The versions that entries name, by reference; those that are not kept are absent."""
        missing = set(policies) - self._read.keys()
        if missing:
            for reference, text in (await store.texts(tx, missing)).items():
                self._read[reference] = _reread(reference, text)
        found = {policy: self._read.get(policy) for policy in policies}
        return {policy: pack for policy, pack in found.items() if pack is not None}


def _reread(reference: str, text: str) -> Pack | None:
    try:
        return loader.reread(text, reference)
    except PackError as error:
        log.warning("what was decided under %s cannot be told: %s", reference, error)
        return None
