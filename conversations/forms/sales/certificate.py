"""营业执照登记 (A-4.4.10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conversations import certificates, seen
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Pick, Stamped, Text
from conversations.spoken import day_of_month
from conversations.types import Prompt
from rules import licences
from rules.names import same


def as_customer(name: str, paper: Any) -> str:
    known = certificates.customer_name(paper)
    return "" if not known or same(known, name) else f"请核对：我们登记的是“{known}”，执照上是“{name}”。执照上就是这样写的吗？"


def checked(code: str, paper: Any) -> str:
    return "" if licences.code_valid(code) else f"请对着执照核对一遍代码：{code}。没错吗？"


def day_or_ever(text: str, paper: Any) -> str:
    try:
        licences.ends(text)
    except ValueError:
        return "请写到哪一天，例如：2036年5月1日；没有期限就写「长期」。"
    return ""


def gone_by(text: str, paper: Any) -> str:
    last = licences.ends(text)
    if last is None or last >= paper.today:
        return ""
    return f"请核对：有效期到 {last.year} 年 {day_of_month(last)}，这一天已经过了。执照上就是这样写的吗？"


class Certificate(Form, title="营业执照", version=1, who="rep", copies_to="supervisor"):
    """Read from the photograph, confirmed by the person; its end is said in time (A-4.4.10a, A-4.4.10b)."""

    customer = Pick("哪家客户的执照？", "customers", label="客户", or_new="NewCustomer")
    photos = Stamped("请拍营业执照副本，整张拍全、对正", label="照片", card="照片 {}", shows="licence", at_most=3, party=certificates.customer_name)
    name = Text("执照上的名称？", label="名称", at_most=120, warn=as_customer, insist="没错", refuse="重写")
    code = Text("统一社会信用代码？共 18 位", label="信用代码", at_most=40, warn=checked, insist="没错", refuse="重写", may_strike=True)
    kind = Text("类型？例如：有限责任公司", label="类型", at_most=60, may_strike=True)
    until = Text(
        "有效期到哪天？", label="有效期", offer=(licences.FOR_EVER,), check=day_or_ever, warn=gone_by, insist="没错", refuse="重写", at_most=40
    )

    def named(self) -> Sequence[str]:
        return [name for sha in self.blobs() for name in seen.names(self.seen(sha))]

    def reads(self, looked: Mapping[str, Any]) -> Mapping[str, Any]:
        """A code whose check digit is wrong is asked for: it was not read right."""
        licence = looked.get("licence") or {}
        given = {"name": licence.get("name"), "kind": licence.get("form"), "until": licence.get("until")}
        if licence.get("code_valid"):
            given["code"] = licence["code"]
        return {name: value for name, value in given.items() if value}

    def filed(self, desk: Desk) -> None:
        if self.customer is not None and self.until is not None:
            certificates.owe(desk, self.customer.id, licences.ends(self.until))

    def taken_back(self, desk: Desk) -> None:
        if self.customer is not None:
            certificates.owe(desk, self.customer.id, None)

    def stored(self, desk: Desk) -> Prompt:
        last = licences.ends(self.until) if self.until else None
        when = certificates.ending(last, desk) if last is not None else ""
        done = "改好了" if self.record is not None and self.record.rev > 1 else "已存"
        return Prompt(f"{done}，{self.customer.label if self.customer else ''}的营业执照。{when}复印件请带回部门存档。")
