"""Stamped: photographs of a stamped paper or a licence; the card says what was seen, and the person may insist (A-4.1c, A-4.4.1, A-4.4.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from conversations import seen
from conversations.questions.base import Choice, Heard, Outcome
from conversations.questions.pictures import Photos
from conversations.seen import Told
from conversations.types import Said, Session, Unclear

if TYPE_CHECKING:
    from conversations.form import Form

ALBUM = timedelta(seconds=5)  # pictures of several pages come together; one that comes later is another try
KEPT = {
    "keep": "就用这张，已记下。",
    "same": "您核对过，两处一致，已记下。",
    "later": "先存下，回公司再定，已记下。",
    "done": "",
}
SAY_TO_CUSTOMER = "可以请客户看一下：“麻烦您核对一下名称和印章上的字。”核对好了再点。"


class Stamped(Photos):
    """raw as of Photos; a picture has `at`, and what the person decided about it: `kept` {by, at, how, eyes}, `asked`, `again`."""

    lives: ClassVar[bool] = True

    def text(self, raw: Any, paper: Form) -> str:
        photos = raw["photos"] if raw else []
        if not photos:
            return super().text(raw, paper)
        if "again" in photos[-1]:
            return f"已收 {len(photos)} 张，都留着。请再拍一张发来。"
        nth, told = self.best(raw, paper)
        kept = photos[nth].get("kept")
        words = KEPT[kept["how"]] if kept else f"{told.words}{SAY_TO_CUSTOMER if 'asked' in photos[nth] else ''}"
        return "\n".join([f"已收 {len(photos)} 张。{words}", *self._others(raw, paper, nth)])

    def _others(self, raw: Any, paper: Form, best: int) -> list[str]:
        """Of an album every poor one is named."""
        photos, lines = raw["photos"], []
        for nth, one in enumerate(photos):
            tried_again = any(_at(later) - _at(one) > ALBUM for later in photos[nth + 1 :])
            if nth != best and not tried_again and not one.keys() & {"again", "kept"} and (told := self._told(one, paper)).state == "poor":
                lines.append(f"第 {nth + 1} 张：{told.words}")
        return lines

    def best(self, raw: Any, paper: Form) -> tuple[int, Told]:
        """Which picture speaks for all of them; of equals the last. One that was taken again is silent."""
        photos = raw["photos"]
        silent = {nth for nth, one in enumerate(photos) if "again" in one}
        found = [(nth, self._told(one, paper)) for nth, one in enumerate(photos) if nth not in silent or len(silent) == len(photos)]
        return min(found, key=lambda one: (seen.ORDER.index(one[1].state), -one[0]))

    def _told(self, photo: Mapping[str, Any], paper: Form) -> Told:
        return seen.told(paper.seen(photo["sha256"]), self.named(paper), self.shows)

    def choices(self, raw: Any, paper: Form, session: Session) -> Sequence[Choice]:
        photos = raw["photos"] if raw else []
        if not photos:
            return super().choices(raw, paper, session)
        count = len(photos)  # with it a button is the card's own: the one before, tapped already, is another
        drop, again, keep = Choice(f"drop{count}", "去掉最后一张"), Choice(f"again{count}", "再拍一张"), Choice(f"keep{count}", "就用这张")
        if "again" in photos[-1]:
            return [keep, drop]
        nth, told = self.best(raw, paper)
        if "kept" in photos[nth] or told.state not in seen.ATTENTION:
            return [Choice("done", "完", main=True), again, drop]
        if told.state == "doubt":
            asked = [] if "asked" in photos[nth] else [Choice("ask", "请客户核对")]
            return [Choice("same", "两处一致，是读错了"), *asked, Choice("later", "先存下，回公司再定"), again]
        return [Choice(again.value, again.label, main=True), keep, drop]

    def receive(self, said: Said, raw: Any) -> Any:
        """Never without its time: which pictures came together shows in it."""
        grown = super().receive(said, raw)
        if said.blob is None or grown is None:
            return grown
        new = {"at": said.at.isoformat()}
        return grown | {"photos": [one if "at" in one else one | new for one in grown["photos"]]}

    def advice(self, raw: Any, at: datetime) -> str:
        return ""  # the card says it

    def enough(self, raw: Any) -> bool:
        return False  # the card stays, the reading comes to it

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        photos = raw["photos"] if raw else []
        if not photos or value.startswith("drop"):
            return super().take(value, raw, paper, session)
        value = value.rstrip("0123456789")
        if value not in ("again", "ask", *KEPT):
            raise Unclear("这张卡片已经处理过了。")
        nth, told = self.best(raw, paper)
        mark = {"by": paper.look.me.id, "at": paper.look.now.isoformat(), "eyes": told.words}
        if value in ("again", "ask"):
            place = len(photos) - 1 if value == "again" else nth
            name = "again" if value == "again" else "asked"
            marked = {name: mark, **photos[place]}  # the first time counts
            return Heard({"photos": [*photos[:place], marked, *photos[place + 1 :]], "done": False})
        if len(photos) < self.at_least:
            raise Unclear(f"至少要 {self.at_least} 张，还差 {self.at_least - len(photos)} 张。")
        decided = value != "done" or (told.state in seen.ATTENTION and "kept" not in photos[nth])
        kept = [one | {"kept": mark | {"how": value}} if decided and at == nth else one for at, one in enumerate(photos)]
        return Heard({"photos": kept, "done": True})

    def show(self, raw: Any, paper: Form) -> str:
        photos = raw["photos"]
        if not photos:
            return super().show(raw, paper)
        nth, told = self.best(raw, paper)
        kept = photos[nth].get("kept", {}).get("how")
        short = {"same": "已核对", "later": "待回公司再定"}.get(
            kept, "" if self.shows == "licence" and told.state != "poor" else seen.SHORT.get(told.state, "")
        )
        return f"{len(photos)} 张{f'，{short}' if short else ''}"


def begun(photos: Sequence[Mapping[str, Any]], at: datetime) -> dict[str, Any]:
    """Pictures that came before the form, all of them now."""
    return {"photos": [{"at": at.isoformat(), **one} for one in photos], "done": False}


def _at(photo: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(photo["at"])
