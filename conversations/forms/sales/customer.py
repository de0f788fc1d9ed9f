"""新客户登记 (A-3.1.2, A-3.3.2a, A-3.3.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Amount, Choose, Lines, Text
from conversations.types import STRUCK, Prompt
from rules.customers import SOURCES

_PHONE = re.compile(r"\+?\d[\d\-]{5,19}")


class Contact(Form, title="联系人"):
    """Somebody at the customer's (A-3.3.2a)."""

    name = Text("联系人叫什么？", label="姓名", at_most=60)
    post = Text("什么职务？", label="职务", may_strike=True, at_most=60)
    phone = Text("电话？", label="电话", may_strike=True, at_most=40)

    @classmethod
    def in_words(cls, text: str) -> Mapping[str, Any]:
        """王经理 广告负责人 13800000000, in any order after the name."""
        name, *rest = re.split(r"[\s,，、;；:：]+", text.strip(" ,，、;；。"))
        phones = [word for word in rest if _PHONE.fullmatch(word)]
        posts = [word for word in rest if word not in phones]
        if not 2 <= len(name) <= 20 or _PHONE.fullmatch(name) or len(posts) > 1 or len(phones) > 1 or not (posts or phones):
            return {}
        return {"name": name, "post": posts[0] if posts else STRUCK, "phone": phones[0] if phones else STRUCK}


def taken(name: Any, paper: Form) -> str:
    """Names of the whole firm that may be the same one, asked before anything is made."""
    if len(name.strip()) < 2 or len(name) > 120:
        return ""
    like = paper.look.similar_customers(name)
    if not like:
        return ""
    found = "、".join(f"{one.label}（{one.detail}）" if one.detail else one.label for one in like)
    return f"公司里已有相近的：{found}。还是要登记「{name}」吗？"


def named(name: Any, paper: Form) -> str:
    return "" if 2 <= len(name.strip()) <= 120 else "请写客户全称，2 到 120 个字。"


class NewCustomer(Form, title="新客户登记", version=1, who="rep"):
    """Source, class, contacts and ad spend are known from the first day (A-3.1.2, A-3.3.2a); the class decides the log (A-3.3.3)."""

    name = Text("客户全称？", check=named, warn=taken)
    where = Choose("本地还是外地？", {"local": "本地", "away": "外地"}, label="本地/外地")
    source = Choose("怎么找到的？", SOURCES, label="来源")
    address = Text("地址？", may_strike=True, at_most=200)
    contacts = Lines("联系人有谁？一行写一个，例如：王经理 广告负责人 13800000000", Contact, label="联系人", may_strike=True)
    spend = Amount("一年大约投多少广告费？", label="年广告费", may_strike=True)

    def subject(self, desk: Desk) -> int | None:
        name, address = (self.name or "").strip(), self.address or ""
        made = desk.add_customer(name, local=self.where == "local", source=self.source or "", address=address, spend_fen=self.spend)
        return made.id

    def filed(self, desk: Desk) -> None:
        customer = self.record.customer_id if self.record else None
        for row in self.contacts or ():
            if customer and isinstance(row, Contact) and row.name:
                desk.add_contact(customer, row.name, row.post or "", row.phone or "")

    def stored(self, desk: Desk) -> Prompt:
        return Prompt(f"已登记：{self.name}。{'按外地客户记电话' if self.where == 'away' else '拜访后记走访表'}。")
