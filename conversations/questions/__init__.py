"""The kinds of questions a form is made of."""

from conversations.questions.amount import Amount
from conversations.questions.base import Choice, Question, answered
from conversations.questions.count import Count
from conversations.questions.counts import Counts
from conversations.questions.facts import Facts
from conversations.questions.files import Files
from conversations.questions.lines import Lines
from conversations.questions.pick import Pick
from conversations.questions.pictures import Photo, Photos
from conversations.questions.place import Place
from conversations.questions.stamped import Stamped
from conversations.questions.ticks import Confirm
from conversations.questions.times import Day, Moment, day_words, moment_words, not_future, not_past
from conversations.questions.words import Choose, Text

__all__ = [
    "Amount",
    "Choice",
    "Choose",
    "Confirm",
    "Count",
    "Counts",
    "Day",
    "Facts",
    "Files",
    "Lines",
    "Moment",
    "Photo",
    "Photos",
    "Pick",
    "Place",
    "Question",
    "Stamped",
    "Text",
    "answered",
    "day_words",
    "moment_words",
    "not_future",
    "not_past",
]
