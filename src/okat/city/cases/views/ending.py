"""What a step of a case ends, in one sentence with names: it stands above the button that does it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from okat.city.cases import queries
from okat.city.cases.models import Case
from okat.city.cases.rules import Verb
from okat.city.core.templatetags.okat import words
from okat.city.people.models import Person
from okat.city.rounds.queries import goes_to, waits_on

FOLLOWS: Mapping[Verb, Promise] = {
    Verb.DECLINE: gettext_lazy(
        "%(person)s does not take “%(title)s”; %(owner)s is told and may propose something else."
    ),
    Verb.RECALL: gettext_lazy(
        "“%(title)s” of %(person)s is with %(owner)s again and %(holder)s no longer sees it; it can be referred anew."
    ),
    Verb.RETURN: gettext_lazy(
        "“%(title)s” of %(person)s goes back to %(owner)s with the reason, and %(holder)s no longer sees it."
    ),
    Verb.LEAVE: gettext_lazy(
        "%(person)s takes part in “%(title)s” no more; %(owner)s asks later how it goes. This cannot be taken back."
    ),
    Verb.CLOSE: gettext_lazy(
        "“%(title)s” of %(person)s is closed and %(owner)s asks no more; what is needed later begins a new case."
    ),
    Verb.HAND_OVER: gettext_lazy(
        "The partner that you choose takes “%(title)s” of %(person)s over, and %(owner)s no longer leads it."
    ),
}  # fmt: skip
# The same, said to the person.
FOLLOWS_OWN: Mapping[Verb, Promise] = {
    Verb.DECLINE: gettext_lazy("You do not take “%(title)s”; %(owner)s is told and may propose something else."),
    Verb.LEAVE: gettext_lazy(
        "You take part in “%(title)s” no more; %(owner)s asks you later how it goes. This cannot be taken back."
    ),
}


def follows(verb: Verb, case: Case, person: Person | None, *, own: bool = False) -> str:
    """Nothing for a step that goes on. `own`: the reader is the person."""
    if verb not in FOLLOWS:
        return ""
    words_of = FOLLOWS_OWN.get(verb, FOLLOWS[verb]) if own else FOLLOWS[verb]
    said = str(words_of) % {
        "person": person.full_name if person is not None else _("the person"), "title": queries.title(case),
        "owner": words(case.owner), "holder": words(case.receiver or case.owner),
    }  # fmt: skip
    return f"{said} {_of_the_round(case)}".strip() if verb is Verb.LEAVE else said


def _of_the_round(case: Case) -> str:
    """What becomes of a place that a round gave, and of the turns there; nothing of another."""
    given = queries.given_by_round(case)
    deep = bool(getattr(case, "deep", False))
    return f"{goes_to(given)} {waits_on(given, deep=deep)}" if given is not None else ""
