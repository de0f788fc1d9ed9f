"""What the desk writes down: the trade guessed from words, and when a job has waited too long (C-4.5.1, ZC-QR-030)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from rules.repairs.jobs import ENDED

ACCEPT_WITHIN, SEND_WITHIN, ARRIVE_WITHIN = 10, 15, 5  # minutes
LATE_AFTER = timedelta(minutes=10)  # past the appointment: late, and told so
FEE_WITHIN = 30
COMPLAINT_DAYS = 3
_SAID: Mapping[str, tuple[str, ...]] = {
    "gas": ("燃气", "煤气", "天然气", "灶", "燃气热水器"),
    "lift": ("电梯", "困人"),
    "door": ("门", "锁", "窗", "钥匙", "合页", "把手", "门禁", "玻璃"),
    "water": ("水", "漏", "龙头", "阀", "马桶", "下水", "堵", "管", "花洒", "地漏", "渗", "暖气", "便池", "水箱"),
    "power": ("电", "灯", "插座", "开关", "跳闸", "空开", "短路", "亮", "排风", "空调", "线路"),
}
_STRONG: tuple[tuple[str, str], ...] = (("漏电", "power"), ("电梯", "lift"), ("燃气", "gas"), ("煤气", "gas"), ("热水器", "water"), ("水表", "water"))


# Where nobody lives, as one says it; the longer before the shorter it holds.
_PUBLIC = (
    "单元门口 单元门 楼道口 楼道 楼梯间 楼梯 电梯机房 电梯间 电梯厅 电梯 设备房 设备间 水泵房 泵房 配电房 配电间 电表间 水表间 机房 门厅 大厅 大堂 "
    "走廊 过道 地下室 地下车库 停车场 车库 车棚 大门口 大门 门岗 岗亭 围墙 外墙 屋顶 楼顶 天台 绿化带 绿地 小区路 路灯 垃圾房 垃圾站 公共厕所 公厕 "
    "活动室 公共部位"
)
PARTS = tuple(_PUBLIC.split())


def part(words: str) -> str:
    """The public place a report names first, "" for none: 楼道灯不亮 → 楼道."""
    found = [(words.index(one), -len(one), one) for one in PARTS if one in words]
    return min(found)[2] if found else ""


def trade(words: str) -> str:
    """厨房水龙头漏水 → water; the trade most words speak of, "other" for none."""
    for word, which in _STRONG:
        if word in words:
            return which
    found = {which: sum(words.count(word) for word in said) for which, said in _SAID.items()}
    best = max(found, key=lambda which: found[which])
    return best if found[best] else "other"


def late(
    state: str,
    now: datetime,
    *,
    urgent: bool,
    opened_at: datetime,
    sent_at: datetime | None,
    arrived_at: datetime | None,
    at: datetime | None,
    accept_minutes: int = ACCEPT_WITHIN,
    arrive_minutes: int = ARRIVE_WITHIN,
) -> str:
    """Why it is late, in words; "" when it is not."""
    if state in ENDED or arrived_at is not None:
        return ""
    if state == "nobody":
        return "没人应，要另约"
    if urgent and (passed := minutes(now - (sent_at or opened_at))) >= arrive_minutes:
        return f"紧急，{passed} 分钟没到"
    if at is not None and now > at:
        return f"过了约定 {minutes(now - at)} 分钟"
    if at is not None:
        return ""
    if state in ("sent", "offered") and sent_at is not None and (passed := minutes(now - sent_at)) >= accept_minutes:
        return f"{passed} 分钟没人接"
    if state == "open" and (passed := minutes(now - opened_at)) >= SEND_WITHIN:
        return f"{passed} 分钟没派"
    return ""


def minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
