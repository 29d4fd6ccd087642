"""Who lies where, asked of two tables: what organisations stand below, and where teachers work.

A teacher lies below the school and everything that it stands below. Only where the school stands in no tree
does the district count that the roster names: a school that was moved takes its teachers along, whatever
their rows still say.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ARRAY, ColumnElement, Table, Text, bindparam, collate, exists, literal, or_, select

from shared.runtime.database import Transaction
from shared.runtime.listed import listed

FEW = 100
"""Organisations up to which a list begins with their teachers; with more, its rows are asked one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The tables of one service that say who lies where."""

    organisations: Table
    """`organisation` and its `parent`."""
    teachers: Table
    """`teacher`, `school` and `district`."""

    async def below(self, tx: Transaction, organisation: str) -> set[str]:
        """An organisation and all that stand below it; itself alone where no tree knows it."""
        tree = self.organisations.c
        top = collate(literal(organisation, Text), "C").label("organisation")
        found = select(top).cte("found", recursive=True)
        found = found.union(select(tree.organisation).where(tree.parent == found.c.organisation))
        return set((await tx.execute(select(found.c.organisation))).scalars())

    async def lies_below(self, tx: Transaction, teachers: Collection[str], organisation: str) -> set[str]:
        """Those of the teachers who lie below an organisation. It looks up from them: trees are wide."""
        tree, works = self.organisations.c, self.teachers.c
        wanted = works.teacher == bindparam("teachers", sorted(teachers), ARRAY(Text)).any_()
        school, district = (collate(at, "C").label("organisation") for at in (works.school, works.district))
        at_school = select(works.teacher, school).where(wanted)
        in_district = select(works.teacher, district).where(wanted, self._is_in_no_tree(works.school))
        at = at_school.union(in_district).subquery("at")
        found = select(at.c.teacher, at.c.organisation).cte("found", recursive=True)
        above = select(found.c.teacher, tree.parent).where(
            tree.organisation == found.c.organisation, tree.parent.is_not(None)
        )
        found = found.union(above)
        those = select(found.c.teacher).where(found.c.organisation == organisation)
        return set((await tx.execute(those)).scalars())

    def within(self, column: ColumnElement[str], organisations: Collection[str]) -> ColumnElement[bool]:
        """For the rows of a list: the teacher in `column` lies below one of the organisations.

        `organisations` are whole, as `below` gives them.
        """
        works = self.teachers.alias("works").c
        outside = self._is_in_no_tree(works.school)
        if len(organisations) <= FEW:
            ids = bindparam(None, sorted(organisations), ARRAY(Text), unique=True)
            teacher = collate(works.teacher, getattr(column.type, "collation", None) or "default")
            at_schools = select(teacher).where(works.school == ids.any_())
            in_districts = select(teacher).where(works.district == ids.any_(), outside)
            return column.in_(at_schools.union_all(in_districts))
        these = select(listed("reach", ("organisation", Text, sorted(organisations))).c.organisation)
        here = or_(works.school.in_(these), works.district.in_(these) & outside)
        return exists().where(works.teacher == column, here)

    def directly_below(self, column: ColumnElement[str], organisation: str) -> ColumnElement[bool]:
        """For the rows of a list: the teacher in `column` works there, or where it stands just above."""
        works, tree = self.teachers.alias("works").c, self.organisations.alias("just_above").c
        above = exists().where(tree.organisation == works.school, tree.parent == organisation)
        outside = self._is_in_no_tree(works.school) & (works.district == organisation)
        here = or_(works.school == organisation, above, outside)
        return exists().where(works.teacher == column, here)

    def _is_in_no_tree(self, school: ColumnElement[str]) -> ColumnElement[bool]:
        tree = self.organisations.alias("tree").c
        return ~exists().where(tree.organisation == school)
