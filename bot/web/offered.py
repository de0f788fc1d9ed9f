"""What the page offers each role before anything is said: the drawer's words and an example (A-1.5)."""

from __future__ import annotations

from collections.abc import Collection

from bot.web.wire import MenuItem
from conversations.actions.office import MAY

_TODAY, _FIND, _HOW = MenuItem("今天", say="今天"), MenuItem("查客户", fill="查 "), MenuItem("怎么做", say="怎么做")
_OFFICE, _RULES, _JOBS = MenuItem("办公", say="办公"), MenuItem("管理制度", say="管理制度"), MenuItem("单子", say="单子")
_JOB = MenuItem("查单", fill="查单 ")
_REP = (_TODAY, MenuItem("记拜访", say="记拜访"), MenuItem("记电话", say="记电话"), MenuItem("日志", say="日志"), _FIND)
_CHIEF = (_TODAY, MenuItem("谁没交", say="谁没交"), MenuItem("成绩", say="成绩"), _FIND)
_DESK = (MenuItem("登记报修", say="登记报修"), _JOBS, _JOB, _RULES)
_TECHNICIAN = (MenuItem("我的单", say="我的单"), MenuItem("求助", say="求助"), _RULES)
_STATION = (_JOBS, _JOB, _RULES)
# The first that fits says what the empty page offers.
_PARTS = (
    (frozenset({"rep"}), _REP, "直接发一句话就行，例如：", "拜访 华东精密 王经理 谈续约"),
    (frozenset({"supervisor", "manager"}), _CHIEF, "要您签收和答复的会发到这里。也可以写一句，例如：", "谁没交"),
    (frozenset({"technician"}), _TECHNICIAN, "派的单会发到这里，点一点、拍张照就行。也可以写：", "我的单"),
    (frozenset({"service_desk", "area_manager"}), _DESK, "有人报修，写一句就登记，例如：", "报修 阳光苑3-502 厨房水龙头漏水"),
    (frozenset({"station_master", "property_manager", "asset_management"}), _STATION, "要您办的会发到这里。也可以写一句，例如：", "单子"),
    (frozenset({"admin"}), (), "管人员、改设置、导入名单，写一句：", "办公"),
)
_REST = ("要您办的会发到这里。也可以写一句，例如：", "怎么做")


def menu(roles: Collection[str]) -> list[MenuItem]:
    """Each word once, what one's own work needs first."""
    mine = [item for part, items, _, _ in _PARTS if not part.isdisjoint(roles) for item in items]
    office = [_OFFICE] if not MAY.isdisjoint(roles) else []
    return list(dict.fromkeys((*mine, *office, _HOW)))


def welcome(roles: Collection[str]) -> tuple[str, str]:
    """The line on a page where nothing was said yet, and the example under it."""
    return next(((line, example) for part, _, line, example in _PARTS if not part.isdisjoint(roles)), _REST)
