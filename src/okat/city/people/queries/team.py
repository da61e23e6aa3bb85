"""On whose Today the work for a person stands: what somebody owes does not end with them.

Whoever entered it hears of it first. Where they left, are away, or no longer see the person, it stands with the team:
whoever works for the partner that registered the person (where that sees them no longer: for any that does).
"""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.permissions import Permission
from okat.city.partners.models import Membership, Partner
from okat.city.partners.queries import at_work, partners_where
from okat.city.partners.rules import PERMISSIONS
from okat.city.people.models import Consent, Person
from okat.city.people.queries.scope import acted_for_by, grants_in_force
from okat.city.people.rules import Purpose, Status
from okat.city.places.models import Area


def falls_to(user: User, permission: Permission, *, by: str, person: str = "person") -> Q:
    """Rows about people (`person` and `by` are fields of the row) that are `user`'s to see to."""
    if not partners_where(user, permission):
        return Q(pk__in=[])
    seen = Q(**{f"{person}__in": acted_for_by(user, permission).order_by().values("pk")})
    return seen & (Q(**{by: user}) | (_ours(user, permission, person) & Q(~Exists(_able(by, person, permission)))))


def the_teams(user: User, permission: Permission, *, person: str = "person") -> Q:
    """Rows about people that are the whole team's: whoever comes first."""
    if not partners_where(user, permission):
        return Q(pk__in=[])
    seen = Q(**{f"{person}__in": acted_for_by(user, permission).order_by().values("pk")})
    return seen & _ours(user, permission, person)


def of_team(user: User, permission: Permission) -> QuerySet[Person]:
    """The people themselves who are the whole team's."""
    mine = partners_where(user, permission)
    home = grants_in_force().filter(person=OuterRef("pk"), partner=OuterRef("registered_by"))
    return acted_for_by(user, permission).filter(Q(registered_by__in=mine) | Q(~Exists(home)))


def _ours(user: User, permission: Permission, person: str) -> Q:
    home = grants_in_force().filter(person=OuterRef(person), partner=OuterRef(f"{person}__registered_by"))
    return Q(**{f"{person}__registered_by__in": partners_where(user, permission)}) | Q(~Exists(home))


def _able(by: str, person: str, permission: Permission) -> QuerySet[Membership]:
    """The role in which whoever `by` names is at work and sees the person."""
    seen = grants_in_force().filter(person=OuterRef(OuterRef(person)), partner=OuterRef("partner"))
    lives = ExpressionWrapper(OuterRef(f"{person}__area__path"), output_field=CharField())
    rows = at_work(permission, clock.today()).filter(Exists(seen), user=OuterRef(by))
    rows = rows.alias(lives=lives, works=Coalesce(F("areas__path"), F("partner__area__path")))
    return rows.filter(lives__startswith=F("works"))


def partners_reaching(person: Person, area: Area) -> QuerySet[Partner]:
    """Partners that may see the person and in which somebody works in `area`."""
    seen = grants_in_force().filter(person=person, partner=OuterRef("pk"))
    return Partner.objects.filter(Exists(seen), Exists(_working_in(area.path).filter(partner=OuterRef("pk"))))


def reaches(user: User, person: Person) -> bool:
    """Whether the user has a role in which they see the person where they live now."""
    held = grants_in_force().filter(person=person).values("partner")
    return _working_in(person.area.path).filter(user=user, partner__in=held).exists()


def _working_in(path: str) -> QuerySet[Membership]:
    """Roles that open records in the area with this path, which begins with that of each area around it."""
    roles = [role for role, held in PERMISSIONS.items() if Permission.PIN_PERSON in held]
    codes = path.rstrip("/").split("/")
    around = ["/".join(codes[:n]) + "/" for n in range(1, len(codes) + 1)]
    inside = Q(areas__path__in=around) | Q(areas=None, partner__area__path__in=around)
    return Membership.objects.current().filter(inside, role__in=roles)


def taken_over(user: User) -> QuerySet[Person]:
    """People whom the user's partners took over from one that left, and who have not agreed to it yet: to be told, and
    asked. Whoever has an account was told by a notice."""
    mine = partners_where(user, Permission.RECORD_CONSENT)
    kept = grants_in_force().filter(person=OuterRef("pk"), partner__in=mine, basis__source__startswith="handover:")
    said = Consent.objects.filter(person=OuterRef("pk"), recipient__in=mine, purpose=Purpose.CARE, withdrawn_at=None)
    rows = acted_for_by(user, Permission.RECORD_CONSENT).filter(
        Exists(kept), ~Exists(said), user=None, status=Status.ACTIVE
    )
    return rows.select_related("area").order_by("sort", "id")


def deserted() -> QuerySet[Partner]:
    """Partners of today that registered people and for which nobody works: the city team names somebody."""
    roles = [role for role, held in PERMISSIONS.items() if Permission.PIN_PERSON in held]
    there = Membership.objects.current().filter(partner=OuterRef("pk"), role__in=roles)
    people = Person.objects.filter(registered_by=OuterRef("pk"), status="active")
    return Partner.objects.filter(~Exists(there), Exists(people), left_on=None).order_by("th")
