"""Who is reached by telephone, and which slips of paper wait for somebody to bring them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.outbox import channels
from okat.city.core.permissions import Permission
from okat.city.partners.models import Membership
from okat.city.partners.queries import partners_where
from okat.city.people.models import Person, PhoneCheck, Slip
from okat.city.people.queries.contact import said_no
from okat.city.people.queries.scope import visible_to
from okat.city.people.rules import BACK_WITHIN, LIVING

SHOWN = 300  # slips on one page
LATELY = 50  # and of those told lately


def phones_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The telephones to which messages may go, by the person's id: confirmed, still the record's, and not of somebody
    who asked the office in whose name they go not to write; none while the city has no SMS."""
    wanted = list(ids)
    if not wanted or not channels.goes("sms"):
        return {}
    rows = confirmed().filter(~said_no("person", OuterRef("person__registered_by")), person__in=wanted)
    return dict(rows.values_list("person", "phone"))


def never_brought(people: Iterable[Person], about: UUID) -> set[UUID]:
    """Of whom a slip about this lies there that nobody has printed, and none was ever printed or given over."""
    rows = Slip.objects.filter(person__in=[person.pk for person in people], about=str(about))
    given = Q(printed_at__isnull=False) | (Q(told_at__isnull=False) & ~Q(how=Slip.How.OVER))
    lying = set(rows.filter(told_at=None).values_list("person", flat=True))
    return lying - set(rows.filter(given).values_list("person", flat=True))


def confirmed() -> QuerySet[PhoneCheck]:
    return PhoneCheck.objects.filter(confirmed_at__isnull=False, phone=F("person__phone"))


def phone_check(person: Person) -> PhoneCheck | None:
    """What is known of the record's present number."""
    rows = PhoneCheck.objects.filter(person=person, phone=person.phone) if person.phone else PhoneCheck.objects.none()
    return rows.select_related("by").first()


def may_be_told(pk: str) -> bool:
    """Nobody writes to a record that was closed meanwhile."""
    return Person.objects.filter(pk=pk, status__in=LIVING).exists()


def open_slips() -> QuerySet[Slip]:
    return Slip.objects.filter(told_at=None, person__status__in=LIVING)


def waits_for(user: int) -> QuerySet[Slip]:
    """Whether there may be any, asked cheaply: of the user's partners, or of partners that are gone."""
    mine = Membership.objects.current().filter(user=user).values("partner")
    return open_slips().filter(Q(partner__in=mine) | Q(partner__left_on__isnull=False)).only("id")[:1]


def slips_for(user: User) -> QuerySet[Slip]:
    """Open slips of the user's partners, about persons whom the user may see; those of a partner that is gone are for
    whoever may work with the person now."""
    rows = _within(user, open_slips())
    return rows.select_related("person__area__parent", "partner").order_by("person__area__path", "person__sort", "id")


def _within(user: User, rows: QuerySet[Slip]) -> QuerySet[Slip]:
    partners = partners_where(user, Permission.PIN_PERSON)
    if not partners:
        return rows.none()
    theirs = Q(partner__in=partners) | Q(partner__left_on__isnull=False)
    return rows.filter(theirs, person__in=visible_to(user).values("pk"))


def told_lately() -> QuerySet[Slip]:
    """Marked as given or told within the last days, and still true: a wrong tap can be taken back."""
    told = Q(how__in=(Slip.How.GIVEN, Slip.How.SAID), told_at__gt=clock.now() - BACK_WITHIN, over_at=None)
    holds = Q(until=None) | Q(until__gte=clock.today())
    return Slip.objects.filter(told, holds, person__status__in=LIVING)


def lately_for(user: User) -> QuerySet[Slip]:
    """Those of them that the user might have brought."""
    return _within(user, told_lately()).select_related("person", "partner", "told_by").order_by("-told_at", "id")


def slip_for(user: User, pk: UUID) -> Slip | None:
    return slips_for(user).filter(pk=pk).first()


def read_slips(user: User) -> tuple[list[Slip], list[Slip]]:
    """What waits and what was told lately, for a page that names the persons; the look is recorded."""
    rows, lately = list(slips_for(user)[:SHOWN]), list(lately_for(user)[:LATELY])
    seen = {row.person_id: row.person for row in (*rows, *lately)}
    if seen:
        audit.record_many(by=user, verb="people.read", subjects=seen.values(), fields=["identity"], reason="slips")
    return rows, lately


def sheet_of(user: User, batch: UUID) -> list[Slip]:
    """The slips that the user printed together; those that were given over since are left out."""
    return list(slips_for(user).filter(batch=batch, printed_by=user))
