"""The demo's firm: ten people, their customers, one rep's full day; everything through the desk, as it would be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot import demo_handouts, demo_station
from rules.calendar import FIRM_ZONE, Calendar
from rules.promises import remind_at
from storage import staff
from storage.database import Connection
from storage.staff import Listed
from storage.world import World

OPENS = "08:25"  # the demo's clock at the start
TEAM = "市场一部"


@dataclass(frozen=True, slots=True)
class Colleague:
    account: str
    name: str
    role: str
    team: str = TEAM
    greeted: bool = True


@dataclass(frozen=True, slots=True)
class Firm:
    """A customer of `rep`; the contact comes first, others follow."""

    rep: str
    name: str
    nickname: str
    address: str
    contacts: tuple[tuple[str, str, str], ...]
    source: str = "行业杂志"
    local: bool = True
    spend_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    at: str
    customer: str
    about: str
    bring: tuple[str, ...] = ()


COLLEAGUES = (
    Colleague("liqiang", "李强", "rep"),
    Colleague("zhangmin", "张敏", "rep"),
    Colleague("zhaolei", "赵磊", "rep", greeted=False),  # starts today
    Colleague("chen", "陈主管", "supervisor"),
    Colleague("lin", "林经理", "manager", team=""),
    Colleague("zhou", "周姐", "finance", team=""),
    Colleague("wu", "小吴", "admin", team=""),
    Colleague("zheng", "郑姐", "custodian", team=""),
    Colleague("jiang", "蒋姐", "operations", team=""),
    Colleague("feng", "冯工", "production", team=""),
)
CALLED = {"firm_name": "海天传媒", "firm_phone": "021-55510000"}
CUSTOMERS = (
    Firm(
        "liqiang",
        "上海华东精密仪器有限公司",
        "华东精密",
        "上海市徐汇区漕溪北路 88 号",
        (("王经理", "广告负责人", "021-55510101"), ("刘会计", "财务", "021-55510102")),
        spend_fen=12_000_000,
    ),
    Firm(
        "liqiang",
        "上海恒达影音设备有限公司",
        "恒达影音",
        "上海市徐汇区宜山路 407 号",
        (("孙经理", "市场部", "021-55510201"),),
        "朋友介绍",
        spend_fen=6_000_000,
    ),
    Firm("liqiang", "上海天籁音响有限公司", "天籁音响", "上海市徐汇区肇嘉浜路 1065 号", (("张总", "总经理", "021-55510301"),), spend_fen=8_600_000),
    Firm("liqiang", "上海曾氏灯光工程有限公司", "曾氏灯光", "上海市静安区江场路 1228 号", (("曾先生", "老板", "021-55510401"),), "行业展会"),
    Firm("liqiang", "上海东方视讯科技有限公司", "东方视讯", "上海市静安区共和新路 3088 号", (("何小姐", "市场部", "021-55510501"),)),
    Firm("liqiang", "上海雅声专业音响厂", "雅声", "上海市静安区彭江路 602 号", (("厂长老徐", "厂长", "021-55510601"),), "朋友介绍"),
    Firm("liqiang", "上海乐韵乐器有限公司", "乐韵", "上海市浦东新区张杨路 500 号", (("单经理", "经理", "021-55510701"),), spend_fen=2_400_000),
    Firm("liqiang", "上海华光投影设备有限公司", "华光投影", "上海市浦东新区金桥路 939 号", (("解工", "技术部", "021-55510801"),), "行业展会"),
    Firm("liqiang", "上海新视界会议系统有限公司", "新视界", "上海市浦东新区碧波路 690 号", (("钱经理", "销售总监", "021-55510901"),)),
    Firm(
        "liqiang",
        "深圳市声威电子有限公司",
        "声威电子",
        "深圳市宝安区新安街道 71 区",
        (("黄小姐", "广告部", "0755-5551001"),),
        "行业展会",
        local=False,
        spend_fen=4_800_000,
    ),
    Firm("liqiang", "杭州西湖音视频有限公司", "西湖音视频", "杭州市西湖区文三路 478 号", (("吴经理", "经理", "0571-5551101"),), local=False),
    Firm("zhangmin", "上海锦绣舞台设备有限公司", "锦绣舞台", "上海市杨浦区国定路 323 号", (("马经理", "采购", "021-55511201"),)),
    Firm("zhangmin", "上海恒达灯具有限公司", "恒达灯具", "上海市杨浦区翔殷路 128 号", (("朱经理", "市场部", "021-55511301"),), "其他"),
    Firm("zhangmin", "广州珠江音响集团", "珠江音响", "广州市番禺区迎宾路 15 号", (("梁先生", "品牌部", "020-55511401"),), "行业展会", local=False),
    Firm("zhaolei", "上海龙腾显示技术有限公司", "龙腾显示", "上海市闵行区剑川路 951 号", (("丁经理", "经理", "021-55511501"),)),
    Firm("zhaolei", "上海华东精工机械有限公司", "华东精工", "上海市闵行区都会路 1699 号", (("袁小姐", "行政", "021-55511601"),), "朋友介绍"),
)
DAY = (
    Visit("09:30", "华东精密", "续约，剩 12 天", ("合同 1 份",)),
    Visit("10:30", "恒达影音", "送书 3 本", ("书 3 本",)),
    Visit("11:15", "天籁音响", "报价", ("报价单",)),
    Visit("13:00", "曾氏灯光", "介绍版位", ("书 1 本",)),
    Visit("13:45", "东方视讯", "续约", ("合同 1 份",)),
    Visit("14:30", "雅声", "送书 2 本", ("书 2 本",)),
    Visit("15:15", "乐韵", "收款"),
    Visit("16:00", "华光投影", "谈新广告", ("报价单",)),
    Visit("16:45", "新视界", "第一次拜访", ("名片",)),
)


def people() -> tuple[Colleague, ...]:
    return (*COLLEAGUES, *(Colleague(one.account, one.name, one.role, team="") for one in demo_station.HANDS))


def build(conn: Connection, today: date) -> None:
    """On an empty, migrated database; `today` is the demo's day. The database's mark is the server's to set."""
    calendar = Calendar(FIRM_ZONE)
    now = calendar.at(today, OPENS)
    ids = {one.account: _join(conn, one, today) for one in COLLEAGUES}
    desks = {account: World(conn, person_id=id, now=now, zone=FIRM_ZONE, via="demo") for account, id in ids.items()}
    for one in COLLEAGUES:
        if one.greeted:
            desks[one.account].mark_greeted()
    for id in demo_station.build(conn, today):
        World(conn, person_id=id, now=now, zone=FIRM_ZONE, via="demo").mark_greeted()
    for name, value in CALLED.items():
        desks["wu"].set_rule(name, value, today)
    known = {firm.nickname: _customer(desks[firm.rep], firm) for firm in CUSTOMERS}
    demo_handouts.build(desks, known, today, calendar)
    desk = desks["liqiang"]
    for visit in DAY:
        at = calendar.at(today, visit.at)
        desk.open_case("appointment", "planned", customer=known[visit.customer], at=at, about=visit.about, bring=list(visit.bring))
    promised = calendar.at(today, "18:00")
    promise = desk.open_case("promise", "open", customer=known["天籁音响"], at=promised, what="报价", to="张总")
    desk.remind("promise", str(promise.id), remind_at(promised, now), case=promise.id)


def _join(conn: Connection, one: Colleague, today: date) -> int:
    id = staff.add(conn, Listed(one.account, one.name, one.team))
    since = today if not one.greeted else today.replace(month=1, day=1)
    team_id = staff.add_team(conn, one.team) if one.team else 0
    staff.give_role(conn, id, one.role, since, team_id=team_id)
    return id


def _customer(desk: World, firm: Firm) -> int:
    made = desk.add_customer(firm.name, local=firm.local, source=firm.source, nickname=firm.nickname, address=firm.address, spend_fen=firm.spend_fen)
    for name, post, phone in firm.contacts:
        desk.add_contact(made.id, name, post, phone)
    return made.id
