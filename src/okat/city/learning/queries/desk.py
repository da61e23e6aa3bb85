"""What waits at *Today* in learning: offered places to answer, and learners who may be about to drop out."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.core.registries import Task
from okat.city.core.templatetags.okat import words
from okat.city.learning.models import Turn
from okat.city.learning.queries import after, line
from okat.city.learning.queries.after import Follow

SHOWN = 10


def tasks(user: Any) -> Iterable[Task]:
    if not isinstance(user, User):
        return []
    offers = [_offer(turn, user) for turn in line.offers_to(user)[:SHOWN]]
    return [*offers, *(_follow(one) for one in after.to_follow(user)[:SHOWN])]


def _follow(one: Follow) -> Task:
    """The rule is named: whoever calls says why."""
    row = one.enrolment
    title = _("Ask %(person)s how it goes: %(rule)s") % {"person": row.person, "rule": words(one.rule)}
    return Task(f"dropout:{row.pk}", title, words(row.opportunity), reverse("people:person", args=[row.person_id]))


def _offer(turn: Turn, user: User) -> Task:
    assert turn.person is not None
    own = turn.person.user_id == user.pk
    title = _("Answer: a place in “%(place)s”") % {"place": words(turn.opportunity)}
    url = reverse("learning:place", args=[turn.opportunity_id])
    note = "" if own else str(turn.person)
    return Task(f"turn:{turn.pk}", title, note, url if own else f"{url}?person={turn.person_id}", turn.answer_by)
