"""Who a teacher is for another jurisdiction: the name, and a digest that only their number makes.

The number itself leaves the roster nowhere. Its digest is salted anew each time and slow to make, since there
are so few numbers that a quick one is undone by trying them.
"""

import asyncio
from dataclasses import dataclass
from hashlib import scrypt

from hours.roster import store
from hours.settings import Context
from shared.runtime.database import Transaction

COST, BLOCK, PARALLEL, BYTES = 2**14, 8, 1, 32
"""Of scrypt (RFC 7914): 16 MB and some hundredths of a second for each number that is tried."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as a transcript names them."""

    name: str
    digest: str
    """Hex, of the citizen's number under a salt."""


async def identify(tx: Transaction, context: Context, teacher: str, salt: bytes) -> Identity | None:
    """Who a teacher is; None where the roster knows nobody of that id, or not by a number."""
    person = (await store.load_people(tx, [teacher])).get(teacher)
    if person is None or person.citizen_id is None or context.vault is None:
        return None
    number = context.vault.open(person.citizen_id, teacher)
    return Identity(person.name, await asyncio.to_thread(digest_of, number, salt))


def digest_of(number: str, salt: bytes) -> str:
    """The digest of a normalised number under a salt, as everybody makes it."""
    return scrypt(number.encode(), salt=salt, n=COST, r=BLOCK, p=PARALLEL, dklen=BYTES).hex()
