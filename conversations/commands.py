"""What people type to be shown something: 今天, 日志, 查 华东, 怎么做, 请假, 菜单; no slashes needed (A-1.5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from conversations import dayplan, handoutwords, howto, leavewords, listed, menu, timeline, turns, words
from conversations.actions import (
    days,
    deskwords,
    figures,
    logs,
    muting,
    office,
    oneself,
    papers,
    papersin,
    pursuit,
    pursuitwords,
    staffcommands,
    starting,
    stationwords,
)
from conversations.actions import keeping as kept
from conversations.desk import Desk
from conversations.followups import compact
from conversations.lexicon import NEW
from conversations.registry import BY_NAME
from conversations.types import Prompt, Said
from conversations.words import plain

A_MOMENT = timedelta(minutes=10)
Command = Callable[[Desk, Said], None]

HELLO = ("你好", "您好", "hi", "hello", "在吗", "在", "早", "早上好", "下午好", "晚上好", "嗨", "/start", "开始")
THANKS = ("谢谢", "多谢", "谢谢你", "谢谢您", "感谢", "辛苦了", "谢了", "3q")
FINE = ("好", "好的", "嗯", "嗯嗯", "知道了", "收到", "ok", "行", "可以", "明白", "了解", "没问题", "对", "是", "是的")
BYE = ("再见", "拜拜", "下班了", "晚安")
WHICH = ("查", "查客户", "查询", "查询客户", "查找客户", "找客户", "看客户", "查一下客户")
# What stands in the channels' menus: typed or tapped there it is meant, whatever is being asked.
MENU = ("今天", "明天", "记拜访", "记电话", "新客户", "约客户", "继续", "写日志", "日志", "今天的日志", "菜单")
_FIND = re.compile(r"(?:查一?下?|查询|查找|搜索?|找一?下?客户|看看客户)\s*[:：]?\s*(?P<who>\S.{0,59})", re.DOTALL)
_HOW = re.compile(r"(?P<before>.{0,20}?)(?:怎么做|怎么办|怎么弄|如何做|怎么算|怎么填|该怎么|规定|规则)(?P<after>.{0,20})", re.DOTALL)
_START: Mapping[str, str] = {
    "拜访": "CustomerVisit",
    "记拜访": "CustomerVisit",
    "走访": "CustomerVisit",
    "走访表": "CustomerVisit",
    "客户走访表": "CustomerVisit",
    "电话": "PhoneCall",
    "打电话": "PhoneCall",
    "记电话": "PhoneCall",
    "电话记录": "PhoneCall",
    "新客户": "NewCustomer",
    "登记客户": "NewCustomer",
    "新增客户": "NewCustomer",
    "约客户": "Appointment",
    "预约": "Appointment",
    "答应": "Promise",
    "答应的事": "Promise",
    "先记": "ParkedRequest",
    "客户要求": "ParkedRequest",
    "特殊要求": "ParkedRequest",
    **dict.fromkeys(("记送书", "送书记录"), "BookDelivery"),
    **dict.fromkeys(("写方案", "推广方案", "宣传方案", "宣传策划", "策划方案", "宣传策划方案"), "PromotionPlan"),
    **dict.fromkeys(("盖章", "记盖章", "盖章文件", "盖章合同", "合同盖章"), "StampedPaper"),
    **dict.fromkeys(("执照", "营业执照", "记执照", "登记执照", "证照"), "Certificate"),
    "记投诉": "Complaint",
    "下次": "NextTouch",
    "下次联系": "NextTouch",
    "指派客户": "NameProspect",
    "指派潜在客户": "NameProspect",
}


def always(desk: Desk, said: Said) -> bool:
    """Commands that are no answer to any question: they do not disturb the form that is open."""
    text = said.text.strip()
    if not text or len(text) > 80:
        return False
    if deskwords.always(desk, said):
        return True
    if plain(text) in WHICH:
        desk.say(timeline.which(desk))
        return True
    if found := _FIND.fullmatch(text):
        asked = found["who"].strip(" 」「。")
        desk.say(listed.search(desk, asked) or timeline.search(desk, asked))
        return True
    if handoutwords.always(desk, said):
        return True
    how = _HOW.fullmatch(text)
    if how and len(text) <= 30:
        _how(desk, f"{how['before']}{how['after']}".strip(" 的，。？?"))
        return True
    return False


def between(desk: Desk, said: Said) -> bool:
    """Commands that would be words in a Text question: only taken when no words are asked for."""
    word = plain(said.text)
    command = _WORDS.get(word)
    if command is not None:
        command(desk, said)
        return True
    return (
        staffcommands.written(desk, said)
        or deskwords.written(desk, said)
        or pursuitwords.written(desk, said)
        or muting.written(desk, said)
        or handoutwords.written(desk, said)
        or figures.written(desk, said)
        or leavewords.written(desk, said)
    )


def of_menu(desk: Desk, said: Said) -> bool:
    """A word of the menu while a form is open: the form waits."""
    return plain(said.text) in MENU and (between(desk, said) or starts(desk, said))


def starts(desk: Desk, said: Said) -> bool:
    """A form begun by its name, or a new customer by theirs."""
    text, word = said.text.strip(), plain(said.text)
    if word in _START:
        turns.begin(desk, said, BY_NAME[_START[word]])
        return True
    if found := NEW.fullmatch(text):
        name = found["name"].split("\n")[0].strip(" ，,。")
        turns.begin(desk, said, BY_NAME["NewCustomer"], typed=name)
        return True
    return False


def alone(desk: Desk, said: Said) -> bool:
    """With nothing open: be polite."""
    text, word = said.text.strip(), plain(said.text)
    if word in THANKS or word in BYE or word in FINE:
        desk.say(Prompt("不客气。" if word in THANKS else "您忙。" if word in BYE else "好的。"))
        return True
    if (command := words.command(text)) is not None and not command.rest:
        if command.verb == "edit":
            _fix_last(desk, said)
        elif command.verb == "file" and (paper := _just_filed(desk)):
            desk.say(Prompt(f"《{BY_NAME[paper].title}》已经存下了，这张卡片不用再点。"))
        else:
            desk.say(menu.of(desk, [*desk.paused_sessions()], lead="现在没有正在填的。"))
        return True
    if word in HELLO:
        desk.say(menu.of(desk, [*desk.paused_sessions()], lead=f"{desk.me.name}，您好。"))
        return True
    return False


def _just_filed(desk: Desk) -> str:
    """The form of the record filed a moment ago: where cards are words, its button may be written twice."""
    mine = desk.papers(person=desk.me.id, day=desk.calendar.day_of(desk.now), limit=1)
    return mine[0].form if mine and desk.now - mine[0].filed_at < A_MOMENT else ""


def _how(desk: Desk, about: str) -> None:
    topic = howto.topic_of(about, desk.me.roles) if about else None
    desk.say(howto.shown(topic) if topic else howto.contents(desk.me.roles))


def _resume(desk: Desk, said: Said) -> None:
    waiting = desk.paused_sessions()
    if not waiting:
        desk.say(menu.of(desk, [], lead="没有放着没填完的。"))
        return
    turns.resume(desk, said, waiting[0])


def _log_now(desk: Desk, said: Said) -> None:
    """日志 and 交日志 alike: shown first, because what is missing should be seen. Who writes none is shown the others'."""
    (logs.log if "rep" in desk.me.roles else days.today)(desk, said)


def _missing(desk: Desk, said: Said) -> None:
    """Whose logs are missing, also for who only stands in; for a rep, one's own."""
    if desk.me.roles & {"supervisor", "manager"}:
        desk.say(dayplan.of_boss(desk, desk.calendar.day_of(desk.now)))
    else:
        _log_now(desk, said)


def _tomorrow(desk: Desk, said: Said) -> None:
    days.day(desk, said, compact(desk.calendar.day_of(desk.now) + timedelta(days=1)))


def _yesterday_log(desk: Desk, said: Said) -> None:
    logs.log(desk, said, compact(desk.calendar.day_of(desk.now) - timedelta(days=1)))


def _not_me(desk: Desk, said: Said) -> None:
    oneself.notme(desk, said)


def _mute(desk: Desk, said: Said) -> None:
    oneself.mute(desk, said, "2")


def _last(desk: Desk, said: Said, action: str) -> None:
    """撤回, 改上一条: the record filed last today."""
    day = desk.calendar.day_of(desk.now)
    mine = [one for one in desk.papers(person=desk.me.id, day=day, limit=20) if one.state == "filed" and one.form in _START.values()]
    if not mine:
        desk.say(Prompt("今天还没有存下的记录。"))
        return
    (papers.undo if action == "undo" else papers.fix)(desk, said, str(mine[0].id))


def _undo_last(desk: Desk, said: Said) -> None:
    _last(desk, said, "undo")


def _fix_last(desk: Desk, said: Said) -> None:
    _last(desk, said, "fix")


_WORDS: Mapping[str, Command] = {
    **dict.fromkeys(("今天", "今日", "今天安排", "看今天", "日程", "行程"), days.today),
    **dict.fromkeys(("明天", "明天安排"), _tomorrow),
    **dict.fromkeys(("出发", "路上出发", "下一家", "路上"), days.route),
    **dict.fromkeys(("日志", "工作日志", "今天的日志", "看日志", "写日志", "日报"), _log_now),
    **dict.fromkeys(("交日志", "交工作日志", "交日报"), _log_now),
    **dict.fromkeys(("昨天的日志", "昨天日志"), _yesterday_log),
    **dict.fromkeys(("谁没交", "未交", "没交的", "谁没交日志"), _missing),
    **dict.fromkeys(("菜单", "menu", "/menu", "功能", "能做什么", "帮助", "help", "/help", "?"), starting.show_menu),
    **dict.fromkeys(("对单", "对账单", "核对单据"), papersin.compare),
    **dict.fromkeys(("交单", "交单子", "我要交单"), papersin.card),
    **dict.fromkeys(("报修记录表", "记录表", "报修表"), papersin.register),
    **dict.fromkeys(("钥匙", "钥匙在哪里"), papersin.key_list),
    **dict.fromkeys(("发钥匙", "给钥匙"), papersin.key_out),
    **dict.fromkeys(("管理制度", "制度", "行为规范", "员工制度"), stationwords.show_rules),
    **dict.fromkeys(("继续", "接着填", "接着来", "继续填"), _resume),
    **dict.fromkeys(("试一次", "试一试", "试试"), starting.trial),
    **dict.fromkeys(("这不是我", "我不是", "不是我"), _not_me),
    **dict.fromkeys(("是我", "我是本人", "是本人"), oneself.mine),
    **dict.fromkeys(("网页版", "电脑上用", "电脑版", "用电脑", "在电脑上用"), oneself.web),
    **dict.fromkeys(("办公", "后台", "管理", "设置", "办公页面"), office.enter),
    **dict.fromkeys(("用文字", "文字版", "不用卡片"), oneself.as_text),
    **dict.fromkeys(("用卡片", "卡片版"), oneself.as_cards),
    **dict.fromkeys(("别提醒", "先别提醒", "别吵"), _mute),
    **dict.fromkeys(("静音", "静音设置", "提醒设置"), muting.show),
    **dict.fromkeys(("恢复提醒", "取消静音"), muting.back),
    **dict.fromkeys(("我的数据", "本月", "本月数据", "数据", "成绩", "我的成绩"), figures.sheet),
    **dict.fromkeys(("上月", "上月数据", "上个月"), figures.last_month),
    **dict.fromkeys(("漏斗", "客户漏斗"), figures.funnel),
    **dict.fromkeys(("渠道", "来源", "客户来源"), figures.sources),
    **dict.fromkeys(("潜在客户", "调查表", "客户调查表", "客户调查"), pursuit.prospects),
    **dict.fromkeys(("投诉", "客户投诉", "客户意见", "看投诉", "投诉清单"), pursuit.listed),
    **dict.fromkeys(("跟踪表", "客户跟踪表", "跟踪"), kept.track),
    **dict.fromkeys(("关系", "客户关系"), kept.relation),
    **dict.fromkeys(("撤回", "撤回上一条", "删掉上一条", "撤销", "删除", "删掉", "删掉刚才的", "记错了", "刚才记错了", "刚才那个记错了"), _undo_last),
    **dict.fromkeys(("改上一条", "更正", "改刚才那条"), _fix_last),
}
