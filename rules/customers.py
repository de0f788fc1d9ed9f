"""Where customers come from, how they are visited, when one is silent, which names are the same (A-3.1.2, A-3.3.3, A-3.3.5)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Literal

from rules.errors import RuleBroken

SOURCES = ("行业杂志", "行业展会", "朋友介绍", "其他")
SILENT_AFTER = 14  # days, setting "silent_days" (a house rule)

# What two spellings of one firm differ by: the place in front, the legal form and a filler at the end. Two signs have to be left.
_PLACE = re.compile(
    "^(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|"
    "广西|西藏|宁夏|新疆|香港|澳门|广州|深圳|东莞|佛山|杭州|宁波|苏州|无锡|南京|武汉|成都|青岛|厦门|中国)(?:省|市)?(?=..)"
)
_FORM = re.compile("(?<=..)(?:(?:集团)?(?:股份|责任|股份责任|有限责任|股份有限|有限)?(?:总|分)?公司|集团|工厂|厂)$")
_FILLER = re.compile("(?<=..)(?:科技|实业|贸易|商贸|技术|设备|发展)$")

LogForm = Literal["visit", "call"]


def log_form(local: bool) -> LogForm:
    """A local customer is visited and gets a 客户走访表, one out of town is phoned and gets a 电话记录 (A-3.3.3)."""
    return "visit" if local else "call"


def check_log_form(local: bool, form: LogForm, *, at_exhibition: bool = False) -> None:
    """Phoning a local customer is no offence; a visit out of town happens at exhibitions (A-3.3.3)."""
    if form == "visit" and not local and not at_exhibition:
        raise RuleBroken("A-3.3.3", "这是外地客户，平时记电话；在展会上见的面，请注明展会。")


def check_source(source: str) -> str:
    """The channel a customer came by, as listed (A-3.1.2)."""
    if source not in SOURCES:
        raise RuleBroken("A-3.1.2", "请选客户来源：" + "、".join(SOURCES) + "。")
    return source


def silent_since(last_touch: date, today: date, *, next_touch: date | None = None, after: int = SILENT_AFTER) -> int:
    """Days of silence once they are too many, else 0; an agreed next touch that has not passed speaks for the customer (A-3.3.5)."""
    if next_touch is not None and next_touch >= today:
        return 0
    days = (today - last_touch).days
    return days if days >= after else 0


def touch_by(last_touch: date, *, after: int = SILENT_AFTER) -> date:
    """The day by which somebody has to speak to the customer again (A-3.3.5)."""
    return last_touch + timedelta(days=after)


def normalise(name: str) -> str:
    """Width, case, brackets, spaces and signs do not make another firm."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")


def core(name: str) -> str:
    """The part that names the firm: 上海恒达影音设备有限公司 → 恒达影音. Never empty for a name that has letters."""
    return _FILLER.sub("", _FORM.sub("", _PLACE.sub("", normalise(name))))


def may_be_same(one: str, other: str) -> bool:
    """Worth asking "是不是同一家？": the same core, or one core (of two signs and more) within the other."""
    first, second = sorted((core(one), core(other)), key=len)
    if not first or not second:
        return False
    return first == second or (len(first) >= 2 and first in second)
