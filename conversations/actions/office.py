"""办公: the way to the pages where people, leave and rules are seen to (A-1.3)."""

from __future__ import annotations

from conversations.desk import Desk
from conversations.types import Option, Prompt, Said

MAY = frozenset({"admin", "manager", "supervisor", "service_desk", "area_manager", "station_master", "asset_management"})


def enter(desk: Desk, said: Said) -> None:
    if desk.me.roles.isdisjoint(MAY):
        desk.say(Prompt("这里没有要您设置的。请假写「明天请假」，换电脑用写「网页版」，别的请找系统管理员。"))
        return
    link = desk.office_link()
    text = f"办公页面在这里，10 分钟内打开，用一次，请别转给别人。在电脑上用，把链接复制过去：\n{link}"
    desk.say(Prompt(text, (Option("打开办公页面", "", main=True, url=link),)))
