"""送书, 介绍 版位, 展会, 方案: what people type for what is handed to customers (A-3.2.1, A-3.3.3, A-3.4.1, A-3.5.1)."""

from __future__ import annotations

import re

from conversations import planlist, turns
from conversations.actions import handouts
from conversations.desk import Desk
from conversations.firm import Customer
from conversations.registry import BY_NAME
from conversations.types import Said
from conversations.words import plain
from rules.introductions import topic_of

BOOKS = ("送书", "送书名单", "要送的书", "送刊", "没送到", "书没送到", "迟送", "谁没送到", "送书晚了的", "晚了的书")
FAIRS = ("展会", "展会名单", "看展会", "今年展会")
VERSIONS = ("新版介绍", "放新版", "换介绍")
PLANS = ("方案", "看方案", "方案名单", "宣传方案名单", "推广方案名单")
READERS = ("谁看了介绍", "谁没看介绍", "介绍谁看了")
NEW_FAIR = ("登记展会", "新展会", "加展会")
_INTRO = re.compile(r"(?:看|查看|业务)?介绍(?:一下|内容)?\s*[:：]?\s*(?P<what>\S{0,12})")
_PLAN = re.compile(r"(?:看|查)?(?:宣传|推广|策划)?方案\s*[:：\s]\s*(?P<who>\S.{0,30})")
_ASKED = re.compile(r"介绍[\s:：]+(?P<what>\S{1,12})")
_FORMS = {"CardVersion": VERSIONS, "ExhibitionEntry": NEW_FAIR}


def always(desk: Desk, said: Said) -> bool:
    """介绍 版位 is no answer to any question: one looks it up while a plan is being written."""
    found = _ASKED.fullmatch(said.text.strip())
    topic = topic_of(found["what"]) if found else ""
    if topic:
        handouts.intro(desk, said, topic)
    return bool(topic)


def written(desk: Desk, said: Said) -> bool:
    word = plain(said.text)
    for form, names in _FORMS.items():
        if word in names:
            turns.begin(desk, said, BY_NAME[form])
            return True
    if word in BOOKS:
        handouts.show_deliveries(desk, said)
    elif word in FAIRS:
        handouts.fair(desk, said)
    elif word in PLANS:
        handouts.show_plans(desk, said)
    elif (planned := _PLAN.fullmatch(said.text.strip())) and (customer := _known(desk, planned["who"])) is not None:
        desk.say(planlist.of_customer(desk, customer))
    elif word in READERS:
        handouts.readers(desk, said)
    elif found := _INTRO.fullmatch(said.text.strip()):
        topic = topic_of(found["what"])
        if found["what"] and not topic:
            return False
        handouts.intro(desk, said, topic)
    else:
        return False
    return True


def _known(desk: Desk, words: str) -> Customer | None:
    """The one customer one sees of that name."""
    found = desk.find("customers", words.strip(" 。，"), 0, 2)
    exact = [one for one in found if words in (one.label, one.detail)]
    one = exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None
    return desk.customer(one.id) if one is not None else None
