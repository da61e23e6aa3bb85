"""Who belongs where."""

from django.http import HttpRequest

from okat.city.accounts.models import User
from okat.city.core.permissions import Permission
from okat.city.partners.models import Membership, Partner
from okat.city.partners.rules import PERMISSIONS, Role, permissions_of
from okat.city.places.models import Area


def memberships(user: User) -> list[Membership]:
    """The user's current memberships with partners and areas; two queries, once per request."""
    cached: list[Membership] | None = user.__dict__.get("_memberships")
    if cached is None:
        rows = Membership.objects.current().filter(user=user).select_related("partner__area").prefetch_related("areas")
        cached = user.__dict__["_memberships"] = list(rows)
    return cached


def permissions(user: User) -> frozenset[Permission]:
    return permissions_of({Role(m.role) for m in memberships(user)})


def partners_where(user: User, permission: Permission) -> list[Partner]:
    """The partners in which the user's role carries the permission."""
    found = {m.partner_id: m.partner for m in memberships(user) if permission in PERMISSIONS[Role(m.role)]}
    return list(found.values())


def areas_of(membership: Membership) -> list[Area]:
    """Where a membership reaches: its own areas, else the partner's."""
    return list(membership.areas.all()) or [membership.partner.area]


def acting_partner(request: HttpRequest, permission: Permission) -> Partner | None:
    """The partner for which the user acts: the one chosen in the session if it fits, else the first that does."""
    assert isinstance(request.user, User)
    fitting = partners_where(request.user, permission)
    chosen = request.session.get("partner")
    return next((p for p in fitting if p.code == chosen), fitting[0] if fitting else None)
