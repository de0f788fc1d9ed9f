"""Files: pictures and documents, as many as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conversations.questions.base import Heard, Outcome
from conversations.questions.pictures import ENDS, Photos
from conversations.types import STRUCK, Said, Session, Unclear

if TYPE_CHECKING:
    from conversations.form import Form


class Files(Photos):
    """Like Photos, documents too."""

    media = ("photo", "file")

    def text(self, raw: Any, paper: Form) -> str:
        return super().text(raw, paper).replace("张）", "个）").replace(" 张。", " 个。")

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        if said.blob is None and said.text.strip() in ENDS:
            return Heard(STRUCK) if raw is None and self.may_strike else self.take("done", raw, paper, session)
        if said.blob is None or said.blob.kind not in self.media:
            raise Unclear("请发照片或文件，发完写「完」；没有就写「没有」。")
        if said.blob.broken:
            raise Unclear(said.blob.broken)
        grown = self.receive(said, raw)
        if grown is None:
            raise Unclear(f"最多 {self.at_most} 个，这一个没有放进去，已另外留着。")
        return Heard(grown | {"done": False})

    def show(self, raw: Any, paper: Form) -> str:
        return f"{len(raw['photos'])} 个"
