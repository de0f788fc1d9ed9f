"""Random walks over every form with a restart at each step (the properties of the design's §4)."""

from __future__ import annotations

import os

import pytest

from conversations.form import Form
from conversations.registry import FORMS as FIRM_FORMS
from tests.conversations.firm import FORMS
from tests.conversations.walk import Walk, recorded

LONG = os.environ.get("PAOJIE_PROFILE") == "long"
STEPS = 250_000 if LONG else 24_000
LENGTH = 300  # messages before the person is another one
EVERY = (*FORMS, *FIRM_FORMS)


@pytest.mark.parametrize("form", EVERY, ids=lambda form: form.__name__)
def test_whatever_somebody_does(form: type[Form]) -> None:
    walked = filed = seed = 0
    while walked < STEPS / len(EVERY):
        walk = Walk(form, seed)
        walk.go(LENGTH)
        walked, filed, seed = walked + walk.steps, filed + walk.filed, seed + 1
    assert filed, "no walk ever got to the end"


@pytest.mark.parametrize("form", EVERY, ids=lambda form: form.__name__)
def test_conditions_read_only_earlier_questions(form: type[Form]) -> None:
    names = list(form.questions)
    walk = Walk(form, 1)
    for _ in range(150):
        walk.go(1)
        for question in form.questions.values():
            if question.when is not None:
                earlier = names[: names.index(question.name)]
                assert recorded(form, question, walk.session.answers, walk.firm) <= set(earlier), question.name
