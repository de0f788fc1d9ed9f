"""Photo and Photos: pictures by their hash; albums come as separate messages, each counts, one confirmation is heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from conversations.questions.base import Choice, Heard, Outcome, Question
from conversations.seen import Shows
from conversations.types import STRUCK, Blob, Said, Session, Unclear

if TYPE_CHECKING:
    from conversations.form import Form

TOGETHER = timedelta(minutes=1)  # pictures of one album
ENDS = ("完", "完了", "完成", "好了", "拍完了", "发完了", "没有了", "没了", "就这些", "好", "结束")


def usable(said: Said, wanted: str) -> Blob:
    """The picture in a message, or Unclear: a file, a voice or a broken picture is kept and said to be."""
    blob = said.blob
    if blob is None:
        raise Unclear(wanted)
    if blob.broken:
        raise Unclear(blob.broken)
    if blob.kind != "photo":
        raise Unclear(f"收到了，已留着，不过这一问要照片。{wanted}")
    return blob


class Photo(Question[str]):
    """One picture; a blurred one may be sent again or insisted on. The value is its hash."""

    wants = ("photo",)
    media = ("photo",)
    insist: str = "就用这张"

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        blob = usable(said, "请拍一张照片发来。")
        return Heard({"sha256": blob.sha256} | ({"words": said.text.strip()} if said.text.strip() else {}), why=blob.advice)

    def receive(self, said: Said, raw: Any) -> Any:
        return {"sha256": said.blob.sha256} if raw is None and said.blob else None

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        raise Unclear("请拍一张照片发来。")

    def value(self, raw: Any, paper: Form) -> str:
        return str(raw["sha256"])

    def show(self, raw: Any, paper: Form) -> str:
        return "1 张"

    def blobs(self, raw: Any) -> tuple[str, ...]:
        return (raw["sha256"],)


class Photos(Question[tuple[str, ...]]):
    """Several; raw is {"photos": [{sha256, words?}], "done"}. The value is the hashes in order."""

    wants = ("photo",)
    media: ClassVar[tuple[str, ...]] = ("photo",)
    grows = True

    def __init__(
        self,
        ask: Any,
        *,
        at_least: int = 1,
        at_most: int = 9,
        goes_on: bool = False,
        shows: Shows = "",
        party: Callable[[Any], str] | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(ask, **rest)
        self.shows, self.party = shows, party  # a paper somebody stamped or signed, and who
        self.at_least, self.at_most = at_least, at_most
        self.goes_on = goes_on  # as soon as there are enough; what is sent later still joins

    def named(self, paper: Form) -> str:
        """The name that is expected on what it shows; "" when it is not known."""
        return self.party(paper) if self.party is not None else ""

    def text(self, raw: Any, paper: Form) -> str:
        count = len(raw["photos"]) if raw else 0
        if not count:
            least = f"至少 {self.at_least} 张，" if self.at_least > 1 else ""
            return f"{super().text(raw, paper)}（{least}最多 {self.at_most} 张）"
        room = "还可以再发，" if count < self.at_most else ""
        return f"已收 {count} 张。{room}发完请点「完」。"

    def choices(self, raw: Any, paper: Form, session: Session) -> Sequence[Choice]:
        count = len(raw["photos"]) if raw else 0
        if not count:  # the last one was taken out again
            return [Choice("done", "没有")] if raw and self.may_strike else []
        return [Choice("done", "完", main=True), Choice(f"drop{count}", "去掉最后一张")]

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        if said.blob is None and said.text.strip() in ENDS:
            return Heard(STRUCK) if raw is None and self.may_strike else self.take("done", raw, paper, session)
        usable(said, "请发照片，发完写「完」。" if raw else "请拍照片发来，可以一次发几张。")
        grown = self.receive(said, raw)
        if grown is None:
            raise Unclear(f"最多 {self.at_most} 张，这一张没有放进去，已另外留着。")
        note = self.advice(grown, said.at)
        if self.enough(grown):
            return Heard(grown | {"done": True}, note=f"照片收到了，共 {len(grown['photos'])} 张，还可以接着发。{note}")
        return Heard(grown | {"done": False}, note=note)

    def receive(self, said: Said, raw: Any) -> Any:
        photos, done = (raw["photos"], raw["done"]) if raw else ([], False)
        if said.blob is None or any(one["sha256"] == said.blob.sha256 for one in photos):
            return raw
        words = {"words": said.text.strip()} if said.text.strip() else {}
        poor = {"poor": said.blob.advice, "at": said.at.isoformat()} if said.blob.advice else {}
        return {"photos": [*photos, {"sha256": said.blob.sha256, **words, **poor}], "done": done} if len(photos) < self.at_most else None

    def advice(self, raw: Any, at: datetime) -> str:
        """Of an album every poor one is named, though only the last confirmation may be read."""
        photos = raw["photos"]
        poor = [(nth, one["poor"]) for nth, one in enumerate(photos, 1) if "poor" in one and at - datetime.fromisoformat(one["at"]) <= TOGETHER]
        lines = [f"第 {nth} 张{words}" if len(photos) > 1 else words for nth, words in poor]
        return "".join(lines) + ("（也可以就用这张）" if len(poor) == 1 else "（也可以就用这几张）" if poor else "")

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        count = len(raw["photos"]) if raw else 0
        if value == f"drop{count}" and count:
            return Heard({"photos": raw["photos"][:-1], "done": False}, note="去掉了最后一张。")
        if value != "done":
            raise Unclear("这张卡片已经处理过了。")
        if not count and raw and self.may_strike:
            return Heard(STRUCK)
        if count < self.at_least:
            raise Unclear(f"至少要 {self.at_least} 张，还差 {self.at_least - count} 张。" if count else "请先拍照片发来。")
        return Heard(raw | {"done": True})

    def value(self, raw: Any, paper: Form) -> tuple[str, ...]:
        return self.blobs(raw)

    def show(self, raw: Any, paper: Form) -> str:
        return f"{len(raw['photos'])} 张"

    def is_open(self, raw: Any) -> bool:
        return not raw["done"]

    def enough(self, raw: Any) -> bool:
        return self.goes_on and len(raw["photos"]) >= self.at_least

    def ended(self, raw: Any) -> Any:
        return raw | {"done": True} if len(raw["photos"]) >= self.at_least else None

    def problem(self, raw: Any, paper: Form) -> str:
        missing = self.at_least - len(raw["photos"])
        return f"至少要 {self.at_least} 张，还差 {missing} 张。" if missing > 0 and raw["done"] else super().problem(raw, paper)

    def blobs(self, raw: Any) -> tuple[str, ...]:
        return tuple(one["sha256"] for one in raw["photos"])

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"at_least": self.at_least, "at_most": self.at_most} | ({"goes_on": True} if self.goes_on else {})
