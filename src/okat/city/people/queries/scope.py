"""Who may see whom, and who may act for whom: the one place that says either.

A person is seen by members, with a role that opens records, of a partner that holds a grant in force, inside the
areas of the membership; by a user with an emergency opening in force; and by the person's own account.

Whoever writes needs more: the own account, or a role that carries the permission, where the person lives, in a partner
that holds a grant in force. An emergency opening lets nobody write but its own report.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.partners.queries import areas_of, memberships, partners_where
from okat.city.partners.rules import PERMISSIONS, Role
from okat.city.people.models import BreakGlass, Consent, Grant, Person
from okat.city.people.rules import OPEN_STATUSES
from okat.city.places.models import whole

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
    opened = Q(user=user) | Q(Exists(_openings(user)))
    return Person.objects.filter(opened | _granted(user, Permission.SEE_PERSON), status__in=OPEN_STATUSES)


def may_act_for(user: Reader, person: Person, permission: Permission) -> bool:
    """Whether the user may do, for the person, what the permission says. The system may: it does what follows from
    elsewhere. What a page brought along with the record is not asked again."""
    if not isinstance(user, User) or not user.is_active or person.status not in OPEN_STATUSES:
        return isinstance(user, User) and user.is_system
    reader, seen = person.__dict__.get("read_by", (None, None))
    if reader == user.pk:
        return bool(seen.own or seen.partner_for(user, person, permission))
    return user.is_system or person.user_id == user.pk or seeing_partner(user, person, permission) is not None


def acted_for_by(user: Reader, permission: Permission) -> QuerySet[Person]:
    """All persons for whom the user may do what the permission says."""
    if not isinstance(user, User) or not user.is_active:
        return Person.objects.none()
    return Person.objects.filter(Q(user=user) | _granted(user, permission), status__in=OPEN_STATUSES)


def _granted(user: User, permission: Permission) -> Q:
    wanted = Q(pk__in=[])
    for one in reach(user, permission):
        wanted |= Q(Exists(grants_in_force().filter(person=OuterRef("pk"), partner=one.partner))) & _inside(one.paths)
    return wanted


def grants_in_force() -> QuerySet[Grant]:
    return Grant.objects.in_force()


def unspoken(but: Iterable[Consent] = ()) -> Q:
    """Records for which nobody can speak: no account opens them, and no office may, now or from a later day on. `but`:
    as if these consents were withdrawn."""
    now = clock.now()
    held = Grant.objects.resting().filter(Q(until=None) | Q(until__gt=now), person=OuterRef("pk"))
    held = held.filter(Q(basis__until=None) | Q(basis__until__gt=now))
    gone = [one.pk for one in but]
    return Q(user=None) & ~Q(Exists(held.exclude(consent__in=gone) if gone else held))


def seeing_partner(user: User, person: Person, permission: Permission = Permission.SEE_PERSON) -> Partner | None:
    """The partner through whose grant the user may do this for the person; None for an own record or an emergency."""
    mine = _near(user, person, permission)
    held = set(grants_in_force().filter(person=person, partner__in=mine).values_list("partner_id", flat=True))
    return next((partner for partner in mine if partner.pk in held), None)


def opening_partner(user: User, person: Person) -> Partner | None:
    """The partner in which the user opened the record in an emergency that lasts."""
    now, helps = clock.now(), partners_where(user, Permission.BREAK_GLASS)
    rows = BreakGlass.objects.filter(user=user, person=person, partner__in=[partner.pk for partner in helps])
    found = rows.filter(at__lte=now, until__gt=now).select_related("partner").last() if helps else None
    return found.partner if found is not None else None


def may_see_sensitive(user: User, person: Person) -> bool:
    """Own record, an emergency, or a grant that rests on explicit consent (PDPA s.26). What a page brought along with
    the record is not asked again."""
    if person.user_id == user.pk:
        return True
    reader, seen = person.__dict__.get("read_by", (None, None))
    if reader == user.pk:
        return bool(seen.sensitive)
    partners = _near(user, person, Permission.SEE_PERSON)
    granted = grants_in_force().filter(person=person, partner__in=partners, sensitive=True)
    return Person.objects.filter(Q(Exists(granted)) | Q(Exists(_openings(user))), pk=person.pk).exists()


def sensitive_to(user: Reader) -> QuerySet[Person]:
    """All persons of whom the user may see what is sensitive: `may_see_sensitive` for many."""
    if not isinstance(user, User) or not user.is_active:
        return Person.objects.none()
    allowed = Q(user=user) | Q(Exists(_openings(user)))
    for one in reach(user):
        deep = grants_in_force().filter(person=OuterRef("pk"), partner=one.partner, sensitive=True)
        allowed |= Q(Exists(deep)) & _inside(one.paths)
    return Person.objects.filter(allowed, status__in=OPEN_STATUSES)


@dataclass(frozen=True)
class Standing:
    """As what a reader stands to one record: it is their own, or opened in an emergency, or seen through partners."""

    own: bool
    emergency: bool
    partners: tuple[Partner, ...]
    sensitive: bool
    held: frozenset[int]  # partners with a grant in force, whoever reads
    opening: BreakGlass | None = None  # that of the emergency

    def partner_for(self, user: User, person: Person, permission: Permission) -> Partner | None:
        """As `seeing_partner`."""
        return next((p for p in _near(user, person, permission) if p.pk in self.held), None)


def standing(user: User, person: Person, grants: Iterable[Grant], openings: Iterable[BreakGlass]) -> Standing | None:
    """`visible_to` for one record whose grants (read by `resting`) and emergency openings are at hand; None where
    it is out of scope."""
    if not user.is_active or person.status not in OPEN_STATUSES:
        return None
    now = clock.now()
    force = [grant for grant in grants if grant.holds(now)]
    held, deep = frozenset(g.partner_id for g in force), {g.partner_id for g in force if g.sensitive}
    partners = tuple(p for p in _near(user, person, Permission.SEE_PERSON) if p.pk in held)
    own = person.user_id == user.pk
    helps = {partner.pk for partner in partners_where(user, Permission.BREAK_GLASS)}
    mine = [o for o in openings if o.user_id == user.pk and o.partner_id in helps and o.at <= now < o.until]
    if not (own or mine or partners):
        return None
    deep_in = own or bool(mine) or any(p.pk in deep for p in partners)
    return Standing(own, bool(mine), partners, deep_in, held, max(mine, key=lambda o: o.until) if mine else None)


def _near(user: User, person: Person, permission: Permission) -> list[Partner]:
    """The partners in which the user's role carries the permission where the person lives."""
    return [r.partner for r in reach(user, permission) if any(person.area.path.startswith(path) for path in r.paths)]


def may_see_point(user: User, person: Person) -> bool:
    """Only the responsible worker sees the dot; others see the community. The person sees it too."""
    return user.pk in (person.responsible_id, person.user_id)


def _openings(user: User) -> QuerySet[BreakGlass]:
    """In force only while the user may still break the glass in the partner for which it was broken."""
    now, helps = clock.now(), partners_where(user, Permission.BREAK_GLASS)
    rows = BreakGlass.objects.filter(user=user, person=OuterRef("pk"), partner__in=[partner.pk for partner in helps])
    return rows.filter(at__lte=now, until__gt=now)


def _inside(paths: frozenset[str]) -> Q:
    if whole(paths):
        return Q()
    wanted = Q(pk__in=[])
    for path in sorted(paths):
        wanted |= Q(area__path__startswith=path)
    return wanted
