"""One step of a case, sent by a form: done once, or drawn again with what went wrong."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import Http404

from okat.city.accounts.models import User
from okat.city.cases import actions, queries
from okat.city.cases.forms import StepForm, form_for
from okat.city.cases.models import Case
from okat.city.cases.rules import LateError, Verb
from okat.city.cases.views.ending import follows
from okat.city.core.once import done, once
from okat.city.core.refusals import UndoneError

Do = Callable[..., object]

# Proposing anew has a page of its own: it needs a search.
DO: Mapping[Verb, tuple[Do, tuple[str, ...]]] = {
    Verb.ACCEPT: (actions.accept, ()), Verb.DECLINE: (actions.decline, ("reason",)),
    Verb.REFER: (actions.refer, ("to", "note")), Verb.RECALL: (actions.recall, ()),
    Verb.RECEIVE: (actions.receive, ()), Verb.RETURN: (actions.return_referral, ("reason", "note")),
    Verb.START: (actions.start, ()), Verb.COMPLETE: (actions.complete, ()), Verb.LEAVE: (actions.leave, ("reason",)),
    Verb.FOLLOW_UP: (actions.record_follow_up, ("outcome", "note")), Verb.CLOSE: (actions.close, ()),
    Verb.HAND_OVER: (actions.hand_over, ("to",)),
}  # fmt: skip


def step_of(name: str) -> Verb:
    """The verb of an address. Raises Http404 for one that no form sends."""
    try:
        verb = Verb(name)
    except ValueError as error:
        raise Http404("verb") from error
    if verb not in DO:
        raise Http404("verb")
    return verb


def send(case: Case, verb: Verb, data: Any, user: User, after: Callable[[], str]) -> tuple[str, StepForm, Verb | None]:
    """Do the step that a form asks for; where to go, or nothing and the form with its errors.

    Raises LateError where somebody else acted since the form was drawn: the page then says what happened.
    """
    form = form_for(verb, case, data)
    if not form.is_valid():
        # What the first sending changed may leave nothing to choose for the second.
        return done(user=user, token=data.get("once", "")), form, verb
    function, names = DO[verb]
    values = {name: form.cleaned_data[name] for name in names}

    def do() -> str:
        function(case=case, by=user, version=form.cleaned_data["version"], **values)
        return after()

    try:
        return once(user=user, token=form.cleaned_data["once"], do=do), form, None
    except LateError:
        raise
    except UndoneError as refused:
        add_refusal(form, refused)
        return "", form, verb


def drawn(
    found: queries.Page, sent: Mapping[Verb, StepForm], *, own: bool = False
) -> list[tuple[Verb, StepForm, bool]]:
    """Each step that is open to the reader with its form (as it came back, where it was sent) and what it ends."""
    steps = [(verb, sent.get(verb) or form_for(verb, found.case), verb in sent) for verb in found.verbs if verb in DO]
    for verb, form, _open in steps:
        form.follows = follows(verb, found.case, found.person, own=own)
    return steps


def not_offered(bound: Mapping[Verb, StepForm], verbs: Sequence[Verb]) -> str:
    """What was wrong with a step that is not offered any more, and so has no form to stand beside."""
    wrong = [form for verb, form in bound.items() if verb not in verbs]
    return " ".join(str(text) for form in wrong for texts in form.errors.values() for text in texts)


def add_refusal(form: Any, refused: UndoneError) -> None:
    """Beside the field that it is about, else above the form."""
    to = dict.fromkeys(("consent", "consent_withdrawn", "partner", "partner_left"), "to")
    place = {**to, "reason": "reason", "goal": "text"}.get(refused.code)
    if "partner" in form.fields and "to" not in form.fields and place == "to":
        place = "partner"
    form.add_error(place if place in form.fields else None, str(refused))
    form.refused = refused.code


def told(case: Case) -> str:
    """The newest line of the timeline: what was just done."""
    last = queries.last_transition(case)
    return queries.sentence(last, case) if last else ""
