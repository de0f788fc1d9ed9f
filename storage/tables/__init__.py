"""Every table, once; migrations are compared with this."""

from storage.tables.base import Id, Instant, metadata
from storage.tables.cards import card, card_read, exhibition
from storage.tables.customers import contact, customer, owner
from storage.tables.lists import import_change, import_run, issue, medium, position, price, running_contract, unit
from storage.tables.log import audit, audit_salt
from storage.tables.messages import blob, inbox, lease, outbox
from storage.tables.mutes import mute
from storage.tables.papers import answer_log, case, case_event, kept_words, paper, paper_blob, paper_version, session
from storage.tables.people import address, deputy, invitation, leave, own_hours, person, role, talk, team, web_session
from storage.tables.repairs import agreement, area, callout, duty, handover, job, link, station, thing
from storage.tables.rules import setting_change
from storage.tables.setup import channel, start_link
from storage.tables.times import counter, day_exception, due, setting

__all__ = [
    "Id",
    "Instant",
    "address",
    "agreement",
    "answer_log",
    "area",
    "audit",
    "audit_salt",
    "blob",
    "callout",
    "card",
    "card_read",
    "case",
    "case_event",
    "channel",
    "contact",
    "counter",
    "customer",
    "day_exception",
    "deputy",
    "due",
    "duty",
    "exhibition",
    "handover",
    "import_change",
    "import_run",
    "inbox",
    "invitation",
    "issue",
    "job",
    "kept_words",
    "lease",
    "leave",
    "link",
    "medium",
    "metadata",
    "mute",
    "outbox",
    "own_hours",
    "owner",
    "paper",
    "paper_blob",
    "paper_version",
    "person",
    "position",
    "price",
    "role",
    "running_contract",
    "session",
    "setting",
    "setting_change",
    "start_link",
    "station",
    "talk",
    "team",
    "thing",
    "unit",
    "web_session",
]
