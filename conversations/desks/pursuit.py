"""Customers to be won and kept: prospects named, complaints heard, what a survey taught (A-3.3.7, A-3.1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from conversations.firm import Case, Customer, Person


class Pursuit(Protocol):
    """Every write is checked by the policy and stands in the audit log."""

    def name_prospect(self, rep: int, name: str, due: date, facts: Sequence[str], *, local: bool = True, source: str = "其他") -> Case:
        """The rep's own customer from now on. NotAllowed when it is another rep's already, or being surveyed."""
        ...

    def prospects(self, *, person: int | None = None, states: Sequence[str] = ("open",), limit: int = 200) -> Sequence[Case]:
        """Of those whose prospects one may see, the earliest date first."""
        ...

    def pass_prospect(self, case: int, person: int) -> Case:
        """To another rep, the customer with it."""
        ...

    def postpone_prospect(self, case: int, due: date) -> Case: ...
    def drop_prospect(self, case: int) -> Case: ...
    def prospect_facts(self) -> Sequence[str]:
        """What a survey asks for unless something else is chosen; setting "survey_facts"."""
        ...

    def learn(self, customer: int, *, spend_fen: int | None = None, address: str = "") -> None:
        """What a survey found out goes to the customer's card."""
        ...

    def complain(self, customer: int, what: str, *, about: str, paper: int | None = None, **data: object) -> Case:
        """About the work of whoever has the customer; anybody may, of any customer. The same paper: the complaint that is there."""
        ...

    def answer_complaint(self, case: int, action: str, words: str) -> Case:
        """note, solve or explain; never one's own but with a note."""
        ...

    def complaints(self, *, person: int | None = None, states: Sequence[str] = (), limit: int = 200) -> Sequence[Case]:
        """Of those whose complaints one may see, the newest first."""
        ...

    def complaint_counts(self, first: date, last: date) -> Mapping[int, tuple[int, int]]:
        """By rep, of those one may see: how many about the rep's own work, and how many of these are still open."""
        ...

    def any_customer(self, id: int) -> tuple[Customer, Person | None] | None:
        """Name and whose, also of a customer one may not look into."""
        ...
