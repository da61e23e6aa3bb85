"""Who may see whom: the one place that says it.

A person is seen by members, with a role that opens records, of a partner that holds a grant in force, inside the
areas of the membership; by a user with an emergency opening in force; and by the person's own account.
"""

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.partners.queries import areas_of, memberships
from okat.city.partners.rules import PERMISSIONS, Role
from okat.city.people.models import BreakGlass, Grant, Person
from okat.city.people.rules import OPEN_STATUSES

Reader = User | AnonymousUser | AbstractBaseUser


@dataclass(frozen=True)
class Reach:
    """One partner in which the user may open records, and the area paths within which."""

    partner: Partner
    paths: frozenset[str]


def reach(user: Reader, permission: Permission = Permission.SEE_PERSON) -> list[Reach]:
    """Where the user's memberships carry the permission; areas of several memberships in a partner add up."""
    if not isinstance(user, User):
        return []
    found: dict[int, tuple[Partner, set[str]]] = {}
    for member in memberships(user):
        if permission in PERMISSIONS[Role(member.role)]:
            paths = found.setdefault(member.partner_id, (member.partner, set()))[1]
            paths.update(area.path for area in areas_of(member))
    return [Reach(partner, frozenset(paths)) for partner, paths in found.values()]


def visible_to(user: Reader) -> QuerySet[Person]:
    """All persons whom the user may see. Merged and erased records are seen by nobody."""
    if not isinstance(user, User) or not user.is_active:
        return Person.objects.none()
    allowed = Q(user=user) | Q(Exists(_openings(user)))
    for one in reach(user):
        allowed |= Q(Exists(grants_in_force().filter(person=OuterRef("pk"), partner=one.partner))) & _inside(one.paths)
    return Person.objects.filter(allowed, status__in=OPEN_STATUSES)


def grants_in_force() -> QuerySet[Grant]:
    now = clock.now()
    return Grant.objects.filter(Q(until=None) | Q(until__gt=now), ended_at=None, since__lte=now)


def seeing_partner(user: User, person: Person, permission: Permission = Permission.SEE_PERSON) -> Partner | None:
    """The partner through whose grant the user may do this for the person; None for an own record or an emergency."""
    mine = [r for r in reach(user, permission) if any(person.area.path.startswith(path) for path in r.paths)]
    held = set(
        grants_in_force()
        .filter(person=person, partner__in=[r.partner for r in mine])
        .values_list("partner_id", flat=True)
    )
    return next((r.partner for r in mine if r.partner.pk in held), None)


def may_see_sensitive(user: User, person: Person) -> bool:
    """Own record, an emergency, or a grant that rests on explicit consent (PDPA s.26)."""
    if person.user_id == user.pk:
        return True
    partners = [r.partner for r in reach(user) if any(person.area.path.startswith(path) for path in r.paths)]
    granted = grants_in_force().filter(person=person, partner__in=partners, sensitive=True)
    return Person.objects.filter(Q(Exists(granted)) | Q(Exists(_openings(user))), pk=person.pk).exists()


def may_see_point(user: User, person: Person) -> bool:
    """Only the responsible worker sees the dot; others see the community. The person sees it too."""
    return user.pk in (person.responsible_id, person.user_id)


def _openings(user: User) -> QuerySet[BreakGlass]:
    now = clock.now()
    return BreakGlass.objects.filter(user=user, person=OuterRef("pk"), at__lte=now, until__gt=now)


def _inside(paths: frozenset[str]) -> Q:
    wanted = Q(pk__in=[])
    for path in sorted(paths):
        wanted |= Q(area__path__startswith=path)
    return wanted
