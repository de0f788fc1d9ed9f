"""The firm's tables as ORM classes: what most projects would load a digest from. Only a reference to measure against."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {dict[str, object]: JSON}


class Picture(Base):
    __tablename__ = "paper_blob"
    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    sha256: Mapped[str]


class Paper(Base):
    __tablename__ = "paper"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    form: Mapped[str]
    answers: Mapped[dict[str, object]]
    day: Mapped[date]
    said_at: Mapped[datetime]
    grade: Mapped[str]
    state: Mapped[str]
    pictures: Mapped[list[Picture]] = relationship()


class Case(Base):
    __tablename__ = "case"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    state: Mapped[str]
    day: Mapped[date | None]
    data: Mapped[dict[str, object]]


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    papers: Mapped[list[Paper]] = relationship()
    cases: Mapped[list[Case]] = relationship()
