"""客户调查表 (A-3.3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations import surveys
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Facts
from conversations.types import Prompt
from rules.prospects import FACTS


class ProspectSurvey(Form, title="客户调查表", version=1, who="rep", on="prospect", in_state={"open"}):
    """One sitting of a survey: every fact a value or why it is not known; the rest another time (A-3.3.7)."""

    facts = Facts("要了解的资料？", FACTS, label="资料")

    @classmethod
    def called(cls, answers: Mapping[str, Any]) -> str:
        return f"{answers['facts']['name']}的《{cls.title}》" if answers.get("facts") else super().called(answers)

    def subject(self, desk: Desk) -> int | None:
        return int(self.answers["facts"]["customer"]) or None

    def filed(self, desk: Desk) -> None:
        if self.record and self.record.case_id and self.facts:
            surveys.fill(desk, self.record.case_id, self.facts, self.record)

    def stored(self, desk: Desk) -> Prompt:
        case = desk.case(self.record.case_id) if self.record and self.record.case_id else None
        if case is None:
            return super().stored(desk)
        left = surveys.missing(case)
        name = surveys.name(desk, case)
        if not left:
            return Prompt(f"{name}的客户调查做完了，共 {len(surveys.facts(case))} 项，客户资料也更新了。")
        return Prompt(f"存下了。{name}还差 {len(left)} 项：{'、'.join(left)}。{surveys.by(desk, case)}，问到了写「调查表」接着填。")
