"""A person who does anything at all with a form, and what must be true whatever they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from conversations import engine, tokens
from conversations.asking import EDIT, REVIEW
from conversations.firm import Found
from conversations.form import Form
from conversations.questions import Question, answered
from conversations.types import LATER, STRUCK, Point, Said, Session, Turn
from tests.conversations.firm import NOON, Firm, photo, said, voice
from tests.conversations.phone import stored

WORDS = """
1 2 3 7 对 好 不是 完 没有 / 无 不适用 返回 上一问 跳过 先不填 以后补 改一处 不改 帮助 提交 存下 取消 先放着
华东精密 hd kehu 东方印务 没有这家 王经理 续约 上门 电话 来访 本地 能 不能 加 再加一个 删1 改1 这个不要了
明天 周五 2月31日 昨天 11-30 明天下午三点 两点半 3000 一万二 12.5 三千x 全部 雨伞 样书 😀 改客户 改备注
"""
_SEAL = {"text": "恒达影音", "kind": "公章", "candidates": [{"text": "恒达影音", "confidence": 0.9, "whole": True}]}
_NONE: dict[str, Any] = {"advice": "", "presence": "没有看到印章", "seals": [], "straddle": 0, "copies": 0, "licence": None}
SEEN: tuple[dict[str, Any], ...] = (  # the first stands for a picture nobody has looked at
    {},
    _NONE | {"stage": "first"},
    _NONE | {"stage": "first", "presence": "有印章"},
    _NONE | {"stage": "read", "presence": "有印章", "seals": [_SEAL]},
    _NONE | {"stage": "unread", "presence": "有印章"},
    _NONE | {"stage": "read", "advice": "手抖了，请拿稳再拍一张。"},
    _NONE | {"stage": "read", "licence": {"name": "恒达影音", "code": "1", "code_valid": False, "form": "", "until": "长期"}},
)
TYPED = [*WORDS.split(), "改见了谁 李总", "字" * 10_000]


def ways(answers: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """Every single answer by its path, rows taken apart, pictures one by one."""
    found: dict[str, Any] = {}
    for name, raw in answers.items():
        question = form.questions[name]
        if isinstance(raw, Mapping) and "rows" in raw:
            for nth, row in enumerate(raw["rows"]):
                inner = question.row  # type: ignore[attr-defined]
                found |= {f"{name}.{nth}.{path}": value for path, value in ways(row, inner(row)).items()}
        elif isinstance(raw, Mapping) and "photos" in raw:
            found |= {f"{name}#{one['sha256']}": one for one in raw["photos"]}
        elif answered(raw):
            found[name] = raw
    return found


class Walk:
    """One form walked at random from a seed; `steps` are messages sent."""

    def __init__(self, form: type[Form], seed: int) -> None:
        self.form, self.random, self.firm = form, Random(seed), Firm()
        self.firm.looked = {f"{nth:064x}": dict(SEEN[nth % len(SEEN)]) for nth in range(60) if nth % len(SEEN)}
        self.steps = self.filed = 0
        self.tokens: list[str] = []
        self.session = self._fresh()

    def _fresh(self) -> Session:
        chance = self.random
        blank = replace(engine.fresh(self.form, brief=chance.random() < 0.3, trial=chance.random() < 0.05), id=chance.randrange(1, 99))
        return self._after(engine.begin(self.form, stored(blank), self.firm))

    def _after(self, turn: Turn) -> Session:
        session = stored(turn.session)
        for prompt in turn.say:
            self.tokens += [option.token for option in prompt.options if option.token]
            assert prompt.text.strip()
            assert all(len(option.token.encode()) <= 64 for option in prompt.options)
        del self.tokens[:-40]
        return session

    def message(self) -> Said:
        roll = self.random.random()
        now = [option for option in self.tokens if option.startswith(f"s{self.session.id}.{self.session.no}.")]
        if roll < 0.40 and now:
            return said(tap=self.random.choice(now))
        if roll < 0.45 and self.tokens:
            return said(tap=self.random.choice(self.tokens))
        if roll < 0.47:
            return said(tap=self.random.choice(["", "nonsense", "s1.1.x", f"s{self.session.id}.{self.session.no}.999", "a.today"]) or "x")
        if roll < 0.60:
            return said(self._fitting())
        if roll < 0.90:
            return said(self.random.choice(TYPED))
        return self.random.choice(
            [
                said(blob=photo(self.random.randrange(30))),
                said(blob=photo(self.random.randrange(30), advice="有点糊")),
                said(blob=photo(99, broken="打不开")),
                said("门头", blob=photo(self.random.randrange(30))),
                said(blob=voice(self.random.randrange(30, 40))),
                said(place=Point(31.2, 121.5, "南京西路")),
            ]
        )

    def _fitting(self) -> str:
        """Words that answer most kinds, so that walks get far."""
        return self.random.choice(["续约", "华东精密", "1", "明天下午三点", "3000", "完", "全部", "没有", "对"])

    def go(self, steps: int) -> None:
        for _ in range(steps):
            self.steps += 1
            if self.session.state != "open":
                self._reopen()
            self._one()

    def _reopen(self) -> None:
        session = self.session
        if session.state == "waiting":
            answer = self.random.random() < 0.5
            turn = (
                engine.answer_child(self.form, session, Found(1, "华东精密"), self.firm) if answer else engine.resume(self.form, session, self.firm)
            )
            self.session = self._after(turn)
        elif session.state in ("paused", "cancelled") and not session.trial and self.random.random() < 0.7:
            self.firm.now += timedelta(days=self.random.choice([0, 0, 1]))
            self.session = self._after(engine.resume(self.form, session, self.firm))
            assert self.session.answers == session.answers
        else:
            self.firm.now = NOON
            self.session = self._fresh()

    def _one(self) -> None:
        before, message = self.session, replace(self.message(), at=self.firm.now)
        turn = engine.advance(self.form, before, message, self.firm)
        after = self._after(turn)
        stale = message.tap and not message.tap.startswith(f"s{before.id}.{before.no}.")
        if stale:
            assert after == before, message
            assert turn.say
        self.consistent(before, after, turn, message)
        if message.tap and after.state == "open":
            self.again(after, message)
        self.session = after

    def again(self, after: Session, message: Said) -> None:
        """A double tap: the second changes no answer and moves nowhere."""
        second = stored(engine.advance(self.form, after, message, self.firm).session)
        assert second.state == after.state, message
        assert second.answers == after.answers, message
        assert (second.at, second.no, second.page, second.query) == (after.at, after.no, after.page, after.query), message

    def consistent(self, before: Session, after: Session, turn: Turn, message: Said) -> None:
        filling = engine.Filling(self.form, after, self.firm, self.firm.now)
        if after.state == "open":
            assert turn.say
            assert after.at in (REVIEW, EDIT) or filling.step is not None, after
            assert after.shown == tuple(tokens.read(option.token).value for option in turn.say[-1].options)  # type: ignore[union-attr]
            if after.at == REVIEW:
                assert filling.next_open() == REVIEW
        if after.state == "filed":
            self.filed += 1
            self.complete(after)
            return
        if not (after.trial and after.state == "cancelled"):
            self.lost_nothing(before, after, message)

    def complete(self, session: Session) -> None:
        """A filed paper: nothing open, nothing hidden, every check passed."""
        if session.trial:
            assert session.answers == {}
            return
        paper = self.form(session.answers, self.firm, self.firm.now)
        assert set(session.answers) <= {question.name for question in paper.asked()}
        for step in paper.steps():
            assert not step.open, step
            assert step.raw != STRUCK or step.question.may_strike
            assert step.raw != LATER or step.question.may_wait
            assert not answered(step.raw) or step.question.problem(step.raw, step.paper) == ""

    def lost_nothing(self, before: Session, after: Session, message: Said) -> None:
        """At most the one answer that was asked for changes; nothing goes away but what the person took away."""
        old, new = ways(before.answers, self.form({})), ways(after.answers, self.form({}))
        gone = [path for path in old if path not in new]
        changed = [path for path in old if path in new and old[path] != new[path]]
        number = int(message.text) if message.text.isdecimal() else 0
        button = before.shown[number - 1] if 0 < number <= len(before.shown) else message.tap
        dropped = message.text in ("删1", "这个不要了") or "drop" in button
        asked = engine.Filling(self.form, after, self.firm, self.firm.now).at(before.at)
        struck = asked is not None and asked.raw in (STRUCK, LATER)
        assert not gone or dropped or (struck and gone == [before.at]), (gone, message, before.at)
        sent = message.blob or message.place or message.text.startswith("改")
        assert dropped or len(changed) <= 1, (changed, message)
        assert dropped or sent or {path.partition("#")[0] for path in changed} <= {before.at}, (changed, message, before.at)


class Noted(dict[str, Any]):
    """Answers that remember which of them were looked at."""

    read: set[str]

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)


def recorded(form: type[Form], question: Question[Any], answers: Mapping[str, Any], firm: Firm) -> set[str]:
    """The questions that `when` of this one reads."""
    noted = Noted(answers)
    noted.read = set()
    assert question.when is not None
    question.when(form(noted, firm, firm.now))
    return noted.read
