"""The customer's part, through a link: consent opens the work, a change closes it again, a signature ends it (C-4.3.3, C-4.3.4a, C-4.5.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import select

from conversations.repairs import consent, outside
from conversations.repairs.job import Job
from rules.calendar import FIRM_ZONE
from rules.errors import RuleBroken
from storage import links
from storage.database import Connection, Database
from storage.outside import Evidence, Outside
from storage.tables import audit
from tests.conversations.repairs.test_technician import FANG, GAO, WANG, job, sent
from tests.conversations.talk import Talk, labels, text

T = TypeVar("T")


@pytest.fixture
def firm(database: Database) -> Talk:
    talk = Talk(database)
    talk.at("09:05")
    return talk


def through(firm: Talk, purpose: str, act: Callable[[Outside, Job], T]) -> T:
    """As the page does: the newest link of the purpose, used once, evidence kept, then what follows."""

    def unit(conn: Connection) -> T:
        desk = firm_desk(conn, firm, purpose)
        here = desk.job(desk._link.case_id or 0)
        assert here is not None
        assert desk.use("submission")
        shown = consent.agreed_text(desk, here) if purpose == "consent" else consent.signed_text(desk, here)
        desk.agree("consent" if purpose == "consent" else "signature", here.id, Evidence(shown, consent.hashed(shown), consent.VERSION))
        return act(desk, here)

    return firm.database.write_now(unit)


def firm_desk(conn: Connection, firm: Talk, purpose: str) -> Outside:
    newest = max((one for one in links.every(conn, purpose)), key=lambda one: one.id)
    return Outside(conn, newest, now=firm.now, zone=FIRM_ZONE)


def quoted(firm: Talk) -> int:
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.sends(WANG, "a1")
    firm.taps(WANG, "阀门坏了")
    firm.taps(WANG, "要收费，报价")
    firm.says(WANG, "球阀 1")
    firm.taps(WANG, "就这些")
    return id


def agreed(firm: Talk) -> int:
    id = quoted(firm)
    through(firm, "consent", outside.agreed)
    return id


def content(firm: Talk) -> int:
    id = agreed(firm)
    firm.sends(WANG, "a2")
    firm.taps(WANG, "三次都正常")
    firm.taps(WANG, "客户满意")
    firm.taps(WANG, "给客户扫码", of=1)
    return id


def test_only_with_consent_does_work_begin(firm: Talk) -> None:
    id = quoted(firm)
    assert "等客户同意" in text(firm.token(WANG, f"a.job.{id}.{job(firm, id).rev}.card"))
    through(firm, "consent", outside.agreed)
    assert job(firm, id).state == "working"
    assert "刘女士 09:05 同意了，\n35.00 元，\n可以开工。" in firm.last(WANG).text


def test_a_change_suspends_the_work_until_a_new_consent(firm: Talk) -> None:
    id = agreed(firm)
    firm.taps(WANG, "其他")
    firm.taps(WANG, "要改报价")
    firm.says(WANG, "球阀 2")
    heard = text(firm.taps(WANG, "就这些"))
    assert "换 4 分球阀：1 个改为 2 个" in heard
    assert "合计多 35.00 元，现在是 70.00 元" in heard
    assert job(firm, id).state == "quoted"
    through(firm, "consent", outside.agreed)
    changed = job(firm, id)
    assert (changed.state, changed.agreed.total if changed.agreed else 0) == ("working", 7000)


@pytest.mark.parametrize(("said", "count"), [("球阀两个", 2), ("球阀 十二个", 12), ("球阀 3 个", 3), ("球阀x2", 2), ("球阀", 1)])
def test_a_quantity_as_it_is_said(firm: Talk, said: str, count: int) -> None:
    agreed(firm)
    firm.taps(WANG, "其他")
    firm.taps(WANG, "要改报价")
    assert f"换 4 分球阀 ×{count} " in text(firm.says(WANG, said))


def test_not_now_ends_it_politely(firm: Talk) -> None:
    id = quoted(firm)
    through(firm, "consent", outside.not_now)
    assert job(firm, id).state == "given_up"
    assert "先不修" in firm.last(WANG).text


def test_a_doubt_about_the_price_frees_the_technician(firm: Talk) -> None:
    id = quoted(firm)
    through(firm, "consent", outside.doubted)
    assert "您可以先走，\n不算您的" in firm.last(WANG).text
    card = firm.last(FANG)
    assert "刘女士对收费有疑问，请打 13800000502 说明，30 分钟内答复。" in card.text
    assert "2026 年 10 月版" in card.text
    assert labels([card]) == ["解释后同意", "减免", "待片区经理"]
    firm.taps(FANG, "待片区经理")
    firm.taps(GAO, "减免")
    now = job(firm, id)
    assert (now.state, now.paid) == ("working", False)  # before the work it is done for nothing, not dropped
    assert "不收费，可以开工" in firm.last(WANG).text


def test_explained_it_goes_on_where_it_was(firm: Talk) -> None:
    id = quoted(firm)
    through(firm, "consent", outside.doubted)
    firm.taps(FANG, "解释后同意")
    assert job(firm, id).state == "quoted"


def test_signed_and_paid_in_cash_it_is_in_the_technician_s_hands(firm: Talk) -> None:
    id = content(firm)
    through(firm, "sign", lambda desk, here: outside.signed(desk, here, "刘女士"))
    assert "应收 35.00 元，怎么付的？" in firm.last(WANG).text
    firm.taps(WANG, "现金")
    assert job(firm, id).state == "closed"
    held = firm.desk(WANG, lambda desk: {(one.kind, one.amount) for one in desk.things(holder=desk.me.id)})
    assert held == {("cash", 3500), ("paper", 1)}


def test_not_content_twice_and_the_area_manager_knows(firm: Talk) -> None:
    id = agreed(firm)
    for nth in range(2):
        firm.sends(WANG, f"b{nth}")
        firm.taps(WANG, "三次都正常")
        firm.taps(WANG, "还不满意")
    assert job(firm, id).rounds == 2
    assert "客户第 2 次不满意" in firm.last(GAO).text
    firm.sends(WANG, "b9")
    assert job(firm, id).state == "finished"


def test_the_log_names_the_link_and_not_a_colleague(firm: Talk) -> None:
    agreed(firm)
    entries = firm.database.write_now(lambda conn: [*conn.execute(select(audit.c.who, audit.c.verb))])
    assert [who.partition(":")[0] for who, verb in entries if verb == "consent"] == ["link", "link"]


def test_a_link_opens_one_job_only(firm: Talk) -> None:
    quoted(firm)
    other = sent(firm, where="阳光苑1201", phone="13800001201")

    def unit(conn: Connection) -> Job | None:
        return firm_desk(conn, firm, "consent").job(other)

    assert firm.database.write_now(unit) is None


def test_consent_twice_is_not_possible(firm: Talk) -> None:
    agreed(firm)

    def unit(conn: Connection) -> bool:
        return firm_desk(conn, firm, "consent").use("another")

    assert not firm.database.write_now(unit)
    with pytest.raises(RuleBroken):
        firm.database.write_now(lambda conn: outside.agreed(desk := firm_desk(conn, firm, "consent"), desk.job(desk._link.case_id or 0)))  # type: ignore[arg-type]


def test_a_photograph_of_the_signed_form_is_as_good(firm: Talk) -> None:
    id = content(firm)
    assert "是签好的单吗？" in firm.sends(WANG, "f0")[-1].text
    firm.taps(WANG, "就用这张")
    assert "应收 35.00 元，怎么付的？" in firm.last(WANG).text
    kept = firm.desk(FANG, lambda desk: desk.agreements(id))[-1]
    assert (kept["kind"], kept["picture"], kept["facts"]["mode"]) == ("signature", "f0".ljust(64, "0"), "paper")
    firm.taps(WANG, "现金")
    assert job(firm, id).state == "closed"


def test_a_photograph_that_is_no_form_waits_on(firm: Talk) -> None:
    id = content(firm)
    firm.sends(WANG, "f1")
    firm.taps(WANG, "不是签好的单")
    here = job(firm, id)
    assert (here.state, here.after[-1], here.original) == ("content", "f1".ljust(64, "0"), "")
    firm.sends(WANG, "f2")
    through(firm, "sign", lambda desk, here: outside.signed(desk, here, "刘女士"))
    assert "已签名" in firm.taps(WANG, "就用这张")[-1].text
    assert job(firm, id).state == "signed"
