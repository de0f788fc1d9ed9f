"""The firm's lists as they come in Excel: which columns each has, what else people call them, by what a line is known again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rules.people import ROLES

Kind = Literal["text", "name", "code", "phone", "money", "day", "time", "choice", "choices"]
Choices = Mapping[str, tuple[str, ...]]  # what is kept, and how else it is written


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    label: str
    kind: Kind = "text"
    also: tuple[str, ...] = ()
    needed: bool = False
    most: int = 200
    choices: Choices = field(default_factory=dict)
    example: str = ""
    note: str = ""
    carries: bool = False  # an empty cell means the one above: merged cells


@dataclass(frozen=True, slots=True)
class List:
    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    also: tuple[str, ...] = ()  # names of sheets
    note: str = ""

    def column(self, name: str) -> Column:
        return next(one for one in self.columns if one.name == name)


C = Column
_ROLES: Choices = {title: (key,) for key, title in ROLES.items()} | {
    "市场员": ("rep", "业务员", "销售", "销售员", "客户经理", "客户服务专员", "业务"),
    "部门主管": ("supervisor", "主管", "组长", "部门经理"),
    "经理": ("manager", "总经理", "市场部经理"),
    "财务部": ("finance", "财务", "会计", "出纳"),
    "客服专员": ("service_desk", "客服"),
    "维修人员": ("technician", "维修", "维修员", "维修工", "师傅"),
    "系统管理员": ("admin", "管理员", "行政"),
}
_LOCAL: Choices = {"本地": ("是", "本市", "市内", "当地", "同城", "1"), "外地": ("否", "外埠", "异地", "外省", "市外", "0")}
_NOTE = C("note", "备注", also=("说明", "附注", "其他说明"))
_MEDIUM = C(
    "medium",
    "媒体全称",
    also=("媒体", "媒体名称", "刊物", "刊名", "杂志", "网站"),
    needed=True,
    most=120,
    example="商情广告·影音商务网",
    carries=True,
    note="要和媒体表里的全称一样，不用简称。",
)

PEOPLE = List(
    "people",
    "人员",
    (
        C("name", "姓名", "name", ("名字", "员工姓名", "员工", "人员", "同事"), True, 80, example="李强"),
        C(
            "phone",
            "手机号",
            "phone",
            ("手机", "电话", "联系方式", "联系电话", "手机号码", "电话号码", "移动电话"),
            most=40,
            example="13800010001",
            note="用来认人：有了手机号，改名也不会重复。",
        ),
        C(
            "account",
            "企业微信账号",
            "code",
            ("账号", "帐号", "userid", "企微账号", "企业微信", "企微", "企业微信id", "用户名"),
            most=64,
            example="liqiang",
            note="企业微信后台“通讯录”里的账号（userid）。没有可以空着。",
        ),
        C("team", "部门", "text", ("团队", "所在部门", "组", "小组", "所属部门", "班组"), most=80, example="市场一部"),
        C(
            "roles",
            "角色",
            "choices",
            ("职务", "岗位", "职位", "身份", "权限"),
            most=200,
            choices=_ROLES,
            example="市场员",
            note="可以写几个，用顿号隔开。",
        ),
        C("opens", "上班时间", "time", ("上班", "开始时间", "到岗时间", "上班时刻"), example="09:00"),
        C("closes", "下班时间", "time", ("下班", "结束时间", "离岗时间", "下班时刻"), example="18:00"),
        C("joined_on", "入职日期", "day", ("入职", "入职时间", "到岗日期", "参加工作日期"), example="2024-03-01"),
    ),
    ("account", "phone", "name"),
    ("员工", "人员名单", "通讯录", "花名册", "员工名单", "人员名册"),
    "每人一行。市场员和部门主管要写部门。",
)
CUSTOMERS = List(
    "customers",
    "客户",
    (
        C(
            "name",
            "客户名称",
            "text",
            ("客户", "公司", "公司名称", "单位名称", "单位", "企业名称", "客户全称", "企业", "客户单位", "名称"),
            True,
            120,
            example="上海华东精密仪器有限公司",
            note="写全称。一家有几位联系人，就写几行，公司名可以只写一次。",
            carries=True,
        ),
        C("nickname", "简称", "text", ("客户简称", "公司简称", "别名"), most=60, example="华东精密"),
        C(
            "local",
            "本地外地",
            "choice",
            ("本地/外地", "本地或外地", "客户类别", "地区类别", "是否本地", "本外地", "类别", "区域"),
            choices=_LOCAL,
            example="本地",
        ),
        C(
            "owner",
            "负责人",
            "name",
            ("业务员", "市场员", "客户经理", "所属业务员", "归属", "负责业务员", "跟进人", "所有人"),
            most=80,
            example="李强",
            note="写人员表里的姓名；重名就写手机号或企业微信账号。",
        ),
        C("contact", "联系人", "name", ("联系人姓名", "对接人", "广告负责人", "客户联系人"), most=60, example="王经理"),
        C("post", "联系人职务", "text", ("职务", "职位", "部门职务"), most=60, example="广告负责人"),
        C(
            "phone",
            "联系电话",
            "phone",
            ("手机号", "电话", "联系方式", "手机", "电话号码", "手机号码", "联系人电话"),
            most=40,
            example="021-55510101",
        ),
        C(
            "source",
            "客户来源",
            "choice",
            ("来源", "来源渠道", "渠道"),
            choices={
                "行业杂志": ("杂志", "期刊", "刊物"),
                "行业展会": ("展会", "展览", "展览会"),
                "朋友介绍": ("介绍", "转介绍", "熟人", "熟人介绍"),
                "其他": ("其它", "网络", "电话"),
            },
            example="行业杂志",
        ),
        C("address", "地址", "text", ("公司地址", "详细地址", "联系地址", "单位地址"), example="上海市徐汇区漕溪北路 88 号"),
        C("district", "区县", "text", ("区", "所在区", "片区", "行政区"), most=40, example="徐汇区"),
        C("spend_fen", "年广告费（元）", "money", ("年广告费", "广告费", "广告投入", "年投入", "年广告投入", "广告预算"), example="120,000.00"),
    ),
    ("name",),
    ("客户名单", "客户表", "客户资料", "客户信息", "公司客户"),
    "每位联系人一行。",
)
UNITS = List(
    "units",
    "房屋和租户",
    (
        C("estate", "小区", "text", ("楼盘", "小区名称", "项目", "物业", "社区", "楼宇"), True, 80, example="阳光苑", carries=True),
        C("building", "楼号", "code", ("楼栋", "栋", "幢", "楼", "号楼", "楼栋号", "门牌"), most=40, example="3 号楼", carries=True),
        C("room", "房号", "code", ("室", "房间", "房间号", "单元", "室号", "单元号", "铺位"), True, 40, example="502"),
        C("station", "服务站", "text", ("所属服务站", "站点", "租赁服务站"), most=80, example="徐汇服务站"),
        C("address", "地址", "text", ("详细地址", "房屋地址", "坐落"), example="徐汇区宜山路 100 弄"),
        C("tenant", "租户", "name", ("租户姓名", "租客", "承租人", "住户", "租户名称", "业主"), most=80, example="刘女士"),
        C("phone", "租户电话", "phone", ("电话", "联系电话", "手机号", "手机", "联系方式"), most=40, example="13800010002"),
        C("let_from", "起租日期", "day", ("起租", "租期开始", "开始日期", "合同开始"), example="2026-01-01"),
        C("let_until", "到期日期", "day", ("到期", "租期结束", "结束日期", "合同到期", "租约到期"), example="2026-12-31"),
        _NOTE,
    ),
    ("estate", "building", "room"),
    ("房屋", "租户", "房源", "楼盘", "房屋清单", "租户名单"),
    "每套房一行。",
)
PRICES = List(
    "prices",
    "价目表",
    (
        C(
            "version",
            "版本",
            "text",
            ("价目版本", "版次"),
            True,
            40,
            example="2026 年 10 月版",
            carries=True,
            note="也可以只写在表头上面的标题里。旧版本一直留着，不会被覆盖。",
        ),
        C("code", "编号", "code", ("代码", "项目编号", "编码", "项目代码"), True, 40, example="A01"),
        C("item", "项目", "text", ("名称", "项目名称", "维修项目", "服务项目", "收费项目", "材料名称"), True, 120, example="更换 4 分球阀"),
        C("per", "单位", "text", ("计量单位", "计价单位"), most=20, example="个"),
        C("fen", "单价（元）", "money", ("单价", "价格", "收费标准", "金额", "单价元", "收费"), True, example="35.00"),
        C("since", "生效日期", "day", ("执行日期", "起用日期", "启用日期"), example="2026-10-01"),
        _NOTE,
    ),
    ("version", "code"),
    ("价目", "价格表", "收费价格一览表", "有偿维修服务收费价格一览表", "收费标准"),
    "每个项目一行。",
)
MEDIA = List(
    "media",
    "媒体",
    (
        C("name", "媒体全称", "text", ("媒体", "媒体名称", "全称", "名称", "刊名"), True, 120, example="商情广告·影音商务网"),
        C("short", "简称", "text", ("媒体简称",), most=60, example="影音商务网"),
        C("kind", "类别", "choice", ("类型", "媒体类别"), choices={"网站": ("网", "网络"), "期刊": ("刊", "杂志", "刊物", "书")}, example="网站"),
        _NOTE,
    ),
    ("name",),
    ("媒体名单", "媒体表"),
)
POSITIONS = List(
    "positions",
    "版位",
    (
        _MEDIUM,
        C("name", "版位", "text", ("版位名称", "广告位", "位置", "栏目", "广告位置"), True, 80, example="封二"),
        C("size", "尺寸", "text", ("规格", "大小", "尺寸规格"), most=60, example="210×285 mm"),
        C("fen", "刊例价（元）", "money", ("价格", "刊例价", "单价", "报价", "金额"), example="12,000.00"),
        C("per", "计价单位", "text", ("单位",), most=20, example="期"),
        _NOTE,
    ),
    ("medium", "name"),
    ("版位表", "版位价格", "广告位"),
)
ISSUES = List(
    "issues",
    "刊期",
    (
        _MEDIUM,
        C("number", "期号", "code", ("刊期", "期数", "期次", "期"), True, 40, example="2026 年第 12 期"),
        C("closes_on", "截稿日期", "day", ("截稿", "截稿日", "截稿时间", "收稿截止"), example="2026-11-20"),
        C("publishes_on", "出版日期", "day", ("出版", "出刊日期", "出刊", "上刊日期", "发行日期", "出版日"), example="2026-12-01"),
        C("deliver_by", "送书截止", "day", ("送书期限", "送书日期", "送书截止日期", "送达截止", "送书"), example="2026-12-08"),
        _NOTE,
    ),
    ("medium", "number"),
    ("刊期表", "出版计划", "期刊"),
)
CONTRACTS = List(
    "contracts",
    "在行合同",
    (
        C("number", "合同编号", "code", ("合同号", "编号", "合同"), True, 60, example="HT-2026-018"),
        C(
            "customer",
            "客户名称",
            "text",
            ("客户", "公司名称", "单位名称", "甲方", "广告主", "公司"),
            True,
            120,
            example="上海华东精密仪器有限公司",
            note="要和客户表里的名称一样。",
        ),
        C("medium", "媒体全称", "text", ("媒体", "媒体名称", "刊物", "刊名"), most=120, example="商情广告·影音商务网"),
        C("position", "版位", "text", ("版位名称", "广告位", "位置"), most=80, example="封二"),
        C("since", "开始日期", "day", ("起始日期", "开始", "合同开始", "起"), example="2026-01-01"),
        C("until", "结束日期", "day", ("到期日期", "到期", "终止日期", "合同到期", "截止日期", "止"), True, example="2026-12-31"),
        C("fen", "合同金额（元）", "money", ("合同金额", "金额", "总金额", "合同总额"), example="48,000.00"),
        C("open_fen", "未收金额（元）", "money", ("未收金额", "未收", "未付", "欠款", "应收余额", "余款", "未结金额"), example="12,000.00"),
        _NOTE,
    ),
    ("number",),
    ("合同", "合同表", "合同清单", "执行中合同"),
)

ORDER = (PEOPLE, CUSTOMERS, UNITS, PRICES, MEDIA, POSITIONS, ISSUES, CONTRACTS)  # each may name what stands in one before it
LISTS: Mapping[str, List] = {one.name: one for one in ORDER}
FILES: Mapping[str, tuple[List, ...]] = {  # the six files an admin fills in
    "people": (PEOPLE,),
    "customers": (CUSTOMERS,),
    "units": (UNITS,),
    "prices": (PRICES,),
    "media": (MEDIA, POSITIONS, ISSUES),
    "contracts": (CONTRACTS,),
}
TITLES: Mapping[str, str] = {
    "people": "人员和班次",
    "customers": "客户、联系人和负责人",
    "units": "楼、房和租户",
    "prices": "维修价目表",
    "media": "媒体、版位和刊期",
    "contracts": "正在执行的合同",
}
