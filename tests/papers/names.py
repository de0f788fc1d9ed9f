"""Company names that belong to nobody, and the print between them: for drawn papers only."""

from __future__ import annotations

import numpy as np

CITIES = [
    "上海",
    "苏州市",
    "杭州",
    "宁波市",
    "无锡",
    "南京市",
    "东海市",
    "北京",
    "广州",
    "深圳市",
    "成都",
    "武汉市",
    "海口",
    "西安",
    "青岛市",
    "长沙",
    "重庆",
    "昆山市",
    "常州",
    "嘉兴市",
]
TRADES = [
    "广告",
    "传媒",
    "文化传播",
    "信息技术",
    "机械设备",
    "电子科技",
    "建筑装饰",
    "医疗器械",
    "商贸",
    "物业管理",
    "食品",
    "化工",
    "汽车服务",
    "精密仪器",
    "印务",
    "展览服务",
]
FORMS = ["有限公司"] * 7 + ["有限责任公司", "股份有限公司", "集团有限公司", "有限公司分公司"]
COMMON = "".join(bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF))
USUAL = (
    "瑞鑫恒达华盛东方正大天宏博远明辉信诚安泰兴隆金源鸿运佳美嘉禾永利德润锦程世纪海纳百川"
    "星辰云峰启航卓越新景苏申沪浦江虹桥静宝山青松闵行徐汇长宁普陀杨黄奉贤崇凯悦顺通康乐民"
    "生益友邦联合众创智慧科蓝天绿洲高登飞腾龙凤祥吉丰茂晨曦旭日中原北斗南洋西子湖畔"
)
PRINT = "甲乙双方经协商一致就广告发布事宜订立本合同发布费用为人民币元整付款方式期限版面位置尺寸颜色内容审查责任违约争议解决生效份数"


def company(dice: np.random.Generator) -> str:
    """City, two or three characters (one in four not a usual one in names), trade, legal form: 9 to 18 characters."""
    word = "".join(_sign(dice) for _ in range(int(dice.integers(2, 4))))
    return f"{dice.choice(CITIES)}{word}{dice.choice(TRADES)}{dice.choice(FORMS)}"


def _sign(dice: np.random.Generator) -> str:
    among = COMMON if dice.random() < 0.25 else USUAL
    return among[int(dice.integers(0, len(among)))]
