"""Every table, once; migrations are compared with this."""

from storage.tables.base import Id, Instant, metadata
from storage.tables.customers import contact, customer, owner
from storage.tables.log import audit, audit_salt
from storage.tables.messages import blob, inbox, lease, outbox
from storage.tables.papers import answer_log, case, case_event, kept_words, paper, paper_blob, paper_version, session
from storage.tables.people import address, deputy, invitation, leave, person, role, talk, team, web_session
from storage.tables.times import counter, day_exception, due, setting

__all__ = [
    "Id",
    "Instant",
    "address",
    "answer_log",
    "audit",
    "audit_salt",
    "blob",
    "case",
    "case_event",
    "contact",
    "counter",
    "customer",
    "day_exception",
    "deputy",
    "due",
    "inbox",
    "invitation",
    "kept_words",
    "lease",
    "leave",
    "metadata",
    "outbox",
    "owner",
    "paper",
    "paper_blob",
    "paper_version",
    "person",
    "role",
    "session",
    "setting",
    "talk",
    "team",
    "web_session",
]
