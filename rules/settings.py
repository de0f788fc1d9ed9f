"""What a firm may set, in its own words, each with what holds unless something is said (A-1.1, A-3.3.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rules import cells, complaints, customers, deliveries, exhibitions, money, needs, prospects, statements, touches
from rules.errors import RuleBroken
from rules.repairs import jobs, register

Kind = Literal["minutes", "days", "time", "count", "fen", "choice", "yesno", "times", "text", "lines", "rising", "phone"]
GROUPS = ("公司", "上下班和日志", "提醒", "客户", "要求和答复", "月度数据", "维修", "备份")
UNITS: Mapping[Kind, str] = {"minutes": "分钟", "days": "天", "fen": "元"}
_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
LONGEST_LINE, MOST_LINES = 60, 40


@dataclass(frozen=True, slots=True)
class Setting:
    """`times` is a span like 21:00-07:30, or ""; `lines` a list, one a line. `least` and `most` count signs in a text."""

    name: str
    label: str
    group: str
    kind: Kind
    default: Any
    help: str = ""
    least: int | None = None
    most: int | None = None
    choices: tuple[tuple[str, str], ...] = ()

    def read(self, typed: str) -> Any:
        """The value as it is kept; RuleBroken in words when it cannot be one."""
        return _READ[self.kind](self, typed.strip())

    def typed(self, value: Any) -> str:
        """As it stands in the field."""
        if self.kind == "lines":
            return "\n".join(value)
        if self.kind == "rising":
            return "、".join(map(str, value))
        if self.kind == "fen":
            return money.exact(int(value)).replace(",", "")
        if self.kind == "yesno":
            return "1" if value else "0"
        return str(value)

    def shown(self, value: Any) -> str:
        """In words: 20 分钟, 晚上 21:00 到第二天 07:30, 不设."""
        if self.kind == "lines":
            return "、".join(value) or "不设"
        if self.kind == "rising":
            return f"{'、'.join(map(str, value))} 分钟"
        if self.kind == "yesno":
            return "是" if value else "否"
        if self.kind == "choice":
            return dict(self.choices).get(str(value), str(value))
        if self.kind == "times":
            return str(value).replace("-", " 到 ") or "不设"
        unit = UNITS.get(self.kind, "")
        return f"{self.typed(value)} {unit}".strip() or "不设"


def _broken(text: str) -> RuleBroken:
    return RuleBroken("A-1.1", text)


def _whole(setting: Setting, typed: str) -> int:
    if not re.fullmatch(r"\d{1,9}", typed):
        raise _broken(f"「{setting.label}」要填一个数字。")
    value = int(typed)
    if (setting.least is not None and value < setting.least) or (setting.most is not None and value > setting.most):
        raise _broken(f"「{setting.label}」要在 {setting.least} 到 {setting.most} 之间。")
    return value


def _money(setting: Setting, typed: str) -> int:
    value = money.read(typed)
    if value is None:
        raise _broken(f"「{setting.label}」要填金额，例如 35.00。")
    if (setting.least is not None and value < setting.least) or (setting.most is not None and value > setting.most):
        raise _broken(f"「{setting.label}」要在 {money.exact(setting.least or 0)} 到 {money.exact(setting.most or 0)} 元之间。")
    return value


def _clock(setting: Setting, typed: str) -> str:
    found = _TIME.fullmatch(typed)
    if found is None:
        raise _broken(f"「{setting.label}」要写成 09:30 这样的时间。")
    return f"{int(found[1]):02d}:{found[2]}"


def _span(setting: Setting, typed: str) -> str:
    if not typed:
        return ""
    parts = re.split(r"\s*(?:-|－|—|–|~|～|到|至)+\s*", typed)
    if len(parts) != 2 or not all(_TIME.fullmatch(part) for part in parts):
        raise _broken(f"「{setting.label}」要写成 21:00-07:30 这样，不要的话留空。")
    first, last = (_clock(setting, part) for part in parts)
    if first == last:
        raise _broken(f"「{setting.label}」开始和结束不能一样，不要的话留空。")
    return f"{first}-{last}"


def _text(setting: Setting, typed: str) -> str:
    value = " ".join(typed.split())
    if len(value) > (setting.most or 200):
        raise _broken(f"「{setting.label}」最多 {setting.most or 200} 个字。")
    if len(value) < (setting.least or 0):
        raise _broken(f"「{setting.label}」还没有填。")
    return value


def _telephone(setting: Setting, typed: str) -> str:
    """Customers and tenants are told to ring it: what is no number is refused, nothing at all is allowed."""
    try:
        return cells.telephone(_text(setting, typed)) if typed else ""
    except cells.Faulty as faulty:
        raise _broken(f"「{setting.label}」{faulty}") from None


def _lines(setting: Setting, typed: str) -> list[str]:
    lines = list(dict.fromkeys(" ".join(line.split()) for line in re.split(r"[\n、，,；;]+", typed) if line.strip()))
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise _broken(f"「{setting.label}」最多 {MOST_LINES} 行，每行 {LONGEST_LINE} 个字。")
    if len(lines) < (setting.least or 0):
        raise _broken(f"「{setting.label}」至少要有 {setting.least} 行。")
    return lines


def _rising(setting: Setting, typed: str) -> list[int]:
    """1、3、5: as many as there are now, each later than the one before."""
    found = [int(one) for one in re.findall(r"\d{1,4}", typed)]
    if len(found) != len(setting.default) or found != sorted(set(found)) or not found[0]:
        raise _broken(f"「{setting.label}」要写 {len(setting.default)} 个数字，一个比一个大，例如 {setting.typed(setting.default)}。")
    if setting.most is not None and found[-1] > setting.most:
        raise _broken(f"「{setting.label}」最大 {setting.most} 分钟。")
    return found


def _choice(setting: Setting, typed: str) -> str:
    if typed not in dict(setting.choices):
        raise _broken(f"「{setting.label}」请从列出的里选一个。")
    return typed


def _yesno(setting: Setting, typed: str) -> bool:
    return typed == "1"


_READ: Mapping[Kind, Any] = {
    "minutes": _whole,
    "days": _whole,
    "count": _whole,
    "fen": _money,
    "time": _clock,
    "times": _span,
    "text": _text,
    "phone": _telephone,
    "lines": _lines,
    "rising": _rising,
    "choice": _choice,
    "yesno": _yesno,
}


def _table(settings: Iterable[Setting]) -> Mapping[str, Setting]:
    return {one.name: one for one in settings}


SETTINGS: Mapping[str, Setting] = _table(
    (
        Setting("firm_name", "公司名称", "公司", "text", "", "客户看得到：写在给客户的页面和单据上。", most=40),
        Setting("firm_phone", "公司电话", "公司", "phone", "", "客户有疑问时打这个电话，请写客户已经知道的号码。", most=40),
        Setting("opens", "上班时间", "上下班和日志", "time", "09:00", "没有另写上下班的同事，都按公司的。"),
        Setting("closes", "下班时间", "上下班和日志", "time", "18:00", "交日志、交单据的提醒从下班时间往前算。"),
        Setting("morning_before", "早上的安排提前多久发", "上下班和日志", "minutes", 20, "在市场员上班前多少分钟发。", 0, 180),
        Setting("log_first", "第一次提醒交日志", "上下班和日志", "minutes", 60, "下班前多少分钟。", 20, 240),
        Setting("log_second", "第二次提醒交日志", "上下班和日志", "minutes", 15, "下班前多少分钟，只提醒还没交的人。", 5, 19),
        Setting("digest_after", "每天的汇总什么时候发", "上下班和日志", "minutes", 20, "下班后多少分钟，发给主管和经理。", 0, 180),
        Setting("quiet_hours", "夜里不打扰", "提醒", "times", "21:00-07:30", "这段时间不发提醒，过后再发。不要的话留空。"),
        Setting("bag", "出门总要带的东西", "提醒", "lines", ["报价单", "名片"], "写在早上的安排里，一行一样。"),
        Setting(
            "checklist",
            "出门前的提醒",
            "提醒",
            "text",
            "出门前：仪容整洁，已预约，负责人和广告投入心里有数。",
            "写在早上的安排最后。不要的话留空。",
            most=60,
        ),
        Setting("import_undo_days", "导入后几天内可以撤回", "客户", "days", 7, "整个导入的名单，在这么多天内可以一次撤回。", 1, 60),
        Setting("silent_days", "多少天没联系算太久", "客户", "days", customers.SILENT_AFTER, "超过这么多天没有拜访或电话，早上会提醒。", 3, 180),
        Setting("undated_days", "没定下次联系多久后提醒", "客户", "days", touches.UNDATED_AFTER, "上次联系后这么多天还没定下次，早上会提醒。", 1, 60),
        Setting("survey_days", "调查客户给几天", "客户", "days", prospects.SURVEY_DAYS, "指派客户时的默认期限，指派时可以另写。", 1, 90),
        Setting("survey_facts", "调查客户要了解什么", "客户", "lines", list(prospects.FACTS), "一行一项，指派时可以增减。", least=1),
        Setting("complaint_days", "客户意见几天要有结果", "客户", "days", complaints.COMPLAINT_DAYS, "超过还没处理，会提醒主管。", 1, 30),
        Setting("delivery_days", "出刊后几个工作日内把书送到", "客户", "days", deliveries.DAYS, "没有单独写送到日期的期刊按这个算。", 1, 15),
        Setting("exhibition_days", "展会前几个工作日开始提醒", "客户", "days", exhibitions.BEFORE, "早上的卡片里提醒，并带上要见的客户。", 1, 15),
        Setting("proposal_days", "外地客户的方案几天内给", "要求和答复", "days", needs.PROPOSAL_DAYS, "经理在这么多个工作日内拿出方案。", 0, 15),
        Setting("need_answer_days", "有了方案几天内答复客户", "要求和答复", "days", needs.ANSWER_DAYS, "市场员在这么多个工作日内答复。", 0, 15),
        Setting("statement_day", "每月几号发数据单", "月度数据", "count", statements.DAY, "下个月的这一天，遇休息日顺延。", 1, 25),
        Setting("statement_time", "数据单几点发", "月度数据", "time", statements.AT, ""),
        Setting(
            "dispatch_how",
            "登记报修后怎么派",
            "维修",
            "choice",
            "suggest",
            "紧急的不论选哪种，都马上发给在班的全部师傅。",
            choices=(("suggest", "推荐人选，客服按一下派"), ("assign", "直接派给最合适的师傅"), ("offer", "发给在班的师傅，先接先得")),
        ),
        Setting(
            "job_accept_minutes", "派出后几分钟没人接算超时", "维修", "minutes", register.ACCEPT_WITHIN, "先催，再发给大家，再报片区经理。", 2, 120
        ),
        Setting("way_minutes", "接单后一般几分钟到", "维修", "minutes", 25, "租户来问时，这样算预计几点到。", 5, 240),
        Setting("emergency_words", "哪些话算紧急", "维修", "lines", list(jobs.SHOUTED), "报修里有这些词，就按紧急办。一行一个。", least=1),
        Setting("emergency_minutes", "紧急没人接，几分钟后往上报", "维修", "rising", [1, 3, 5], "依次是：后备师傅、片区经理、站长。", most=30),
        Setting("fee_pending_minutes", "收费有疑问，客服几分钟内答复", "维修", "minutes", register.FEE_WITHIN, "", 5, 240),
        Setting(
            "public_signer",
            "公共设施、空置房的维修单谁签字",
            "维修",
            "choice",
            "reporter",
            "这类单子没有租户签字。",
            choices=tuple(jobs.SIGNERS.items()),
        ),
        Setting(
            "free_home_paper",
            "入户免费维修用哪张单",
            "维修",
            "choice",
            "009",
            "收费的总是用有偿服务维修单。",
            choices=(("009", "公共设施设备维修单"), ("010", "有偿服务维修单")),
        ),
        Setting("tenant_complaint_days", "租户意见几天要有结果", "维修", "days", register.COMPLAINT_DAYS, "超过还没处理，在报修台上标出来。", 1, 30),
        Setting("consent_signature_above", "多少元以上的报价要签名同意", "维修", "fen", 0, "到这个金额，客户同意报价时也要签名。写 0 就是不用。", 0),
        Setting("backup_at", "每天几点备份", "备份", "time", "03:00", "大家可以照常用；服务器那时要开着。"),
        Setting("backup_daily", "保留最近多少天的备份", "备份", "count", 14, "每天留最后一份。", 1, 365),
        Setting("backup_weekly", "另外保留多少周的备份", "备份", "count", 8, "每周留最后一份。", 1, 260),
    )
)


def default(name: str) -> Any:
    return SETTINGS[name].default
