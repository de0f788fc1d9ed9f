"""What reps write when they note a visit, a call, a promise in one line: verbs, people, promises, needs."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["visit", "call", "promise", "request", "appointment", "delivery", "stamped"]

# A record begins with one of these, at the start of a piece. Longer words first; 收款 stays in the talk: it is also what was done.
_VERBS: tuple[tuple[Kind, str], ...] = (
    ("call", "(?:打了?个?|通了?个?)?电话(?:拜访|联系|沟通|回访)了?"),
    ("call", "(?:打了?个?|通了?个?|回了?个?|接了?个?)电话给?(?!号码|单)"),
    ("call", "(?:电话|致电|来电|电联|通话|打给)(?!号码|单)了?[:：]?"),
    ("visit", "(?:去|到|又|再|刚|刚刚|已)?(?:拜访|走访|拜望|回访|探访|上门|到访|面访)了?[:：]?"),
    ("visit", "(?:刚|刚刚|刚才)?(?:去了|到了|跑了|见了客户)(?!电话)"),
    ("visit", "(?=(?:送样刊|收款)(?:\\s|给|到))"),
    ("delivery", "(?:送书|送刊)(?:了|给|到)*[:：]?(?=\\s|[\u4e00-\u9fff])"),
    ("stamped", "(?:已|刚)?盖(?:好|完)?了?章了?(?:文件|的)?[:：]?(?=\\s|[\u4e00-\u9fff])"),
    ("promise", "(?:已)?(?:答应|承诺)了?"),
    ("request", "(?:先记|特殊要求|先记下|客户要求)[:：]?"),
)
VERBS = tuple((kind, re.compile(pattern)) for kind, pattern in _VERBS)
CALLED = (
    re.compile(r"(?:给|跟|和|与)(?P<who>[^，。,；;\s]{2,20}?)(?:打了?个?|通了?个?|回了?个?)(?:电话|话)"),
    re.compile(r"(?:打|回|接)了?(?P<who>(?!个?电话)[^，。,；;\s]{2,20}?)的?电话"),
)
LEAD = re.compile(r"(?:\d{1,2}[.、)）]|[①-⑨]|[-·•*])?\s*(?:(?:请|麻烦)?(?:帮我|替我)记(?:一下|下)?|我)?[，,：:]?\s*(?:刚才|刚刚)?\s*")

_TITLE = (
    "总经理|副总|经理|总监|主任|总|主管|科长|部长|处长|厂长|老板娘|老板|先生|女士|小姐|工程师|工|师傅|会计|出纳|"
    "秘书|助理|董事长|董|校长|院长|店长|站长|大姐|姐|哥"
)
_SURNAME = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊"
    "秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤]"
)
MET = re.compile(
    rf"(?:见了|见到了?|见的?是?|找了?|接待的?是?|和|跟|与|对方是?)?(?P<who>{_SURNAME}[\u4e00-\u9fff]{{0,2}}?(?:{_TITLE})"
    rf"|[老小]{_SURNAME}(?=[说谈聊讲收签问想要在不没和跟]|[，,。；;\s]|$))(?![\u4e00-\u9fff]{{0,2}}公司)"
)
MET_SAID = re.compile(r"见了?(?P<who>[^，。,；;\s]{2,12})")
WITH = re.compile(r"^(?:见了|见到了?|见的?是?|找了?|和|跟|与|对方是?)")
TALKED = re.compile(r"^(?:谈|聊|说|讨论|沟通)")
CONTENT = re.compile(r"^内容[:：]?\s*")
NEED = re.compile(r"^(?:客户|对方|他们?|他)?(?:想要?|希望|需要|要求|要(?!带|来|走)|能不能|可不可以|需求[:：]?)")
PROMISED = re.compile(r"(?:我)?(?:答应|承诺|保证|说好|(?<=我)(?:跟|和)?(?:他|她|他们|客户)?[说讲](?![服明到过]))了?(?:他们?|客户|对方)?")
REPLY = re.compile(r"(?:之?前|内|以前|给|再|要)*(?:答复|回复|回话|回电|给.{0,2}答复|给.{0,2}回话)(?:他们?|客户|对方)?")
OWED = re.compile(
    r"\s*(?:之?前|内|再|要|得|会)*\s*(?:答复|回复|回话|回电|[给出发回](?:他|她|您|客户|对方|.{0,10}?(?:报价|方案|答复|回话|电话|发票|样刊|资料|信)))"
)
GIVE = re.compile(r"^(?:要|再|会)?给?(?:他们?|她|客户|对方)?")
BEFORE = re.compile(r"^\s*(?:之前|以前|前(?!台)|以内|内)")
FUTURE = re.compile(r"约(?:了|好了?|在|定|的)?|预约|计划|打算|安排|准备去?|要去")
LEAVE = re.compile(r"(?:想|要|我要|申请)?(?:请(?:个|一天|半天|两天|三天)?假|休假|调休|请病假|请事假|休息)(?:一天|半天|1天)?")
NEW = re.compile(r"(?:新客户|新增客户|新建客户|开发了?(?:新客户)?|登记客户)[:：]?\s*(?P<name>.*)", re.DOTALL)
SPLIT = re.compile(r"[\n；;。]+")
PIECE = re.compile(r"[，,、\s]+")
TAGS = ("续约", "报价", "收款", "投诉", "送书")
ABSENT = re.compile(r"\s*(?:不在|没在|没见|出差|请假|休假|没空)")
EMPTY = re.compile(r"(?:刚|刚刚|刚才|我)?(?:从?\s*(?:出来|回来)|去|到|见|从|在|打了?|的)?\s*了?\s*")
GOING = re.compile(r"(?:刚|刚才|刚刚|我)?(?:去了?|到了?|在|从|给|跟|和|回)")
AFTER = re.compile(
    r"(?:了|那边|那里|那儿|家|公司|出来|回来|电话|来电|打来|已|没|不|今天|明天|后天|改|取消|推|的)|(?:送|收|拿|交|签|看|催|给|要|问|介绍|约)(?:了|过|\d|书|刊|样|合同|报价|款|名片|一下)"
)
ARRIVED = re.compile(r"(?:我|刚|刚刚|刚才|已经?|现在|人)*(?:到|去|来|在)了?$")
CALLS = re.compile(r"\s*(?:那边|公司)?\s*(?:打?来了?个?电话|打电话[过来]*|来电|电话)(?!号码|单)了?[:：]?")
COUNTED = re.compile(r"(?:约|共|差不多)?[\d一二两三四五六七八九十几好]+多?[家个](?:客户|单位|公司)?")
WISHED = re.compile(r"(?:客户|对方|他们?|她们?)?(?:要求|希望|想要?|需要|要)$")
BY_HAND = re.compile(r"(?:收|签)(?:的|了|下)")  # 孙经理收的: the name stays in the sentence
MADE = re.compile(r"约|预约")
AGREED = re.compile(r"(?<![续合签契邀])约(?:好|了|定|在|我|我们)*\s*$")  # 和解工约好明天上午看样
FAIR = re.compile("展会|展览|会展|展位|展台|展上|博览会")
