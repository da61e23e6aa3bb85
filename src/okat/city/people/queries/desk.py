"""What people gives to *Today* and to the search box."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.permissions import Permission, may
from okat.city.core.registries import Found, Task
from okat.city.core.templatetags.okat import words
from okat.city.core.together import Together
from okat.city.partners.models import Membership
from okat.city.partners.queries import at_work
from okat.city.people.models import Grant, ImportBatch, Visit
from okat.city.people.queries import grown
from okat.city.people.queries.imports import batches_of
from okat.city.people.queries.life import said_for, said_open
from okat.city.people.queries.pages import openings_to_review, proposals_for, visits_due
from okat.city.people.queries.search import search
from okat.city.people.queries.team import deserted, taken_over
from okat.city.people.queries.telling import slips_for, waits_for
from okat.city.people.rules import Status, Turn

MOST, FEW = 20, 5  # more visits than MOST: the first FEW stand one by one, the others in one line


def tasks(user: Any) -> Iterable[Task]:
    """Visits one by one, each other kind of work folded into one line."""
    if not isinstance(user, User):
        return []
    noted = _NOTED.of(user.pk, clock.today())
    visits = _visits(user) if noted["visits"] or noted["left"] else ()
    files = _files(user) if noted["files"] else ()
    slips = _slips(user) if noted["slips"] else ()
    handed = _taken_over(user) if noted["handed"] else ()
    return [
        *slips,
        *visits,
        *_reviews(user),
        *_doubles(user),
        *files,
        *(_said(user) if noted["said"] else ()),
        *_deserted(user),
        *handed,
        *(_grown(user) if grown.anybody() else ()),
    ]


# Whether there is anything to look for: most days there is not, and the full questions are dear.
_NOTED = Together(
    int,
    dt.date,
    visits=lambda user, day: Visit.objects.visits().filter(by=user, next_on__lte=day).only("id")[:1],
    slips=lambda user, _day: waits_for(user),
    handed=lambda user, _day: Grant.objects.filter(
        ended_at=None,
        basis__source__startswith="handover:",
        partner__in=Membership.objects.current().filter(user=user).values("partner"),
    ).only("id")[:1],
    said=lambda _user, _day: said_open().only("id")[:1],
    left=lambda user, day: (
        Visit.objects.visits()
        .filter(next_on__lte=day, person__status=Status.ACTIVE)
        .filter(person__grants__partner__in=Membership.objects.current().filter(user=user).values("partner"))
        .filter(~Exists(at_work(Permission.PIN_PERSON, day).filter(user=OuterRef("by"))))
        .only("id")[:1]
    ),
    files=lambda user, _day: ImportBatch.objects.filter(by=user, status=ImportBatch.Status.WAITING).only("id")[:1],
)


def _visits(user: User) -> Iterable[Task]:
    rows = visits_due(user)
    if len(rows) > MOST:
        count, rows = len(rows) - FEW, rows[:FEW]
        words = ngettext("%(n)d more person to visit again", "%(n)d more people to visit again", count) % {"n": count}
        yield Task("visits", words, "", reverse("people:visits"), clock.today(), count)
    for visit in rows:
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


def _taken_over(user: User) -> Iterable[Task]:
    count = taken_over(user).count()
    if count:
        words = ngettext(
            "Tell %(n)d person that you keep their record now", "Tell %(n)d people that you keep their records now",
            count,
        ) % {"n": count}  # fmt: skip
        note = _("Their office left the network; ask what they allow you")
        yield Task("handed", words, note, reverse("people:handed"), None, count)


def _grown(user: User) -> Iterable[Task]:
    """The first day on which something would end says how long there is to ask."""
    first = grown.to_ask(user).first()
    if first is not None:
        count = grown.to_ask(user).count()
        words = ngettext(
            "Ask %(n)d person who turned twenty what they allow", "Ask %(n)d people who turned twenty what they allow",
            count,
        ) % {"n": count}  # fmt: skip
        note = _("Until now a parent or guardian spoke for them")
        yield Task("grown", words, note, reverse("people:grown"), grown.until(first), count)


def _said(user: User) -> Iterable[Task]:
    """That somebody died or moved away ends much: who holds the record looks first."""
    for event in said_for(user)[:MOST]:
        kind = Status.DIED if event.kind == Turn.SAID_DIED else Status.MOVED
        said = _("%(name)s is said to have died") if kind == Status.DIED else _("%(name)s is said to have moved away")
        url = f"{reverse('people:changed', args=[event.person_id])}?kind={kind}"
        note = words(event.partner) if event.partner is not None else ""
        yield Task(f"said:{event.pk}", said % {"name": event.person.full_name}, note, url, timezone.localdate(event.at))


def _deserted(user: User) -> Iterable[Task]:
    """For the city team: partners that answer for people and in which nobody works."""
    count = deserted().count() if may(user, Permission.MANAGE_NETWORK) else 0
    if count:
        words = ngettext(
            "%(n)d partner has people and nobody who works for them",
            "%(n)d partners have people and nobody who works for them", count,
        ) % {"n": count}  # fmt: skip
        note = _("Name somebody, or hand over what it holds")
        yield Task("deserted", words, note, reverse("people:deserted"), None, count)


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
