"""The naive service's tables, as SQLAlchemy's ORM has them: a class a table, an object a row."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The tables."""


class Act(Base):
    """One act, stored once."""

    __tablename__ = "act"
    __table_args__ = (UniqueConstraint("source", "key"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    key: Mapped[str]
    type: Mapped[str]
    teacher: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    object: Mapped[dict[str, Any]] = mapped_column(JSON)
    withdrawn: Mapped[bool] = mapped_column(default=False)


class Thing(Base):
    """An object with its author and what others did with it."""

    __tablename__ = "thing"

    name: Mapped[str] = mapped_column(primary_key=True)
    author: Mapped[str | None]
    people: Mapped[int] = mapped_column(server_default="0")
    good: Mapped[int] = mapped_column(server_default="0")
    stars: Mapped[int] = mapped_column(server_default="0")


class Participant(Base):
    """Somebody who replied to a topic or rated a resource; the author's own do not count."""

    __tablename__ = "participant"

    thing: Mapped[str] = mapped_column(ForeignKey(Thing.name), primary_key=True)
    teacher: Mapped[str] = mapped_column(primary_key=True)
    stars: Mapped[int]


class Teacher(Base):
    """Somebody with points; the row is locked while a cap is asked for."""

    __tablename__ = "teacher"

    id: Mapped[str] = mapped_column(primary_key=True)


class Award(Base):
    """Points under a rule for a thing, once."""

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("rule", "thing"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str]
    thing: Mapped[str] = mapped_column(ForeignKey(Thing.name))
    teacher: Mapped[str] = mapped_column(ForeignKey(Teacher.id), index=True)
    year: Mapped[int]
    points: Mapped[int]
