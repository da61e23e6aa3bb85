"""Slips: one for each person and kind of message while it is not printed."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.models import Letter
from okat.city.core.outbox import take_back
from okat.city.notices.actions import end_notices
from okat.city.notices.models import Notice
from okat.city.notices.queries import unread_about
from okat.city.notices.rules import KINDS
from okat.city.people.models import Person, Slip
from okat.city.people.queries.joining import one_human
from okat.city.people.rules import BACK_WITHIN, LIVING


def make_slips(people: Sequence[Person], kind: str, until: dt.date | None, about: str = "") -> None:
    """For persons whom nothing else reaches; newer news of a kind about the same is on the slip that lies there."""
    if not people:
        return
    now, ids = clock.now(), [person.pk for person in people]
    lying = Slip.objects.filter(person__in=ids, kind=kind, about=about, printed_at=None, told_at=None)
    there = set(lying.values_list("person", flat=True))
    lying.update(until=until, made_at=now)
    rows = [
        Slip(person=person, kind=kind, about=about, until=until, partner_id=person.registered_by_id, made_at=now)
        for person in people if person.pk not in there
    ]  # fmt: skip
    Slip.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def outdate_slips(ids: Iterable[UUID], app: str, abouts: list[str], by: User | None, *, but: str = "") -> None:
    """What an app's slips say of these things does not hold any more, printed or not, nor what waits to be sent;
    `but` is the kind that does, of which a slip may lie there."""
    whom = list(ids)
    _end_slips(Slip.objects.filter(person__in=whom, kind__startswith=f"{app}.", about__in=abouts).exclude(kind=but))
    unsay(whom, app, abouts, by)


def holds_no_more(ids: Iterable[UUID], kinds: Iterable[str], by: User | None) -> None:
    """What these kinds say of people's records has become untrue, whatever they are about (rules.told): no paper, SMS
    or letter says it any more."""
    whom, named = list(ids), [f"people.{kind}" for kind in kinds]
    _end_slips(Slip.objects.filter(person__in=whom, kind__in=named))
    take_back(Q(kind="people.told", params__person__in=[str(pk) for pk in whom], params__kind__in=named))
    end_unread(Notice.objects.filter(record__in=whom, kind__in=named, read_at=None, over_at=None), by)


def end_unread(notices: Iterable[Notice], by: User | None) -> None:
    """An entry in the trail where there are any."""
    if over := list(notices):
        end_notices(notices=over, by=by)


def _end_slips(slips: QuerySet[Slip]) -> None:
    """Printed or not."""
    slips.filter(told_at=None).update(told_at=clock.now(), told_by=None, how=Slip.How.OVER)
    bring_no_more(slips)


def bring_no_more(slips: QuerySet[Slip]) -> None:
    """Those of these that are marked as told stay so: taking the mark back would bring what does not hold. How the
    person was told stays written down."""
    slips.filter(told_at__gt=clock.now() - BACK_WITHIN, over_at=None).update(over_at=clock.now())


def unsay(ids: Sequence[UUID], app: str, abouts: list[str], by: User | None) -> None:
    """SMS that an app's news of these things waits in are not sent, and no letter to an account speaks of it, nor does
    it come on paper when none arrives: it does not hold any more, or newer news follows."""
    whom = [str(pk) for pk in ids]
    take_back(
        Q(kind="people.told", params__person__in=whom, params__kind__startswith=f"{app}.", params__about__in=abouts)
    )
    users = Person.objects.filter(pk__in=ids, user__isnull=False).order_by().values("user")
    end_unread(unread_about(users, app, abouts), by)


def slip_instead(params: Mapping[str, Any]) -> None:
    """An SMS that could not be sent becomes a slip."""
    person = Person.objects.filter(pk=params["person"], status__in=LIVING).first()
    until = dt.date.fromisoformat(params["until"]) if params["until"] else None
    make_slips([person] if person else [], params["kind"], until, params.get("about", ""))


def paper_instead(person: Person) -> None:
    """SMS that wait for somebody who asked not to be written to are not sent: what they say comes on paper, also what
    was said of a record that is joined into theirs."""
    records = [str(pk) for pk in one_human(person.pk)]
    waits = Letter.objects.filter(
        kind="people.told", params__person__in=records, state__in=(Letter.State.WAITING, Letter.State.HELD)
    )
    for letter in waits:
        slip_instead({**letter.params, "person": str(person.pk)})
    take_back(Q(pk__in=[letter.pk for letter in waits]))


def unsent(*, user: User, notices: Iterable[Notice], **_others: object) -> None:
    """Letters to an account that no channel took: what binds and is unread becomes slips."""
    person = Person.objects.filter(user=user, status__in=LIVING).first()
    for notice in notices:
        if person is not None and notice.kind in KINDS and KINDS[notice.kind].binding:
            said = str(notice.params.get("until", ""))
            about = str(notice.params.get("about", ""))
            make_slips([person], notice.kind, dt.date.fromisoformat(said) if said else None, about)
