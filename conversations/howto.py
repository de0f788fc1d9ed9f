"""怎么做: the rule in plain words and the next step, by topic and by whose work it is (A-1.5; A-1 to A-3, A-4.4.6, C-4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from conversations import tokens
from conversations.types import Option, Prompt


@dataclass(frozen=True, slots=True)
class Topic:
    """`next` is a button: what to do now."""

    key: str
    title: str
    words: tuple[str, ...]  # what people write for it
    rule: str
    clauses: str
    next: tuple[str, str] = ("", "")  # label, action


STATION = frozenset({"technician", "service_desk", "area_manager", "station_master", "property_manager", "asset_management"})
ALL = Topic(
    "five",
    "干活前先弄清五件事",
    ("五件事", "须知", "守则", "基本"),
    "在哪里做、什么时候做、谁来做、对谁做、怎么做。任务卡上都写着，不清楚就问。",
    "A-1",
    ("今天", "today"),
)
TOPICS = (
    Topic(
        "before",
        "拜访前",
        ("拜访前", "准备", "预约", "着装", "带什么", "要带"),
        "先约好时间，了解对方的组织、负责人和广告费；衣着整洁。带上宣传册、书、合同、报价单、名片、招商函。",
        "A-3.3.2",
        ("约客户", "start.Appointment"),
    ),
    Topic(
        "visit",
        "拜访",
        ("拜访", "走访", "上门", "面访", "走访表"),
        "本地客户当面拜访，每次填客户走访表：见了谁、谈了什么、有什么需求、答应何时答复。一句话就能记，照片可以后补。",
        "A-3.3.3、A-3.3.6",
        ("记拜访", "start.CustomerVisit"),
    ),
    Topic(
        "call",
        "外地客户和电话",
        ("电话", "外地", "电话记录"),
        "外地客户平时打电话、展会上见面。每次记电话记录；客户有需求就转经理出方案，到了按时答复客户，记下客户怎么说。两边的时间都看得到。",
        "A-3.3.3、A-3.3.7",
        ("记电话", "start.PhoneCall"),
    ),
    Topic(
        "new",
        "新客户",
        ("新客户", "开发", "登记", "来源", "渠道"),
        "来源有行业杂志、行业展会、朋友介绍和其他。登记时写清来源、本地还是外地、联系人和广告费；先查有没有重名。",
        "A-3.1、A-3.3.2",
        ("登记新客户", "start.NewCustomer"),
    ),
    Topic(
        "request",
        "客户的特殊要求",
        ("降价", "优惠", "打折", "版位", "特殊要求", "请示", "要求"),
        "拿不准的先不答应，也不当着客户打电话问公司。说“我回去问了尽快答复您”，在这里先记下；离开后转经理，答复了马上告诉客户。",
        "A-4.4.6",
        ("先记下要求", "start.ParkedRequest"),
    ),
    Topic(
        "seal",
        "合同盖章和执照",
        ("盖章", "公章", "印章", "合同章", "执照", "骑缝章"),
        "合同先请客户盖公章，带回公司主管和经理审过，公司再盖章。印章、合同对方和营业执照上的名称要一字不差。"
        "拍照时靠近印章，发送时勾选“原图”；当场看清楚，不清楚就再拍一张。",
        "A-4.1、A-4.4.2、A-4.4.10",
        ("盖章文件", "start.StampedPaper"),
    ),
    Topic(
        "log",
        "工作日志",
        ("日志", "日报", "交日志", "工作日志"),
        "每天下班前把工作日志和走访表交主管。日志由当天的记录自动写好，您看一眼，缺的补上，点一下就交。交了以后，主管签收前可以撤回。",
        "A-3.3.6",
        ("看今天的日志", "log"),
    ),
    Topic(
        "book",
        "送书",
        ("送书", "送刊", "招商函", "样刊"),
        "不论天气和个人情况，按时把书送到；当前的招商函、业务说明和书一起交，请客户签收。"
        "写一句“送书 恒达 3本 孙经理签收”，或发签收照片。没送到写原因，日期不变。",
        "A-3.2",
        ("看要送的书", "books"),
    ),
    Topic(
        "keep",
        "跟进老客户",
        ("跟进", "坚持", "沉默", "多久", "跟踪", "跟踪表", "下次", "关系", "信任"),
        "第一次接触后要锲而不舍。每次见完点一下下次什么时候联系，或写“下次 恒达 12月3日”；到那天和多天没联系的，早上一起提醒您。"
        "客户从戒备、接受到信任，每月记一次。写“跟踪表”看本地客户，“查 客户名”看全部来往。",
        "A-3.3.4、A-3.3.5、A-3.3.7",
        ("看跟踪表", "track"),
    ),
    Topic(
        "named",
        "指定的潜在客户",
        ("潜在", "指定客户", "调查", "调查表"),
        "部门指定的客户要全力以赴，按要求做完客户调查和资料收集，可以分几次填；问不到的写明原因。写“调查表”接着填。",
        "A-3.3.7",
        ("记拜访", "start.CustomerVisit"),
    ),
    Topic(
        "complaint",
        "客户有意见",
        ("投诉", "意见", "不满", "抱怨"),
        "客户至上。客户有意见，照原话记下，谁都可以记；先谢谢客户，说已经转给负责人。由主管去说清楚或解决，结果会告诉记的人。自己的不由自己来结。",
        "A-3.1.1",
        ("记一条", "start.Complaint"),
    ),
    Topic(
        "know",
        "要会介绍的内容",
        ("介绍", "业务知识", "版位价格", "发行量"),
        "网刊的服务项目、发行量、栏目、版位和价格、合同管理规定、今年的行业活动、新招商函、网络规划，都要能讲清楚。"
        "写“介绍 版位”看现在的内容，一点就能转给客户。",
        "A-3.4、A-3.5",
        ("看介绍", "intro"),
    ),
    Topic(
        "fair",
        "展会",
        ("展会", "展览", "参展"),
        "外地客户在展会上当面见。写“展会”看时间、地点，把要见的客户排好；见了记走访，结束后没见到的打电话。",
        "A-3.3.3",
        ("看展会", "fair"),
    ),
    Topic(
        "plan",
        "宣传策划方案",
        ("方案", "策划", "推广"),
        "按客户的情况出宣传方案：目的、对象、媒体和版位、预算、时间。客户要才写，签合同前给，写好能拿一份文字给客户看。",
        "A-3.5",
        ("写方案", "start.PromotionPlan"),
    ),
    Topic(
        "manners",
        "在客户面前说话",
        ("同行", "别家", "批评", "攻击", "竞争对手"),
        "只讲自己的服务，不批评、不攻击别的企业和杂志。客户问起别家，可以说：“各家有各家的做法，我把我们的给您讲清楚。”",
        "A-7.2",
    ),
    Topic(
        "pay",
        "怎么算成绩",
        ("绩效", "考核", "提成", "奖金", "工资"),
        "看结果：数量和质量，标准客观能查，有照片、位置或主管签收的才计入；投入的劳动作补充。提成和奖金按月结。",
        "A-2、A-3.3.6",
    ),
    ALL,
)
REPAIRS = (
    Topic(
        "door",
        "上门",
        ("上门", "敲门", "按铃", "没人应"),
        "按铃最多三次，没铃轻敲五下内。先问好、说来意，客户同意再进门。没人应就点〔没人应〕，拍一张门口，客服会再约。",
        "C-4.1.2",
    ),
    Topic(
        "indoors",
        "在客户家里",
        ("客户家里", "清理", "保护", "抽烟"),
        "轻声，不抽烟。挡路的轻轻挪开，怕脏的先盖好。修完把垃圾带走，弄脏的擦干净，东西放回原位，走时道谢。",
        "C-4.4、C-4.5.2、C-4.5.3、C-4.5.6",
    ),
    Topic(
        "support",
        "不会修",
        ("不会修", "求助", "支援", "没把握"),
        "没看明白先别拆、别换。没把握就点〔需要支援〕，您看到的会连照片一起给片区经理，他会联系您。求助不扣分。",
        "C-4.2.2、C-4.2.3",
    ),
    Topic(
        "charge",
        "收费的维修",
        ("收费", "报价", "价目表", "有偿"),
        "先看清楚，和客户说好怎么修，按价目表报价。客户点了同意才开工；中途要改，先改报价，请客户再同意一次。",
        "C-4.3",
    ),
    Topic(
        "dispute",
        "客户嫌贵",
        ("嫌贵", "争议", "费用", "有疑问"),
        "不用争。请客户打服务站电话，客服来说明和定。您可以先走，不算您的。",
        "C-4.5.5",
    ),
    Topic(
        "trials",
        "试用和签名",
        ("试用", "试三次", "签名", "签字", "不满意"),
        "修完至少试三次，有一次不行就再修。告诉客户平时注意什么，满意了请他签名。还不满意就再修，第二次起片区经理会来问。",
        "C-4.5.4、C-4.5.5",
    ),
    Topic(
        "urgent",
        "急修",
        ("急修", "紧急", "跑水", "漏电", "燃气", "困人"),
        "跑水、漏电、燃气、困人，在班的都会收到，五分钟内要到。谁先接谁去；去不了马上点〔去不了〕，好叫下一位。",
        "C-4.5.1",
    ),
    Topic(
        "papers",
        "下班交单",
        ("交单", "单据", "下班"),
        "下班前一小时告诉您还差什么，前半小时一点就交给客服，客服和报修记录核对。电子的自己对上，只有纸的要数张数。",
        "C-4.6",
    ),
    ALL,
)
BY_KEY = {topic.key: topic for topic in (*TOPICS, *REPAIRS)}


def topics(roles: Collection[str]) -> tuple[Topic, ...]:
    """Of one's own work; whoever has a part in both sees both."""
    station, sales = not STATION.isdisjoint(roles), not set(roles) <= STATION
    return tuple(dict.fromkeys((*(TOPICS if sales or not station else ()), *(REPAIRS if station else ()))))


def topic_of(words: str, roles: Collection[str]) -> Topic | None:
    """The topic whose words fit best: the longest one found in what was asked."""
    found = [(len(word), topic) for topic in topics(roles) for word in (*topic.words, topic.title) if word in words]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def contents(roles: Collection[str]) -> Prompt:
    return Prompt("想看哪一条？", tuple(Option(topic.title, tokens.of_action("how", topic.key)) for topic in topics(roles)))


def shown(topic: Topic) -> Prompt:
    label, action = topic.next
    verb, *args = action.split(".")
    steps = (Option(label, tokens.of_action(verb, *args), main=True),) if label else ()
    return Prompt(f"{topic.rule}\n（岗位规定 {topic.clauses}）", (*steps, Option("别的规定", tokens.of_action("how", "all"))), title=topic.title)
