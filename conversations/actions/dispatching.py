"""dispatch, chase_job, ring, key: who goes, as the desk and the area manager tap it (C-4.5.1)."""

from __future__ import annotations

from conversations import tokens
from conversations.actions.outdated import Outdated, number
from conversations.actions.repairs import as_shown
from conversations.desk import Desk
from conversations.repairs import dispatch, emergency, keys, overview, taking
from conversations.repairs.job import Job
from conversations.types import Option, Prompt, Said
from rules.repairs import jobs as rule

MOST_NEAR, MOST_FAR = 6, 8


def ring(desk: Desk, said: Said, id: str, callout: str, word: str) -> None:
    """What the telephone call gave: reached or missed."""
    found = desk.job(number(id))
    if found is None or word not in ("reached", "missed"):
        raise Outdated
    desk.say(emergency.rung_up(desk, found, number(callout), word), coalesce=f"{emergency.KIND}:{found.id}:ring")


def chase(desk: Desk, said: Said, id: str, rev: str) -> None:
    """催办: those asked see the card again, whose it is hears that the customer waits."""
    found = desk.job(number(id))
    if found is None:
        raise Outdated
    if desk.me.roles.isdisjoint(overview.DESK):
        raise Outdated("催办由客服或片区经理来做。")
    if found.state not in ("sent", "offered", "accepted"):
        raise Outdated(f"{found.title}\n这张现在是「{rule.STATES[found.state]}」。")
    names = taking.chase(desk, found)
    done = f"催过{'、'.join(names)}了。" if names else "一分钟内刚催过。"
    desk.say(Prompt(f"{found.title}\n{done}"))


def send_to(desk: Desk, said: Said, id: str, rev: str, person: str = "0", wide: str = "") -> None:
    """dispatch: to whom, then sent; whose it was already passes it on."""
    found = desk.job(number(id))
    if found is None:
        raise Outdated("这张单不归您办，请问客服。")
    if desk.me.roles.isdisjoint(overview.DESK):
        raise Outdated("派单由客服或片区经理来做。")
    if not number(person):
        desk.say(choice(desk, found, wide=bool(wide)))
        return
    to = desk.person(number(person))
    if to is None or to.left or "technician" not in to.roles:
        raise Outdated("这位同事现在不做维修了，请另选一位。")
    if as_shown(desk, found, number(rev)) != found.rev:
        raise Outdated(f"{found.title}\n这张现在是「{rule.STATES[found.state]}」。")
    if found.state in overview.PASSED_ON:
        dispatch.transfer(desk, found, found.rev, to)
    else:
        dispatch.send(desk, found, to)
    desk.say(Prompt(f"{found.title}\n已派给{to.name}，接了会告诉您。", keys.offer(found)))


def key(desk: Desk, said: Said, id: str, what: str) -> None:
    """The key of a vacant flat: given, received."""
    found = desk.job(number(id))
    if found is None:
        raise Outdated
    desk.say(keys.take(desk, found) if what == "take" else keys.give(desk, found))


def choice(desk: Desk, found: Job, *, wide: bool = False) -> Prompt:
    """Who is at work in the area, with how much each has; then everybody else, at work or not."""
    if found.state not in (*overview.PASSED_ON, "open", "sent", "offered"):
        raise Outdated(f"{found.title}\n这张现在是「{rule.STATES[found.state]}」。")
    declined = {one.person_id for one in desk.callouts(found.id) if one.answer == "declined"}
    near = [one for one in sorted(taking.suited(desk, found), key=lambda one: one.person.id in declined) if one.person.id != found.technician_id]
    labels = [(one.person.id, one.label) for one in near][:MOST_NEAR]
    if wide or not labels:
        known, here = {id for id, _ in labels}, {who.id for who in desk.on_shift("technician", desk.now)}
        others = [who for who in desk.people("technician") if who.id not in known and who.id != found.technician_id]
        labels += [(who.id, f"{who.name}（{'别的片区' if who.id in here else '不在班'}）") for who in others][:MOST_FAR]
        wide = True
    options = [Option(label, tokens.of_action("dispatch", found.id, found.rev, id), main=not nth) for nth, (id, label) in enumerate(labels)]
    options += [] if wide else [Option("其他师傅", tokens.of_action("dispatch", found.id, found.rev, 0, "all"))]
    lead = "" if near else "现在没有师傅在班，\n派给不在班的请先打电话。\n"
    return Prompt(f"{found.title}\n{lead}派给谁？" if options else f"{found.title}\n还没有维修人员，请在办公页面登记。", tuple(options))
