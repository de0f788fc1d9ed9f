"""Found by name, nickname, pinyin, initials and with a slip of the finger; own customers only."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, insert

from conversations.desk import NotAllowed
from storage import customers, search
from storage.database import Database
from storage.names import keys
from storage.tables import customer, owner
from storage.world import World
from tests.storage.firm import NOW, TODAY, Firm, in_firm

CUSTOMERS = (
    ("上海华东精密仪器有限公司", "华东精密"),
    ("上海恒达影音设备有限公司", "恒达影音"),
    ("上海曾氏灯光工程有限公司", "曾氏灯光"),
    ("单氏乐器有限公司", ""),
    ("ABC Audio (上海) 有限公司", "ABC"),
    ("100%音响_工厂", ""),
)


@pytest.fixture
def firm(database: Database) -> Firm:
    firm = in_firm(database)

    def unit(conn: Connection) -> None:
        for name, nickname in CUSTOMERS:
            firm.customers[nickname or name] = firm.desk(conn, "li").add_customer(name, local=True, nickname=nickname, source="行业展会").id

    database.write_now(unit)
    return firm


def find(database: Database, firm: Firm, account: str, query: str, source: str = "customers", **more: int) -> list[str]:
    return database.read_now(lambda conn: [found.label for found in firm.desk(conn, account).find(source, query, **more)])


@pytest.mark.parametrize("account", ["li", "lin"])  # narrowed by the owners' index, and by the name alone
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("华东", "华东精密"),
        ("华东精密仪器", "华东精密"),
        ("精密", "华东精密"),
        ("hdjm", "华东精密"),
        ("HDYY", "恒达影音"),
        ("shhdyy", "恒达影音"),
        ("huadong", "华东精密"),
        ("yingyin", "恒达影音"),
        ("zengshi", "曾氏灯光"),
        ("zsdg", "曾氏灯光"),
        ("abc", "ABC"),
        ("ａｂｃ", "ABC"),
        ("audio", "ABC"),
        ("华东 精密", "华东精密"),
        ("恒达影视", "恒达影音"),
        ("100%", "100%音响_工厂"),
        ("响_工", "100%音响_工厂"),
    ],
)
def test_found(database: Database, firm: Firm, account: str, query: str, first: str) -> None:
    assert find(database, firm, account, query)[:1] == [first]


def test_a_surname_is_read_as_one() -> None:
    spelt = {name: keys(name, surname=True, widths=(160, 40)) for name in ("曾小明", "单雄信", "解缙", "尉迟恭", "李强")}
    assert spelt["曾小明"] == {"pinyin": "zengxiaoming", "initials": "zxm"}
    assert (spelt["单雄信"]["pinyin"], spelt["解缙"]["initials"], spelt["尉迟恭"]["pinyin"]) == ("shanxiongxin", "xj", "yuchigong")
    assert keys("李强", "强哥", surname=True, widths=(9, 40)) == {"pinyin": "liqiang q", "initials": "lq qg"}


def test_nothing_like_it_is_not_found(database: Database, firm: Firm) -> None:
    for query in ("钢铁", "xyz", "%", "_x", "/"):
        expected = ["100%音响_工厂"] if query == "%" else []
        assert find(database, firm, "lin", query) == expected
        assert find(database, firm, "li", query) == expected


def test_somebody_elses_is_not_found_but_known_as_taken(database: Database, firm: Firm) -> None:
    assert find(database, firm, "zhang", "华东") == []
    assert find(database, firm, "sun", "华东") == []
    assert find(database, firm, "chen", "华东") == ["华东精密"]

    def similar(conn: Connection) -> list[tuple[str, str]]:
        return [(found.label, found.detail) for found in firm.desk(conn, "zhang").similar_customers("华东精密仪器厂")]

    assert database.read_now(similar) == [("上海华东精密仪器有限公司", "李强")]
    assert database.read_now(lambda conn: list(firm.desk(conn, "zhang").similar_customers("完全另一家"))) == []


def test_whom_one_goes_to_today_comes_first_then_whom_one_saw_last(database: Database, firm: Firm) -> None:
    def day(conn: Connection) -> None:
        desk = firm.desk(conn, "li")
        desk.file("CustomerVisit", 1, {}, customer=firm.customers["ABC"])
        desk.open_case("appointment", "planned", customer=firm.customers["曾氏灯光"], at=NOW)

    database.write_now(day)
    listed = find(database, firm, "li", "", limit=3)
    assert listed[:2] == ["曾氏灯光", "ABC"]
    assert find(database, firm, "li", "", offset=1, limit=2) == ["ABC", listed[2]]
    assert find(database, firm, "li", "上海", offset=0, limit=2) + find(database, firm, "li", "上海", offset=2, limit=9) == find(
        database, firm, "li", "上海", limit=20
    )


def test_the_same_name_is_one_customer(database: Database, firm: Firm) -> None:
    def add(account: str) -> int:
        return database.write_now(lambda conn: firm.desk(conn, account).add_customer(" 上海华东精密仪器有限公司 ", local=True).id)

    assert add("li") == firm.customers["华东精密"]
    with pytest.raises(NotAllowed, match="已经在册，由李强负责"):
        add("zhang")


def test_a_customer_as_it_was_entered(database: Database, firm: Firm) -> None:
    def enter(desk: World) -> int:
        made = desk.add_customer("上海乐韵有限公司", local=True, source="行业展会", address="上海市浦东新区张杨路 500 号", spend_fen=120000)
        for name, post, phone in (("单经理", "经理", ""), ("解工", "", "138"), ("单经理", "", "139")):
            desk.add_contact(made.id, name, post, phone)
        return made.id

    id = database.write_now(lambda conn: enter(firm.desk(conn, "li")))
    made = database.read_now(lambda conn: firm.desk(conn, "li").customer(id))
    assert made is not None
    assert (made.district, made.source, made.spend_fen, made.owner_id, made.short) == ("浦东新区", "行业展会", 120000, firm.people["li"], made.name)
    assert made.contacts == (("单经理", "经理", "139"), ("解工", "", "138"))
    assert find(database, firm, "li", "shan", f"contacts:{id}") == ["单经理"]
    assert find(database, firm, "li", "", f"contacts:{id}") == ["单经理", "解工"]
    assert find(database, firm, "zhang", "", f"contacts:{id}") == []


def test_colleagues(database: Database, firm: Firm) -> None:
    assert find(database, firm, "li", "zm", "colleagues") == ["张敏"]
    assert "李强" not in find(database, firm, "li", "", "colleagues", limit=50)
    assert find(database, firm, "zhang", "li", "colleagues")[:1] == ["李强"]
    label = database.read_now(lambda conn: firm.desk(conn, "li").label("colleagues", firm.people["chen"]))
    assert label == "陈主管"
    assert find(database, firm, "li", "x", "nothing") == []


@pytest.mark.parametrize(
    ("address", "district"),
    [
        ("上海市徐汇区漕溪北路 88 号", "徐汇区"),
        ("徐汇区宜山路", "徐汇区"),
        ("上海市浦东新区张杨路", "浦东新区"),
        ("浙江省杭州市西湖区文三路", "西湖区"),
        ("上海徐汇区宜山路", "徐汇区"),
        ("人民路 1 号", ""),
    ],
)
def test_the_district_in_an_address(address: str, district: str) -> None:
    assert customers.district_of(address) == district


def test_the_database_narrows_the_whole_firms_list(database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    def many(conn: Connection) -> None:
        rows = [{"id": 1000 + n, "name": f"第{n}电子有限公司", "local": True, "since": TODAY, "pinyin": "x", "initials": "x"} for n in range(1000)]
        conn.execute(insert(customer), rows)
        conn.execute(insert(owner), [{"customer_id": row["id"], "person_id": firm.people["zhao"], "since": TODAY} for row in rows])

    database.write_now(many)
    ranked = 0
    score = search.score

    def counted(asked: str, line: search.Line[object]) -> float:
        nonlocal ranked
        ranked += 1
        return score(asked, line)

    monkeypatch.setattr(search, "score", counted)
    assert find(database, firm, "lin", "第777电子")[:1] == ["第777电子有限公司"]
    assert 0 < ranked <= customers.NARROWED
    ranked = 0
    assert find(database, firm, "lin", "hdjm") == ["华东精密"]
    assert ranked < 10
