"""Prospects named and complaints heard at the desk: by whom, of whom, seen by whom; on both databases (A-3.3.7, A-3.1.1, A-1.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import pytest

from conversations.desk import NotAllowed
from rules.objects import KINDS
from storage import audit
from storage.database import Database
from storage.world import World
from tests.storage.firm import NOW, TODAY, Firm, in_firm

T = TypeVar("T")
DUE = date(2026, 12, 8)
FACTS = ("主要产品", "决策人")
NAME = "上海明珠舞美有限公司"
At = Callable[..., Any]


@pytest.fixture
def firm(database: Database) -> Firm:
    return in_firm(database)


@pytest.fixture
def at(database: Database, firm: Firm) -> At:
    def run(who: str, do: Callable[[World], T]) -> T:
        return database.write_now(lambda conn: do(firm.desk(conn, who, NOW)))

    return run


def test_named_by_the_team_s_superior(database: Database, firm: Firm, at: At) -> None:
    made = at("chen", lambda desk: desk.name_prospect(firm.people["li"], f" {NAME} ", DUE, FACTS))
    assert (made.kind, made.state, made.person_id, made.day) == ("prospect", "open", firm.people["li"], DUE)
    assert made.data == {"facts": list(FACTS), "found": {}, "by": firm.people["chen"]}
    mine = at("li", lambda desk: desk.customer(made.customer_id))
    assert (mine.name, mine.owner_id, mine.source) == (NAME, firm.people["li"], "其他")
    for who, count in (("li", 1), ("chen", 1), ("lin", 1), ("wu", 1), ("zhang", 0), ("sun", 0), ("zhou", 0)):
        assert len(at(who, lambda desk: desk.prospects())) == count, who
    assert database.read_now(audit.verify) is None


@pytest.mark.parametrize("who", ["li", "zhang", "sun", "zhou", "wu"])
def test_by_nobody_else(firm: Firm, at: At, who: str) -> None:
    with pytest.raises(NotAllowed):
        at(who, lambda desk: desk.name_prospect(firm.people["li"], NAME, DUE, FACTS))


def test_what_cannot_be_named(firm: Firm, at: At) -> None:
    def refused(words: str, **given: Any) -> None:
        asked = {"rep": firm.people["li"], "name": NAME, "due": DUE, "facts": FACTS} | given
        with pytest.raises(NotAllowed, match=words):
            at("chen", lambda desk: desk.name_prospect(**asked))

    refused("在岗的市场员", rep=firm.people["chen"])
    refused("客户全称", name="a")
    refused("客户全称", source="听说")
    refused("至少选一项", facts=())
    refused("今天或以后", due=date(2026, 11, 23))
    refused("由张敏负责", name="张敏的客户有限公司")
    at("chen", lambda desk: desk.name_prospect(firm.people["li"], NAME, DUE, FACTS))
    refused("还没做完", name=NAME)


def test_a_customer_one_has_already_may_be_surveyed(firm: Firm, at: At) -> None:
    made = at("chen", lambda desk: desk.name_prospect(firm.people["li"], "李强的客户有限公司", DUE, FACTS))
    assert made.customer_id == firm.customers["li"]


def test_put_off_passed_on_and_dropped(firm: Firm, at: At) -> None:
    made = at("chen", lambda desk: desk.name_prospect(firm.people["li"], NAME, DUE, FACTS))
    assert at("chen", lambda desk: desk.postpone_prospect(made.id, date(2026, 12, 15))).day == date(2026, 12, 15)
    passed = at("chen", lambda desk: desk.pass_prospect(made.id, firm.people["zhang"]))
    assert passed.person_id == firm.people["zhang"]
    assert at("zhang", lambda desk: desk.customer(made.customer_id)).owner_id == firm.people["zhang"]
    assert at("li", lambda desk: desk.customer(made.customer_id)) is None
    with pytest.raises(NotAllowed):
        at("zhang", lambda desk: desk.drop_prospect(made.id))
    assert at("lin", lambda desk: desk.drop_prospect(made.id)).state == "dropped"
    with pytest.raises(NotAllowed, match="往前走了"):
        at("lin", lambda desk: desk.postpone_prospect(made.id, DUE))
    with pytest.raises(NotAllowed):
        at("chen", lambda desk: desk.pass_prospect(made.id, firm.people["zhao"]))  # of another team


def test_named_again_what_was_found_stays(firm: Firm, at: At) -> None:
    made = at("chen", lambda desk: desk.name_prospect(firm.people["li"], NAME, DUE, FACTS))
    at("li", lambda desk: desk.move(made.id, None, "fill", "open", found={"决策人": {"value": "吴经理"}, "别的": {"value": "x"}}))
    at("chen", lambda desk: desk.drop_prospect(made.id))
    again = at("chen", lambda desk: desk.name_prospect(firm.people["li"], NAME, DUE, ("决策人", "竞争对手")))
    assert (again.id, again.state, again.closed_at) == (made.id, "open", None)
    assert again.data["found"] == {"决策人": {"value": "吴经理"}}


def test_what_a_survey_taught(firm: Firm, at: At) -> None:
    at("li", lambda desk: desk.learn(firm.customers["li"], spend_fen=30_000_000, address="上海市徐汇区漕溪路 1 号"))
    known = at("li", lambda desk: desk.customer(firm.customers["li"]))
    assert (known.spend_fen, known.district) == (30_000_000, "徐汇区")
    with pytest.raises(NotAllowed):
        at("zhang", lambda desk: desk.learn(firm.customers["li"], spend_fen=1))


def test_a_complaint_by_anybody_of_any_customer(firm: Firm, at: At) -> None:
    made = at("zhou", lambda desk: desk.complain(firm.customers["li"], "送书晚了", about="rep", promised="补送"))
    assert (made.person_id, made.customer_id, made.state, made.data["by"]) == (firm.people["li"], firm.customers["li"], "open", firm.people["zhou"])
    for who, count in (("li", 1), ("chen", 1), ("lin", 1), ("wu", 1), ("zhang", 0), ("sun", 0), ("zhou", 0)):
        assert len(at(who, lambda desk: desk.complaints())) == count, who
    assert at("zhou", lambda desk: desk.case(made.id)) is not None
    with pytest.raises(NotAllowed):
        at("zhou", lambda desk: desk.complain(999_999, "送书晚了", about="rep"))


def test_nobody_closes_their_own(firm: Firm, at: At) -> None:
    made = at("zhou", lambda desk: desk.complain(firm.customers["li"], "送书晚了", about="rep"))
    for who in ("li", "zhou", "zhang", "sun", "wu"):
        with pytest.raises(NotAllowed):
            at(who, lambda desk: desk.answer_complaint(made.id, "solve", "好了"))
    noted = at("li", lambda desk: desk.answer_complaint(made.id, "note", "快递误了"))
    assert [note["words"] for note in noted.data["notes"]] == ["快递误了"]
    closed = at("chen", lambda desk: desk.answer_complaint(made.id, "solve", "已道歉"))
    assert (closed.state, closed.data["outcome"], closed.data["closed_by"]) == ("solved", "已道歉", firm.people["chen"])
    with pytest.raises(NotAllowed):
        at("lin", lambda desk: desk.answer_complaint(made.id, "explain", "又一次"))


def test_counts_are_of_the_rep_s_own_work(firm: Firm, at: At) -> None:
    one = at("zhou", lambda desk: desk.complain(firm.customers["li"], "送书晚了", about="rep"))
    at("zhou", lambda desk: desk.complain(firm.customers["li"], "颜色偏红", about="paper"))
    at("zhou", lambda desk: desk.complain(firm.customers["zhao"], "没回电话", about="rep"))
    at("chen", lambda desk: desk.answer_complaint(one.id, "explain", "说明了"))
    assert at("lin", lambda desk: desk.complaint_counts(TODAY, TODAY)) == {firm.people["li"]: (1, 0), firm.people["zhao"]: (1, 1)}
    assert at("chen", lambda desk: desk.complaint_counts(TODAY, TODAY)) == {firm.people["li"]: (1, 0)}
    assert at("lin", lambda desk: desk.complaint_counts(DUE, DUE)) == {}


@pytest.mark.parametrize("kind", [kind for kind, about in KINDS.items() if about in ("customer", "day")])
def test_no_task_without_its_object(at: At, kind: str) -> None:
    with pytest.raises(NotAllowed, match="请先写清"):
        at("li", lambda desk: desk.open_case(kind, "open"))


def test_any_customer_is_a_name_and_whose(firm: Firm, at: At) -> None:
    bare, whose = at("zhou", lambda desk: desk.any_customer(firm.customers["li"]))
    assert (bare.name, whose.name, bare.contacts, bare.spend_fen) == ("李强的客户有限公司", "李强", (), None)
    assert at("zhou", lambda desk: desk.find("firm", "")) == []
    assert [one.id for one in at("zhou", lambda desk: desk.find("firm", "李强的客户"))] == [firm.customers["li"]]
