"""Every form there is, in one explicit tuple."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.form import Form
from conversations.forms.repairs.allowing import FreeOfCharge, LetGo, PartsUsed, Payer
from conversations.forms.repairs.count import Counted
from conversations.forms.repairs.custody import KeyOut, PaperDiffers, PaperFound
from conversations.forms.repairs.outcome import TenantOutcome
from conversations.forms.repairs.quote import RepairQuote
from conversations.forms.repairs.reasons import AnotherTime, CalledOff, Declined, NoSignature, NotMended, PassedOn
from conversations.forms.repairs.request import RepairRequest
from conversations.forms.sales.answer import RequestAnswer
from conversations.forms.sales.appointment import Appointment
from conversations.forms.sales.call import PhoneCall
from conversations.forms.sales.certificate import Certificate
from conversations.forms.sales.complaint import Complaint, ComplaintNote, ComplaintOutcome
from conversations.forms.sales.customer import NewCustomer
from conversations.forms.sales.delivery import BookDelivery
from conversations.forms.sales.hindrance import DeliveryReason
from conversations.forms.sales.introduction import CardVersion, ExhibitionEntry
from conversations.forms.sales.later import AppointmentLater, PromiseLater
from conversations.forms.sales.plan import PromotionPlan
from conversations.forms.sales.promise import Promise
from conversations.forms.sales.proposal import NeedProposal
from conversations.forms.sales.prospect import NameProspect
from conversations.forms.sales.reaction import NeedReaction
from conversations.forms.sales.remark import ReturnRemark
from conversations.forms.sales.request import ParkedRequest
from conversations.forms.sales.stamped import StampedPaper
from conversations.forms.sales.survey import ProspectSurvey
from conversations.forms.sales.touch import NextTouch
from conversations.forms.sales.visit import CustomerVisit

FORMS: tuple[type[Form], ...] = (
    RepairRequest,
    TenantOutcome,
    RepairQuote,
    Counted,
    KeyOut,
    PaperFound,
    PaperDiffers,
    Declined,
    PassedOn,
    CalledOff,
    PartsUsed,
    Payer,
    FreeOfCharge,
    LetGo,
    AnotherTime,
    NotMended,
    NoSignature,
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
    NameProspect,
    ProspectSurvey,
    NeedProposal,
    NeedReaction,
    Complaint,
    ComplaintNote,
    ComplaintOutcome,
    NextTouch,
    BookDelivery,
    DeliveryReason,
    CardVersion,
    ExhibitionEntry,
    PromotionPlan,
    StampedPaper,
    Certificate,
)
BY_NAME: Mapping[str, type[Form]] = {form.__name__: form for form in FORMS}


def form_of(name: str) -> type[Form]:
    """The form of that class name; KeyError when there is none."""
    return BY_NAME[name]
