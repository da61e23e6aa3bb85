"""What waits at *Today* in learning: offered places to answer, and learners who may be about to drop out."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.permissions import Permission
from okat.city.core.registries import Task
from okat.city.core.templatetags.okat import words
from okat.city.core.together import Together
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.queries import after, line
from okat.city.learning.queries.after import Follow
from okat.city.learning.rules import Standing
from okat.city.learning.rules.line import State
from okat.city.partners.models import Membership
from okat.city.partners.queries import at_work
from okat.city.people.queries import sensitive_to
from okat.city.people.queries.plain import name_told
from okat.city.people.rules import HIDDEN

FEW = 3  # people to tell of a place that stand one by one; more are folded into one line


def tasks(user: Any) -> Iterable[Task]:
    if not isinstance(user, User):
        return []
    noted = _NOTED.of(user.pk, clock.today())
    offers = _offers(user) if noted["own"] or noted["others"] else ()
    learners = after.to_follow(user) if noted["learners"] else []
    rows = [one.enrolment for one in learners if one.enrolment.opportunity.telling]
    telling = [row.person_id for row in rows if row.person_id is not None]
    deep = set(sensitive_to(user).filter(pk__in=telling).values_list("pk", flat=True)) if telling else set()
    return [*offers, *(_follow(one, one.enrolment.person_id in deep) for one in learners)]


_OFFERED = Turn.objects.filter(state=State.OFFERED)


def _partners(user: int) -> QuerySet[Membership, Any]:
    return Membership.objects.current().filter(user=user).values("partner")


def _gone(day: dt.date) -> Q:
    return Q(~Exists(at_work(Permission.PIN_PERSON, day).filter(user=OuterRef("person__responsible"))))


# Whether there is anything to look for: most days there is not, and the full questions are dear.
_NOTED = Together(
    int,
    dt.date,
    own=lambda user, _day: _OFFERED.filter(person__user=user).only("id")[:1],
    others=lambda user, _day: _OFFERED.filter(
        Q(entered_by=user) | Q(person__grants__partner__in=_partners(user)), person__user=None
    ).only("id")[:1],
    learners=lambda user, day: (
        Enrolment.objects.filter(standing=Standing.ACTIVE, person__responsible__isnull=False)
        .filter(Q(person__responsible=user) | Q(person__grants__partner__in=_partners(user)) & _gone(day))
        .only("id")[:1]
    ),
)


def _offers(user: User) -> Iterable[Task]:
    """One's own; those of others one by one where they are few, else in one line that leads to the list."""
    rows = list(line.offers_to(user))
    own = [turn for turn in rows if turn.person is not None and turn.person.user_id == user.pk]
    others = [turn for turn in rows if turn not in own]
    if len(others) <= FEW:
        return [_offer(turn, user) for turn in (*own, *others)]
    count = len(others)
    title = ngettext("Tell %(n)s person of a place", "Tell %(n)s people of a place", count) % {"n": count}
    note = _("They have no account and wait for your word")
    folded = Task("turns", title, note, reverse("learning:offers"), others[0].answer_by, count)
    return [*(_offer(turn, user) for turn in own), folded]


def _follow(one: Follow, deep: bool) -> Task:
    """The rule is named: whoever calls says why."""
    row = one.enrolment
    name = row.person.full_name if row.person is not None else ""
    title = _("Ask %(person)s how it goes: %(rule)s") % {"person": name, "rule": words(one.rule)}
    course = name_told(row.opportunity, deep=deep)
    return Task(f"dropout:{row.pk}", title, course, reverse("people:person", args=[row.person_id]))


def _offer(turn: Turn, user: User) -> Task:
    assert turn.person is not None
    own = turn.person.user_id == user.pk
    if line.hidden(turn):
        page = reverse("people:person", args=[turn.person_id])
        note = str(HIDDEN)
        return Task(f"turn:{turn.pk}", _("Answer: a place"), f"{turn.person.full_name} · {note}", page, turn.answer_by)
    title = _("Answer: a place in “%(place)s”") % {"place": words(turn.opportunity)}
    url = reverse("learning:place", args=[turn.opportunity_id])
    note = "" if own else turn.person.full_name
    return Task(f"turn:{turn.pk}", title, note, url if own else f"{url}?person={turn.person_id}", turn.answer_by)
