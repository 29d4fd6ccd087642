"""Where teachers work, for those who decide on what is theirs (审核权限)."""

from collections.abc import Collection

from hours.organisations import operations as organisations
from hours.roster import store
from hours.roster.domain import Workplace
from shared.runtime.database import Transaction


async def find(tx: Transaction, teachers: Collection[str]) -> dict[str, Workplace]:
    """The workplace of each teacher on the roster; above a school in no tree, the district of their row."""
    listed = await store.load(tx, teachers)
    authorities = await organisations.authorities(tx, {one.school for one in listed.values()})
    return {
        name: Workplace(
            school=f"school:{one.school}",
            authority=authorities.get(one.school, f"district:{one.district}"),
        )
        for name, one in listed.items()
    }
