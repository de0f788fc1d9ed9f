"""Who signs a 009 is a setting: the reporter by a link, staff as themselves in the chat, on the technician's phone, on paper (C-4.5.5a)."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from conversations.repairs import outside, printed
from rules.errors import RuleBroken
from storage import callers, settings, staff
from storage.database import Connection
from storage.staff import Listed
from storage.tables import role
from tests.conversations.repairs.test_customer import firm_desk, through
from tests.conversations.repairs.test_technician import FANG, GAO, WANG, job, sent
from tests.conversations.talk import DAY, Talk, labels, text

CHEN = "陈物业"
PUBLIC = {"place": "public", "where": "阳光苑3号楼楼道", "what": "楼道灯不亮", "trade": "power", "caller": "", "phone": ""}


@pytest.fixture
def firm(firm: Talk) -> Talk:
    firm.at("09:05")

    def add(conn: Connection) -> None:
        firm.ids[CHEN] = staff.add(conn, Listed("chen", CHEN))
        conn.execute(insert(role), {"person_id": firm.ids[CHEN], "role": "property_manager", "since": DAY.replace(month=1, day=1), "scope": "firm"})
        callers.talk_of(conn, firm.ids[CHEN])

    firm.database.write_now(add)
    return firm


def set_signer(firm: Talk, who: str) -> None:
    firm.database.write_now(lambda conn: settings.put(conn, "public_signer", who, DAY))


def done(firm: Talk, **changed: object) -> tuple[int, str]:
    """Worked and tried; what the technician hears then."""
    id = sent(firm, **(PUBLIC | changed))
    firm.taps(WANG, "接单")
    firm.taps(WANG, "到了")
    firm.sends(WANG, "a1")
    firm.taps(WANG, "灯坏了")
    firm.sends(WANG, "a2")
    return id, text(firm.taps(WANG, "三次都正常"))


def paper(firm: Talk, id: int) -> tuple[str, str]:
    data = firm.desk(FANG, lambda desk: printed.of_job(desk, desk.job(id), coded=False)).data  # type: ignore[arg-type]
    return str(data["signed_label"]), str(data["signed_who"])


def test_the_reporter_signs_by_a_link(firm: Talk) -> None:
    id, heard = done(firm)
    assert "请报修人签字" in heard
    through(firm, "sign", lambda desk, here: outside.signed(desk, here, "保安小刘"))
    assert job(firm, id).state == "closed"
    assert paper(firm, id)[0] == "报修人签字"


@pytest.mark.parametrize(("who", "name", "title"), [("service_desk", FANG, "客服"), ("property_manager", CHEN, "物业经理")])
def test_staff_sign_in_their_own_chat_as_themselves(firm: Talk, who: str, name: str, title: str) -> None:
    set_signer(firm, who)
    id, heard = done(firm)
    assert f"已请{title}{name}签字" in heard
    card = firm.last(name)
    assert "王师傅修好了，请您签字。\n楼道灯不亮\n查到：灯坏了" in card.text
    assert labels([card]) == ["看过，签字", "还不行"]
    assert card.attach == ("a1".ljust(64, "0"), "a2".ljust(64, "0"))
    assert "签好了，谢谢" in text(firm.taps(name, "看过，签字"))
    here = job(firm, id)
    assert (here.state, here.data["signed_by"]) == ("closed", name)
    kept = firm.desk(FANG, lambda desk: desk.agreements(id))[-1]
    relation = {"客服": "desk", "物业经理": "property"}[title]
    assert (kept["name"], kept["relation"], kept["facts"]["mode"], kept["link_id"]) == (name, relation, "chat", None)
    assert paper(firm, id) == (f"{title}签字", f"{name}（{title}）")
    assert f"{name} 09:05 签字了" in firm.last(WANG).text
    assert "已经处理过了" in text(firm.taps(name, "看过，签字"))


def test_not_yet_goes_back_to_work(firm: Talk) -> None:
    set_signer(firm, "service_desk")
    id, _ = done(firm)
    firm.taps(FANG, "还不行")
    assert (job(firm, id).state, job(firm, id).rounds) == ("working", 1)
    assert "小方还不满意" in firm.last(WANG).text


def test_nobody_else_signs_for_them(firm: Talk) -> None:
    set_signer(firm, "service_desk")
    id, _ = done(firm)
    rev = job(firm, id).rev
    for who in (WANG, GAO, CHEN):
        firm.token(who, f"a.job.{id}.{rev}.attest")
        assert job(firm, id).state == "content", who


def test_standing_there_they_sign_on_the_technician_s_phone_in_their_role(firm: Talk) -> None:
    set_signer(firm, "property_manager")
    id, _ = done(firm, place="vacant", where="阳光苑301")
    heard = firm.taps(WANG, "物业经理在，当面签")
    assert "打开后把手机给物业经理" in text(heard)
    assert heard[-1].options[0].url
    assert firm.database.write_now(lambda conn: firm_desk(conn, firm, "sign").signers()) == [CHEN]
    through(firm, "sign", lambda desk, here: outside.signed(desk, here, CHEN))
    assert job(firm, id).state == "closed"


def test_a_customer_s_link_does_not_sign_for_them(firm: Talk) -> None:
    """A link made for another's own phone, whoever opened it, is no signature of the desk."""
    set_signer(firm, "service_desk")
    id, _ = done(firm)
    firm.desk(WANG, lambda desk: desk.make_link(id, "sign", "own", "x", firm.now.replace(hour=23)))
    with pytest.raises(RuleBroken):
        through(firm, "sign", lambda desk, here: outside.signed(desk, here, FANG))
    assert job(firm, id).state == "content"


def test_on_paper_it_is_in_their_role_as_well(firm: Talk) -> None:
    set_signer(firm, "service_desk")
    id, _ = done(firm)
    firm.sends(WANG, "f0")
    assert "完成" in text(firm.taps(WANG, "就用这张"))
    kept = firm.desk(FANG, lambda desk: desk.agreements(id))[-1]
    assert (kept["relation"], kept["facts"]["mode"]) == ("desk", "paper")


def test_asked_again_they_see_the_card_again(firm: Talk) -> None:
    set_signer(firm, "service_desk")
    done(firm)
    before = len(firm.prompts(FANG))
    assert "小方" in text(firm.taps(WANG, "再催客服"))
    assert len(firm.prompts(FANG)) == before + 1


def test_the_job_keeps_who_was_to_sign_it(firm: Talk) -> None:
    """The setting changed in the meantime is for what is done from then on."""
    id, _ = done(firm)
    set_signer(firm, "service_desk")
    assert job(firm, id).signer == "reporter"
    through(firm, "sign", lambda desk, here: outside.signed(desk, here, "保安小刘"))
    assert job(firm, id).state == "closed"
