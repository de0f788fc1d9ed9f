"""What this person must finish now and what they can start; the words they can write (A-1.5)."""

from __future__ import annotations

from dataclasses import replace

from conversations import tokens
from conversations.followups import compact
from conversations.lookup import Lookup
from conversations.registry import form_of
from conversations.types import Option, Prompt, Session

STARTS = (("CustomerVisit", "记拜访"), ("PhoneCall", "记电话"), ("Appointment", "约客户"), ("NewCustomer", "新客户"), ("Promise", "答应的事"))
RECORDED = "您发来的话、签收和答复连同时间都留作工作记录；位置只在您发送时记录，不跟踪。"
ADMIN = "写「办公」打开管理页面：人员、设置、导入导出都在那里。也可以写：邀请 王芳 市场员、任命 张敏 部门主管、免去 张敏 部门主管、李强离职、网页版。"


def of(look: Lookup, paused: list[Session], lead: str = "") -> Prompt:
    """Unfinished things first, then what can be begun."""
    day = look.calendar.day_of(look.now)
    options: list[Option] = []
    lines: list[str] = []
    if paused:
        lines.append(f"没填完的：{'、'.join(form_of(one.form).title for one in paused[:3])}。")
        options.append(Option("接着填", tokens.of_action("resume", paused[0].id), main=True))
    roles = look.me.roles
    if "rep" in roles:
        options += [Option(label, tokens.of_action("start", form)) for form, label in STARTS]
        options += [Option("今天", tokens.of_action("today")), Option("今天的日志", tokens.of_action("log", compact(day)))]
        lines.append("直接写一句最快，例如：拜访 华东精密 王经理 谈续约。")
        lines.append("还可以写：今天、日志、成绩、送书、介绍、展会、写方案、查 华东、跟踪表、明天请假、怎么做。")
    elif roles & {"supervisor", "manager"}:
        options.append(Option("今天", tokens.of_action("today"), main=True))
        lines.append("可以写：今天、谁没交、成绩、漏斗、查 华东、送书、介绍、展会、办公、静音、明天请假、邀请 王芳、怎么做。")
    if roles & {"service_desk", "area_manager"}:
        options.append(Option("登记报修", tokens.of_action("start", "RepairRequest"), main=not options))
        lines.append("可以写：报修 房号 什么坏了 电话、派单、单子、查单 电话、租户投诉、办公、管理制度、怎么做。")
    elif roles & {"technician", "station_master", "property_manager", "asset_management"}:
        mine, theirs = "可以写：我的单、求助、管理制度、明天请假、怎么做。", "可以写：单子、查单 电话或房号、办公、管理制度、怎么做。"
        lines.append(mine if "technician" in roles else theirs)
        if "technician" in roles:
            options.append(Option("我的单", tokens.of_action("my_jobs"), main=not options))
    if "admin" in roles:
        lines.append(ADMIN)
    elif not lines:
        lines.append("现在没有要您办的，有了会发给您。可以写：怎么做、网页版、用文字。")
    text = "\n".join([lead, *lines]) if lead else "\n".join(lines)
    return Prompt(text, tuple(options))


def whose(name: str) -> Prompt:
    """To an address that the firm's list says is theirs: nothing is done in that name before they say so."""
    text = f"您好，我是跑街，帮公司同事记拜访、写日志。您是{name}吗？"
    return Prompt(text, (Option("是我", tokens.of_action("mine"), main=True), Option("不是我", tokens.of_action("notme"))))


def greeting(look: Lookup) -> Prompt:
    """The first words: who speaks, what is recorded, an example, and a way out."""
    name, roles = look.me.name, look.me.roles
    today = Option("今天", tokens.of_action("today"))
    options: tuple[Option, ...] = (replace(today, main=True),)
    if "rep" in roles:
        text = (
            f"{name}，您好。我是跑街，帮您记拜访、写日志、催事情。位置只在您发送时记录，不跟踪。直接发一句话就行，例如：拜访 华东精密 王经理 谈续约。"
        )
        if yours := look.touches(look.me.id):
            named = "、".join(one.label if len(one.label) <= 14 else f"{one.label[:13]}…" for one in yours[:2])  # so that a card still holds it
            text += f"\n您名下现有客户：{named}{f'等 {len(yours)} 家' if len(yours) > 2 else ''}。"
        options = (Option("试一次，不留记录", tokens.of_action("trial"), main=True), today)
    elif roles & {"supervisor", "manager"}:
        text = f"{name}，您好。我是跑街，帮大家记拜访、写日志、催事情。{RECORDED}要您签收和答复的，会按时发给您。"
    elif "admin" in roles:
        text = f"{name}，您好。我是跑街，帮大家记拜访、写日志、催事情。{RECORDED}\n{ADMIN}"
        options = (Option("菜单", tokens.of_action("menu"), main=True),)
    elif "technician" in roles:
        text = f"{name}，您好。\n我是跑街，派单、报完工\n都在这里点一点。\n不用打字，拍照就行。\n求助不扣分；\n位置只在到场时记录。\n{RECORDED}"
        options = (Option("我的单", tokens.of_action("my_jobs"), main=True),)
    elif roles & {"service_desk", "area_manager", "station_master", "property_manager", "asset_management"}:
        text = f"{name}，您好。我是跑街，帮服务站登记报修、派单、收单。{RECORDED}有要您办的，会按时发给您。"
        options = (Option("菜单", tokens.of_action("menu"), main=True),)
    else:
        text = f"{name}，您好。我是跑街，帮大家记拜访、写日志、催事情。{RECORDED}有要您办的，会按时发给您。"
        options = (Option("菜单", tokens.of_action("menu"), main=True),)
    return Prompt(text, (*options, Option("这不是我", tokens.of_action("notme"))))
