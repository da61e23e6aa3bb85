"""What cases add to *Today*, to the search box, and to the pages of a person."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.cases.models import Case
from okat.city.cases.queries.glance import MOST, cases_shown, waiting
from okat.city.cases.queries.record import own_page, page_of, title, until_words
from okat.city.cases.queries.resting import going_on, place_of_ending
from okat.city.cases.queries.scope import cases_of_partner, own_cases, partners_of, unheld
from okat.city.cases.rules import AWAY, OPEN_STATES, TABLE, State, Who
from okat.city.core.permissions import Permission
from okat.city.core.registries import Found, Panel, Step, Task
from okat.city.core.templatetags.okat import be, words
from okat.city.partners.queries import partners_where
from okat.city.people.models import Person
from okat.city.people.queries import may_act_for, speaks_for
from okat.city.people.rules import Purpose

LATE_SHOWN = 5


def tasks(user: Any) -> Iterable[Task]:
    """For *Today*: a few late cases one by one, many folded into one line, and the others into one. Each line that
    stands for many leads to the list of exactly these."""
    if not isinstance(user, User):
        return []
    if not (partners_of(user) or partners_where(user, Permission.MANAGE_NETWORK)):
        return _own_tasks(user)
    waits = waiting(user)
    if waits.late > LATE_SHOWN:
        words = ngettext("%(n)s case is late", "%(n)s cases are late", waits.late) % {"n": waits.late}
        oldest = title(waits.first[0])
        found = [
            Task("cases:late", words, oldest, f"{reverse('cases:queue')}?late=1", waits.first[0].due_on, waits.late)
        ]
    else:
        found = [Task(f"case:{c.pk}", str(c.stage_label), title(c), page_of(c), c.due_on) for c in waits.first]
    if waits.in_time:
        words = ngettext("%(n)s case waits for us", "%(n)s cases wait for us", waits.in_time) % {"n": waits.in_time}
        found.append(Task("cases", words, "", f"{reverse('cases:queue')}?late=0", None, waits.in_time))
    return found


def found(user: Any, wish: str) -> Iterable[Found]:
    """For the search box: cases by what they are about, never by whose they are (people's own search does that)."""
    if not isinstance(user, User) or len(wish.strip()) < 2:
        return []
    text = wish.strip()[:100]
    named = Q(opportunity__title_th__icontains=text) | Q(opportunity__title_en__icontains=text)
    called = (named & (Q(opportunity__telling=False) | Q(deep=True))) | (
        Q(need__th__icontains=text) & (Q(need__sensitive=False) | Q(deep=True))
    )
    rows = cases_of_partner(user).filter(called, state__in=OPEN_STATES)[:10]
    return [Found(_("Case"), title(c), str(c.stage_label), page_of(c)) for c in rows]


def _own_tasks(user: User) -> list[Task]:
    """A resident's offers that wait for a yes or no."""
    waiting = own_cases(user).filter(state__in=[s for s in OPEN_STATES if TABLE[s].acts is Who.PERSON])
    return [Task(f"case:{c.pk}", _("Say yes or no"), title(c), own_page(c), c.due_on) for c in waiting]


def panel(user: Any, person: Person) -> Panel | None:
    """For a person's page: the cases that the reader may see and the way to a new one; for the resident their own."""
    if not isinstance(user, User):
        return None
    if person.user_id == user.pk:
        own = list(own_cases(user).filter(person=person)[:MOST])
        return Panel(_("My cases"), tuple(_line(c, own_page(c)) for c in own)) if own else None
    if not partners_of(user):
        return None
    seen = cases_shown(user, person)
    steps: tuple[Step, ...] = ()
    if may_act_for(user, person, Permission.REFER):
        steps = (Step(_("Propose or refer"), f"{reverse('cases:refer')}?person={person.pk}"),)
    same = twice(seen)
    return Panel(_("Cases"), tuple(_line(c, page_of(c), c.pk in same) for c in seen), steps)


def twice(cases: Iterable[Case]) -> set[UUID]:
    """Open cases of one person about the same thing, as two joined records may bring with them."""
    about: dict[object, list[UUID]] = {}
    for case in cases:
        if case.state in OPEN_STATES:
            about.setdefault((case.opportunity_id, case.need_id), []).append(case.pk)
    return {pk for same in about.values() if len(same) > 1 for pk in same}


def _line(case: Case, url: str, double: bool = False) -> Found:
    note = str(case.stage_label)
    if double:
        note += " · " + _("there is another about the same: end one")
    if case.given_back is not None:
        return Found(_("Case"), title(case), f"{note} · {until_words(case)}", url)
    if case.due_on and case.stage is not State.CLOSED:
        note += " · " + _("by %(day)s") % {"day": be(case.due_on)}
    if case.acts_next is not None:
        note += f" · {words(case.acts_next)}"
    return Found(_("Case"), title(case), note, url)


def consent_follows(consent: Any, deep: bool) -> Iterable[str]:
    """Which cases come back, and to whom, which close, and which go on by what, when this consent is withdrawn
    (actions.end_without_consent)."""
    back, left = _touched(consent, deep=deep)
    for case in back:
        said = {"title": title(case), "office": words(consent.recipient), "owner": words(case.owner)}
        yield _("“%(title)s” comes back from %(office)s to %(owner)s.") % said
    for case in left:
        said = {"title": title(case), "owner": words(case.owner)}
        yield _("“%(title)s” ends: %(owner)s may not keep the record any more, so nobody could go on with it.") % said
    for case in (*back, *left):
        yield from place_of_ending(case, consent, closes=case in left, deep=deep)
    yield from going_on(consent, {case.pk for case in (*back, *left)}, deep=deep)


def begun_that_end(consent: Any) -> list[UUID]:
    """Cases by which the person takes part in something now, and which withdrawing this consent ends."""
    ending = (case.pk for rows in _touched(consent, deep=False) for case in rows if case.stage is State.ACTIVE)
    return list(dict.fromkeys(ending))


def _touched(consent: Any, *, deep: bool) -> tuple[Sequence[Case], Sequence[Case]]:
    """Which come back to the responsible partner, and which close."""
    rows = Case.objects.filter(person=speaks_for(consent)).select_related("owner")
    rows = rows.annotate(deep=Value(deep))
    away = rows.filter(receiver=consent.recipient_id, state__in=AWAY).exclude(owner=consent.recipient_id)
    back = list(away) if consent.purpose == Purpose.REFER else []
    ids = [case.pk for case in back]
    left = rows.filter(Q(owner=consent.recipient_id) | Q(pk__in=ids))
    return back, list(left.filter(pk__in=unheld(but=consent, back=ids)))
