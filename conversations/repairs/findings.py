"""What a technician usually finds, and what the customer is told afterwards, by trade (C-4.3.2a, C-4.5.4b)."""

from __future__ import annotations

from collections.abc import Mapping

USUAL: Mapping[str, tuple[str, ...]] = {
    "water": ("接口漏水", "阀门坏了", "水管破了", "下水堵了", "龙头坏了", "马桶漏水", "水表漏水", "没查出问题"),
    "power": ("跳闸", "开关坏了", "插座坏了", "灯坏了", "线路老化", "电表问题", "短路", "没查出问题"),
    "gas": ("接口漏气", "阀门坏了", "软管老化", "灶具问题", "报警器坏了", "热水器问题", "表具问题", "没查出问题"),
    "door": ("锁芯坏了", "合页松了", "门变形", "窗关不上", "玻璃破了", "闭门器坏了", "把手坏了", "没查出问题"),
    "lift": ("门不关", "按钮坏了", "异响", "停在半层", "灯坏了", "困人已放出", "要厂家来", "没查出问题"),
    "other": ("墙面破损", "地面破损", "漏雨", "家具损坏", "设备故障", "卫生问题", "要另请专业", "没查出问题"),
}


def usual(trade: str) -> tuple[str, ...]:
    return USUAL.get(trade, USUAL["other"])


PRECAUTIONS: Mapping[str, str] = {
    "water": "今天留意接口，\n漏水就打服务站。",
    "power": "跳闸别硬推，\n有焦味先断电。",
    "gas": "闻到气味先关阀，\n开窗，打服务站。",
    "door": "别用力硬拧，\n发涩就打服务站。",
    "lift": "有异响别乘坐，\n马上打服务站。",
    "other": "今天留意修过处，\n有事打服务站。",
}


def precaution(trade: str) -> str:
    """Short enough to be read out (C-4.5.4b)."""
    return PRECAUTIONS.get(trade, PRECAUTIONS["other"])
