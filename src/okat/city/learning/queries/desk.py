"""What waits at *Today* in learning: offered places to answer, and learners who may be about to drop out."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.core.registries import Task
from okat.city.core.templatetags.okat import words
from okat.city.core.together import Together
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.queries import after, line
from okat.city.learning.queries.after import Follow
from okat.city.learning.rules import Standing
from okat.city.learning.rules.line import State


def tasks(user: Any) -> Iterable[Task]:
    if not isinstance(user, User):
        return []
    noted = _NOTED.of(user.pk)
    offers = line.offers_to(user) if noted["own"] or noted["entered"] else ()
    learners = after.to_follow(user) if noted["learners"] else ()
    return [*(_offer(turn, user) for turn in offers), *map(_follow, learners)]


_OFFERED = Turn.objects.filter(state=State.OFFERED)
# Whether there is anything to look for: most days there is not, and the full questions are dear.
_NOTED = Together(
    int,
    own=lambda user: _OFFERED.filter(person__user=user).only("id")[:1],
    entered=lambda user: _OFFERED.filter(entered_by=user).only("id")[:1],
    learners=lambda user: Enrolment.objects.filter(standing=Standing.ACTIVE, person__responsible=user).only("id")[:1],
)


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
