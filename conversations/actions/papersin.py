"""hand_papers, take_papers and the rest: papers, keys and money from hand to hand, the comparison, the register (C-4.6, C-5.1)."""

from __future__ import annotations

from conversations import tokens, turns
from conversations.actions.outdated import Outdated, number
from conversations.actions.outdated import day as day_of
from conversations.desk import Desk
from conversations.forms.repairs.count import Counted
from conversations.forms.repairs.custody import KeyOut, PaperDiffers, PaperFound
from conversations.repairs import evening, keyring, printed, reconcile
from conversations.types import Option, Prompt, Said

READERS = frozenset({"service_desk", "area_manager", "station_master", "property_manager", "asset_management", "admin"})  # of the register


def card(desk: Desk, said: Said) -> None:
    desk.say(evening.card(desk))


def hand_over(desk: Desk, said: Said) -> None:
    desk.say(evening.hand_over(desk))


def back(desk: Desk, said: Said) -> None:
    desk.say(evening.take_back(desk))


def take(desk: Desk, said: Said, giver: str) -> None:
    desk.say(evening.take_all(desk, number(giver)))


def lacking(desk: Desk, said: Said, giver: str) -> None:
    desk.say(evening.lacking(desk, number(giver)))


def refuse(desk: Desk, said: Said, id: str) -> None:
    desk.say(evening.refuse(desk, number(id)))


def count(desk: Desk, said: Said, id: str, rev: str) -> None:
    """The money is not what was said: how much is it?"""
    found = next((one for one in desk.things(offered_to=desk.me.id) if one.id == number(id)), None)
    if found is None:
        raise Outdated("这一笔已经处理过了。")
    turns.begin(desk, said, Counted, answers={"thing": {"id": found.id, "label": found.number}})


def differing(desk: Desk, said: Said, giver: str) -> None:
    desk.say(evening.differing(desk, number(giver)))


def differs(desk: Desk, said: Said, id: str) -> None:
    found = next((one for one in desk.things(offered_to=desk.me.id, kind="paper") if one.id == number(id)), None)
    if found is None:
        raise Outdated("这一张已经处理过了。")
    turns.begin(desk, said, PaperDiffers, answers={"paper": {"id": found.id, "label": found.number}})


def ask(desk: Desk, said: Said, person: str) -> None:
    """From the morning's page: a polite word to who still has papers or money, once an hour."""
    whose = desk.person(number(person))
    things = [one for one in desk.holdings() if whose is not None and one.holder == whose.id and one.kind in ("paper", *evening.MONEY)]
    if whose is None or not things or desk.me.roles.isdisjoint(READERS):
        raise Outdated("已经交了，不用问了。")
    text = f"{desk.me.name}问：\n{evening.counted(things)}\n还没交客服，\n今天请交一下。"
    hand = Option("交给客服", tokens.of_action("hand_papers"), main=True)
    told = desk.tell(whose.id, Prompt(text, (hand,)), key=f"ask_papers:{desk.me.id}:{whose.id}:{desk.now:%Y%m%d%H}")
    desk.say(Prompt(f"已问{whose.name}，请等回话。" if told else f"刚问过{whose.name}，等等再催。"))


def paper_found(desk: Desk, said: Said) -> None:
    turns.begin(desk, said, PaperFound)


def key_out(desk: Desk, said: Said) -> None:
    turns.begin(desk, said, KeyOut)


def key_list(desk: Desk, said: Said) -> None:
    desk.say(keyring.card(desk))


def register(desk: Desk, said: Said, day: str = "") -> None:
    """《报修记录表》 as a picture and a file."""
    if desk.me.roles.isdisjoint(READERS):
        raise Outdated("报修记录表由客服和片区经理来看。")
    today = desk.calendar.day_of(desk.now)
    on = day_of(day) if day else today
    paper = printed.register(desk, on)
    before = desk.calendar.previous_working_day(on)
    options = (Option("前一天", tokens.of_action("register", f"{before:%Y%m%d}")),)
    if lacking := paper.lacking:
        desk.say(Prompt(f"{paper.title}\n{printed.unprintable(lacking)}", options))
        return
    pdf, preview = desk.print_out(paper.layout, paper.data, paper.pictures, paper.title)
    desk.say(Prompt(f"{paper.title}\n{paper.data['sums']}", options, attach=(preview, pdf)))


def compare(desk: Desk, said: Said, day: str = "") -> None:
    _desk_only(desk)
    desk.say(reconcile.card(desk, day_of(day) if day else desk.calendar.day_of(desk.now)))


def settle(desk: Desk, said: Said, day: str, key: str, why: str) -> None:
    _desk_only(desk)
    desk.say(reconcile.settle(desk, day_of(day), key, why))


def file(desk: Desk, said: Said, day: str) -> None:
    _desk_only(desk)
    desk.say(reconcile.file(desk, day_of(day)))


def _desk_only(desk: Desk) -> None:
    if "service_desk" not in desk.me.roles:
        raise Outdated("对单由客服来做。")
