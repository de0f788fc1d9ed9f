"""Every form there is, in one explicit tuple."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.form import Form
from conversations.forms.sales.answer import RequestAnswer
from conversations.forms.sales.appointment import Appointment
from conversations.forms.sales.call import PhoneCall
from conversations.forms.sales.customer import NewCustomer
from conversations.forms.sales.later import AppointmentLater, PromiseLater
from conversations.forms.sales.promise import Promise
from conversations.forms.sales.remark import ReturnRemark
from conversations.forms.sales.request import ParkedRequest
from conversations.forms.sales.visit import CustomerVisit

FORMS: tuple[type[Form], ...] = (
    CustomerVisit,
    PhoneCall,
    NewCustomer,
    Appointment,
    AppointmentLater,
    Promise,
    PromiseLater,
    ParkedRequest,
    RequestAnswer,
    ReturnRemark,
)
BY_NAME: Mapping[str, type[Form]] = {form.__name__: form for form in FORMS}


def form_of(name: str) -> type[Form]:
    """The form of that class name; KeyError when there is none."""
    return BY_NAME[name]
