"""A tenant's complaint: one line at the desk, told to who answers for the area, closed with what the tenant says (B-8, C-4.2.1)."""

from __future__ import annotations

from conversations import tokens
from conversations.desk import Desk
from conversations.firm import Case
from conversations.lookup import Lookup
from conversations.repairs import intake
from conversations.types import Option, Prompt
from rules.repairs.register import COMPLAINT_DAYS


def open_(desk: Desk, what: str, *, spot: str = "", caller: str = "", phone: str = "", job: int = 0) -> Case:
    case = desk.tenant_complaint(what, spot=spot, caller=caller, phone=phone, job=job)
    area = case.data.get("area")
    to = list(desk.on_shift("area_manager", desk.now, area)) or list(desk.people("area_manager"))
    masters = desk.people("station_master")
    for person in dict.fromkeys([*(who.id for who in to[:1]), *(who.id for who in masters[:1])]):
        if person != desk.me.id:
            desk.tell(person, card(desk, case), key=f"tenant_complaint:{case.id}:{person}")
    return case


def card(look: Lookup, case: Case) -> Prompt:
    who = " ".join(part for part in (str(case.data.get(name) or "") for name in ("where", "caller", "phone")) if part)
    lines = [f"租户意见：{case.data.get('what', '')}", who]
    if case.state != "open":
        lines.append(f"结了：{case.data.get('outcome', '')}")
        return Prompt("\n".join(line for line in lines if line))
    return Prompt(
        "\n".join(line for line in [*lines, "处理好请写一句结果，租户怎么说。"] if line),
        (Option("写结果", tokens.of_action("tenant", case.id), main=True),),
    )


def waits_too_long(look: Lookup, case: Case) -> bool:
    days = int(look.setting("tenant_complaint_days", COMPLAINT_DAYS))
    return case.state == "open" and case.opened_at is not None and (look.now - case.opened_at).days >= days


def written(desk: Desk, text: str) -> None:
    """租户投诉 阳光苑3号楼502 师傅抽烟."""
    heard = intake.read(desk, desk, text, desk.now)
    spot = heard.spots[0] if len(heard.spots) == 1 else None
    open_(desk, (heard.what or text) if spot else text, spot=spot.key if spot else "", phone=heard.phone)
    desk.say(Prompt("记下了，片区经理和站长会看到。可以对租户说：“已经转给负责人，会尽快给您答复。”"))
