"""An admin's six Excel files as they lie on the disk: headings of their own, titles above, merged cells, twelve faulty rows."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

FAULTY = 12
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = ("伟", "敏", "静", "强", "磊", "军", "洋", "勇", "艳", "杰")
TEAMS = ("市场一部", "市场二部", "市场三部")
MEDIUM = "商情广告·影音商务网"
JOURNAL = "影音商情（月刊）"


def book(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    """Sheets of rows; dates as Excel's serials, texts as texts."""
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    day = made.add_format({"num_format": "yyyy/m/d"})
    for name, rows in sheets:
        sheet = made.add_worksheet(name)
        for at, row in enumerate(rows):
            for nth, cell in enumerate(row):
                _put(sheet, at, nth, cell, day)
    made.close()
    return target.getvalue()


def _put(sheet: Any, at: int, nth: int, cell: Any, day: Any) -> None:
    if isinstance(cell, date | datetime):
        sheet.write_datetime(at, nth, cell, day)
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(at, nth, cell)
    elif cell not in (None, ""):
        sheet.write_string(at, nth, str(cell))


def names(count: int) -> list[str]:
    return [SURNAMES[n % 20] + GIVEN[n // 20 % 10] + ("" if n < 200 else GIVEN[n % 10]) for n in range(count)]


def people(count: int = 30, faulty: bool = True) -> bytes:
    """A title, an empty row, odd headings, telephones as numbers and with spaces; two faulty rows beyond `count`."""
    rows: list[list[Any]] = [
        ["×× 公司员工花名册（2026 年）"],
        [],
        ["员工姓名", "联系方式", "企微账号", "所属部门", "岗位", "上班", "下班", "入职时间", "生日"],
    ]
    for n, name in enumerate(names(count)):
        phone = 13_800_010_000 + n
        told: Any = (phone, f"{phone}"[:3] + " " + f"{phone}"[3:7] + " " + f"{phone}"[7:], f"+86 {phone}")[n % 3]
        team = TEAMS[n % 3]
        post = "主管" if n < 3 else "经理" if n == 3 else "财务" if n == 4 else "业务员"
        spaced = f"{name[0]} {name[1:]}" if n % 7 == 5 else name
        joined: Any = (date(2024, 3, 1 + n % 28), f"2024年3月{1 + n % 28}日", f"2024/3/{1 + n % 28}")[n % 3]
        rows.append([spaced, told, f"worker{n:02}" if n % 2 else "", team, post, "9:00", 0.75, joined, "不要的列"])
    if faulty:
        rows.append(["钱电话", "1380001", "qiandh", TEAMS[0], "业务员", "9:00", "18:00", "", ""])
        rows.append(["孙岗位", 13_900_000_001, "sungw", TEAMS[0], "飞行员", "9:00", "18:00", "", ""])
    return book(("花名册", rows), ("说明", [["这一页是说明，不用导入"]]))


def customers(count: int = 200, faulty: bool = True) -> bytes:
    """Several contacts a customer with the name written once, 1.2万, two faulty rows."""
    owners = names(30)
    rows: list[list[Any]] = [["单位名称", "简称", "本地/外地", "业务员", "对接人", "职务", "电话", "来源渠道", "公司地址", "年投入"]]
    for n in range(count):
        area = ("本市", "外埠")[n % 5 == 4]
        spend: Any = (120_000, "1.2万", "¥36,000.00", "")[n % 4]
        channel = ("杂志", "展会", "转介绍", "其它")[n % 4]
        rows.append(
            [
                f"上海第{n:03}客户有限公司",
                f"客户{n:03}",
                area,
                owners[5 + n % 25],
                "王经理",
                "经理",
                f"021-5551{n:04}",
                channel,
                "上海市徐汇区漕溪北路 88 号",
                spend,
            ]
        )
        if n % 10 == 0:
            rows.append(["", "", "", "", "刘会计", "财务", 13_700_000_000 + n, "", "", ""])
    if faulty:
        rows.append(["上海没人管有限公司", "", "本市", "查无此人", "", "", "", "", "", ""])
        rows.append(["上海价不对有限公司", "", "本市", owners[6], "", "", "", "杂志", "", "很多"])
    return book(("客户资料", rows))


def units(count: int = 60, faulty: bool = True) -> bytes:
    rows: list[list[Any]] = [["楼盘", "楼栋", "房间号", "租客", "手机", "起租", "到期"]]
    for n in range(count):
        start: Any = (date(2026, 1, 1), "2026.1.1", "2026年1月1日")[n % 3]
        rows.append(
            [
                "阳光苑" if n % 20 == 0 else "",
                "" if n % 20 else f"{n // 20 + 1} 号楼",
                501 + n % 20,
                f"租户{n}",
                13_600_000_000 + n,
                start,
                date(2026, 12, 31),
            ]
        )
    if faulty:
        rows.append(["阳光苑", "9 号楼", "", "没有房号", "", "", ""])
        rows.append(["阳光苑", "9 号楼", "901", "日子不对", "", "2026-12-31", "2026-01-01"])
    return book(("租户名单", rows))


def prices(count: int = 20, faulty: bool = True) -> bytes:
    rows: list[list[Any]] = [["有偿维修服务收费价格一览表（2026 年 10 月版）"], ["项目编号", "维修项目", "计量单位", "收费标准（元）", "备注"]]
    for n in range(count):
        rows.append([f"A{n:02}", "更换 4 分球阀" if n == 0 else f"维修项目{n}", "个", 35 if n == 0 else 10 + n, ""])
    if faulty:
        rows.append(["A90", "价格多一位小数", "个", 1.234, ""])
        rows.append(["A91", "没有价格", "个", "", ""])
    rows.append(["合计", "", "", 9999, ""])
    return book(("Sheet1", rows))


def media(faulty: bool = True) -> bytes:
    positions: list[list[Any]] = [
        ["媒体", "广告位", "规格", "刊例价"],
        [JOURNAL, "封二", "210×285 mm", 12_000],
        ["", "封三", "210×285 mm", "1万"],
        [MEDIUM, "首页横幅", "1200×120", 3000],
    ]
    issues: list[list[Any]] = [["刊名", "期数", "截稿日", "出版日", "送书期限"]]
    issues += [[JOURNAL, f"2026 年第 {n} 期", date(2026, n - 1, 20), date(2026, n, 1), date(2026, n, 8)] for n in range(2, 13)]
    if faulty:
        positions.append(["没有的杂志", "封底", "", ""])
        issues.append([JOURNAL, "2026 年第 13 期", "2026-13-01", "", ""])
    return book(
        ("媒体", [["媒体名称", "简称", "类型"], [MEDIUM, "影音网", "网"], [JOURNAL, "影音商情", "杂志"]]), ("版位", positions), ("刊期", issues)
    )


def contracts(count: int = 40, faulty: bool = True) -> bytes:
    rows: list[list[Any]] = [["合同号", "广告主", "刊物", "广告位", "起", "止", "总金额", "未付"]]
    for n in range(count):
        rows.append(
            [f"HT-2026-{n:03}", f"上海第{n:03}客户有限公司", JOURNAL, "封二", date(2026, 1, 1), date(2026, 12, 31), 48_000, 12_000 if n % 2 else 0]
        )
    if faulty:
        rows.append(["HT-2026-900", "不认识的公司", JOURNAL, "封二", "2026-01-01", "2026-12-31", 1, 0])
        rows.append(["HT-2026-901", "上海第001客户有限公司", JOURNAL, "封二", "2026-01-01", "2026-12-31", 100, 200])
    return book(("合同清单", rows))


def six(faulty: bool = True) -> Mapping[str, bytes]:
    """By file name, in the order an admin would bring them in; twelve faulty rows in all."""
    return {
        "花名册.xlsx": people(faulty=faulty),
        "客户资料.xlsx": customers(faulty=faulty),
        "租户.xlsx": units(faulty=faulty),
        "收费价格一览表.xlsx": prices(faulty=faulty),
        "媒体版位刊期.xlsx": media(faulty=faulty),
        "合同清单.xlsx": contracts(faulty=faulty),
    }
