"""What people gives to *Today* and to the search box."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.permissions import Permission, may
from okat.city.core.registries import Found, Task
from okat.city.core.together import Together
from okat.city.people.models import ImportBatch, Visit
from okat.city.people.queries.imports import batches_of
from okat.city.people.queries.pages import openings_to_review, proposals_for, visits_due
from okat.city.people.queries.search import search
from okat.city.people.queries.telling import slips_for, waits_for


def tasks(user: Any) -> Iterable[Task]:
    """Visits one by one, each other kind of work folded into one line."""
    if not isinstance(user, User):
        return []
    noted = _NOTED.of(user.pk, clock.today())
    visits = _visits(user) if noted["visits"] else ()
    files = _files(user) if noted["files"] else ()
    slips = _slips(user) if noted["slips"] else ()
    return [*slips, *visits, *_reviews(user), *_doubles(user), *files]


# Whether there is anything to look for: most days there is not, and the full questions are dear.
_NOTED = Together(
    int,
    dt.date,
    visits=lambda user, day: Visit.objects.filter(by=user, next_on__lte=day).only("id")[:1],
    slips=lambda user, _day: waits_for(user),
    files=lambda user, _day: ImportBatch.objects.filter(by=user, status=ImportBatch.Status.WAITING).only("id")[:1],
)


def _visits(user: User) -> Iterable[Task]:
    for visit in visits_due(user):
        title = _("Visit %(name)s again") % {"name": visit.person.full_name}
        url = reverse("people:person", args=[visit.person_id])
        yield Task(f"visit:{visit.pk}", title, str(visit.person.area), url, visit.next_on)


def _slips(user: User) -> Iterable[Task]:
    """Whom nothing reaches waits for somebody to come: the first day to answer says how long."""
    seen = slips_for(user).order_by().aggregate(count=Count("pk"), first=Min("until"))
    count = seen["count"]
    if count:
        words = ngettext("%(n)d message to bring to a person", "%(n)d messages to bring to persons", count) % {
            "n": count
        }
        note = _("No letter reaches them: print the slips, or ring")
        yield Task("slips", words, note, reverse("people:slips"), seen["first"], count)


def _reviews(user: User) -> Iterable[Task]:
    count = openings_to_review(user).count() if may(user, Permission.REVIEW_BREAK_GLASS) else 0
    if count:
        words = ngettext("%(n)d emergency opening to review", "%(n)d emergency openings to review", count) % {
            "n": count
        }
        yield Task("openings", words, _("Was it justified?"), reverse("people:openings"), None, count)


def _doubles(user: User) -> Iterable[Task]:
    count = proposals_for(user).count() if may(user, Permission.MERGE_PEOPLE) else 0
    if count:
        words = ngettext("%(n)d pair may be one person", "%(n)d pairs may be one person each", count) % {"n": count}
        yield Task("doubles", words, _("Compare them side by side"), reverse("people:doubles"), None, count)


def _files(user: User) -> Iterable[Task]:
    for batch in batches_of(user).filter(status=ImportBatch.Status.WAITING, by=user):
        url = reverse("people:import-batch", args=[batch.pk])
        yield Task(f"import:{batch.pk}", _("A file waits to be imported"), batch.filename, url)


def found(user: Any, wish: str) -> Iterable[Found]:
    """People by name or number, within the user's scope; the search is recorded without its text."""
    if not isinstance(user, User) or not may(user, Permission.SEARCH_PEOPLE):
        return []
    return [
        Found(_("Person"), person.full_name, str(person.area), reverse("people:person", args=[person.pk]))
        for person in search(user, wish, limit=10)
    ]
