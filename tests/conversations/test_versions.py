"""A form that changed has a greater version; the lock is fresh; a hash is the same wherever it is taken."""

from __future__ import annotations

from typing import Any

from conversations import versions
from conversations.form import Form
from conversations.questions import Choose, Text
from conversations.registry import FORMS


def declared(title: str = "表", version: int = 1, ask: str = "谈了什么？", **rest: Any) -> type[Form]:
    class Sheet(Form, title=title, version=version):
        talked = Text(ask, **rest)

    return Sheet


def test_the_lock_is_fresh() -> None:
    now, before = versions.present(FORMS), versions.locked(versions.LOCK.read_text(encoding="utf8"))
    assert versions.unbumped(before, now) == [], "raise version= of these forms, then: python -m conversations.versions"
    assert before == now, "run: python -m conversations.versions"


def test_every_form_has_its_own_name() -> None:
    assert len({form.__name__ for form in FORMS}) == len(FORMS)


def test_what_changes_the_hash() -> None:
    plain = declared().content_hash()
    assert plain == declared().content_hash() == declared(title="另一个名字").content_hash()
    changed = [
        declared(ask="说了什么？"),
        declared(may_strike=True),
        declared(may_wait=True),
        declared(was=("said",)),
        declared(offer=["续约"]),
        declared(when=lambda p: p.met),
        declared(when=lambda p: p.met == "王"),
        declared(check=lambda value, p: ""),
    ]
    assert len({plain, *(form.content_hash() for form in changed)}) == len(changed) + 1


def test_options_and_kind_change_the_hash() -> None:
    class Sheet(Form, title="表"):
        talked = Choose("谈了什么？", ["续约", "报价"])

    assert Sheet.content_hash() != declared().content_hash()


def test_a_change_without_a_bump_is_named() -> None:
    before = versions.present([declared()])
    assert versions.unbumped(before, versions.present([declared(may_strike=True)])) == ["Sheet"]
    assert versions.unbumped(before, versions.present([declared(may_strike=True, version=2)])) == []
    assert versions.unbumped({}, before) == []


def test_the_lock_round_trips() -> None:
    now = versions.present([declared(version=3)])
    assert versions.locked(versions.written(now)) == now
