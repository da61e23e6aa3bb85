"""Who is reached by telephone, and which slips of paper wait for somebody to bring them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Q, QuerySet

from okat.city.accounts.models import User
from okat.city.core import audit
from okat.city.core.outbox import channels
from okat.city.core.permissions import Permission
from okat.city.partners.models import Membership
from okat.city.partners.queries import partners_where
from okat.city.people.models import Person, PhoneCheck, Slip
from okat.city.people.queries.scope import visible_to
from okat.city.people.rules import Status

SHOWN = 300  # slips on one page


def phones_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The telephones to which messages may go, by the person's id: confirmed, and still the record's; none while the
    city has no SMS."""
    wanted = list(ids)
    if not wanted or "sms" not in channels.set_up():
        return {}
    rows = confirmed().filter(person__in=wanted)
    return dict(rows.values_list("person", "phone"))


def confirmed() -> QuerySet[PhoneCheck]:
    return PhoneCheck.objects.filter(confirmed_at__isnull=False, phone=F("person__phone"))


def phone_check(person: Person) -> PhoneCheck | None:
    """What is known of the record's present number."""
    rows = PhoneCheck.objects.filter(person=person, phone=person.phone) if person.phone else PhoneCheck.objects.none()
    return rows.select_related("by").first()


def may_be_told(pk: str) -> bool:
    """Nobody writes to a record that was closed meanwhile."""
    return Person.objects.filter(pk=pk, status__in=(Status.ACTIVE, Status.MOVED)).exists()


def open_slips() -> QuerySet[Slip]:
    return Slip.objects.filter(told_at=None, person__status__in=(Status.ACTIVE, Status.MOVED))


def waits_for(user: int) -> QuerySet[Slip]:
    """Whether there may be any, asked cheaply: of the user's partners, or of partners that are gone."""
    mine = Membership.objects.current().filter(user=user).values("partner")
    return open_slips().filter(Q(partner__in=mine) | Q(partner__left_on__isnull=False)).only("id")[:1]


def slips_for(user: User) -> QuerySet[Slip]:
    """Open slips of the user's partners, about persons whom the user may see; those of a partner that is gone are for
    whoever may work with the person now."""
    partners = partners_where(user, Permission.PIN_PERSON)
    if not partners:
        return Slip.objects.none()
    theirs = Q(partner__in=partners) | Q(partner__left_on__isnull=False)
    rows = open_slips().filter(theirs, person__in=visible_to(user).values("pk"))
    return rows.select_related("person__area__parent", "partner").order_by("person__area__path", "person__sort", "id")


def slip_for(user: User, pk: UUID) -> Slip | None:
    return slips_for(user).filter(pk=pk).first()


def read_slips(user: User) -> list[Slip]:
    """As `slips_for`, for a page that names the persons; the look is recorded."""
    rows = list(slips_for(user)[:SHOWN])
    seen = {row.person_id: row.person for row in rows}
    if seen:
        audit.record_many(by=user, verb="people.read", subjects=seen.values(), fields=["identity"], reason="slips")
    return rows


def sheet_of(user: User, batch: UUID) -> list[Slip]:
    """The slips that the user printed together; those that were given over since are left out."""
    return list(slips_for(user).filter(batch=batch, printed_by=user))
