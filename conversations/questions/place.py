"""Place: where, as the phone gives it, or in words when it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conversations.questions.base import Heard, Outcome, Question
from conversations.types import Point, Said, Session, Unclear

if TYPE_CHECKING:
    from conversations.form import Form


class Place(Question["Point | str"]):
    """A Point when the phone sent one, else the words typed."""

    wants = ("place", "text")
    media = ("place",)

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        if said.place is not None:
            return Heard(self.receive(said, None))
        text = said.text.strip()
        if not text:
            raise Unclear("请发送位置，或写一下地点。")
        if len(text) > 200:
            raise Unclear("地点太长了，请只写地址，200 个字以内。")
        return Heard({"label": text})

    def receive(self, said: Said, raw: Any) -> Any:
        if said.place is None or raw is not None:
            return None
        return {"lat": said.place.lat, "lon": said.place.lon, "label": said.place.label}

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        raise Unclear("请发送位置，或写一下地点。")

    def value(self, raw: Any, paper: Form) -> Point | str:
        return Point(raw["lat"], raw["lon"], raw["label"]) if "lat" in raw else str(raw["label"])

    def show(self, raw: Any, paper: Form) -> str:
        return str(raw["label"]) or "已收到位置"
