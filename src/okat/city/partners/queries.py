"""Who belongs where."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.signing import BadSignature, loads
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from okat.city.accounts.models import Totp, User
from okat.city.accounts.queries import owner_of, reachable
from okat.city.accounts.rules import Channel
from okat.city.core import clock, kept
from okat.city.core.permissions import Permission
from okat.city.core.registries import HANDOVER, Holding
from okat.city.core.steady import SMALLEST, in_tens, said_in_tens
from okat.city.core.templatetags.okat import words
from okat.city.core.together import Together
from okat.city.notices.queries import unread_of
from okat.city.partners.models import Absence, Contribution, Invitation, Membership, Memorandum, Partner, Venue
from okat.city.partners.rules import PERMISSIONS, LeftError, Role, check_accepts, permissions_of, say_unit
from okat.city.places import queries as places
from okat.city.places.models import Area

_ROLES = Together(
    int,
    memberships=lambda user: Membership.objects.current().filter(user=user),
    reach=lambda user: Membership.areas.through._default_manager.filter(membership__user=user),
)
# What is asked of whoever signed in at each request, in one statement.
_SIGNED_IN = Together(
    int,
    user=lambda user: User.objects.filter(pk=user, is_active=True).annotate(unread=unread_of(OuterRef("pk"))),
    devices=lambda user: Totp.objects.filter(user=user, confirmed=True),
    **_ROLES.parts,
)


class Accounts(ModelBackend):
    """Who signed in, with their roles, second factors and unread messages, for one request."""

    def get_user(self, user_id: int) -> User | None:
        found = _SIGNED_IN.of(user_id)
        if not found["user"]:
            return None
        user: User = found["user"][0]
        user.__dict__["_memberships"] = _joined(found)
        user.__dict__["_devices"] = found["devices"]
        return user


def memberships(user: User) -> list[Membership]:
    """The user's current memberships with partners and areas; at most one query, once per request."""
    cached: list[Membership] | None = getattr(user, "_memberships", None)
    if cached is None:
        cached = _joined(_ROLES.of(user.pk))
        user._memberships = cached  # type: ignore[attr-defined]  # for this request; the user may be a lazy one
    return cached


def _joined(found: dict[str, list[Any]]) -> list[Membership]:
    partners, areas = known(), places.known()
    for member in found["memberships"]:
        member.partner = partners[member.partner_id]
        member.partner.area = areas[member.partner.area_id]
        within = [areas[row.area_id] for row in found["reach"] if row.membership_id == member.pk]
        member.__dict__["_reach"] = within or [member.partner.area]
    return found["memberships"]


def permissions(user: User) -> frozenset[Permission]:
    return permissions_of({Role(m.role) for m in memberships(user)})


def partners_where(user: User, permission: Permission) -> list[Partner]:
    """The partners in which the user's role carries the permission."""
    found = {m.partner_id: m.partner for m in memberships(user) if permission in PERMISSIONS[Role(m.role)]}
    return list(found.values())


def areas_of(membership: Membership) -> list[Area]:
    """Where a membership reaches: its own areas, else the partner's."""
    kept: list[Area] | None = membership.__dict__.get("_reach")
    return kept or list(membership.areas.all()) or [membership.partner.area]


def acting_partner(request: HttpRequest, permission: Permission) -> Partner | None:
    """The partner for which the user acts: the one chosen in the session if it fits, else the first that does."""
    assert isinstance(request.user, User)
    fitting = partners_where(request.user, permission)
    chosen = request.session.get("partner")
    return next((p for p in fitting if p.code == chosen), fitting[0] if fitting else None)


def network() -> QuerySet[Partner]:
    """The partners of today, with what they bring counted."""
    kinds = {
        "venue_count": Count("venues", distinct=True),
        "gives_count": Count("contributions", filter=Q(contributions__direction="gives"), distinct=True),
        "seeks_count": Count("contributions", filter=Q(contributions__direction="seeks"), distinct=True),
    }
    return Partner.objects.filter(left_on=None).select_related("area").annotate(**kinds).order_by("kind", "th")


KEPT = "partners"


def known() -> dict[int, Partner]:
    """Every partner, those who left too, by its id."""
    return kept.value(KEPT, lambda: {partner.pk: partner for partner in Partner.objects.all()})


_TODAY = Together(int, rows=lambda pk: Partner.objects.filter(pk=pk, left_on=None))


def partner_of_today(pk: int) -> Partner | None:
    """As the database has it now, and not as it was a moment ago (`known`)."""
    return next(iter(_TODAY.of(pk)["rows"]), None)


def all_stay(ids: Iterable[int]) -> bool:
    """Whether these partners are in the network, and stay there until the caller's transaction ends: whatever gives a
    partner something new asks this first, since a partner that leaves hands over only what it finds.

    Many hold this lock at once, and leaving waits; a row that merely refers to the partner waits for nobody.
    """
    wanted = sorted(set(ids))
    with connection.cursor() as cursor:
        cursor.execute("SELECT left_on FROM partners_partner WHERE id = ANY(%s) ORDER BY id FOR SHARE", [wanted])
        return all(left_on is None for (left_on,) in cursor.fetchall())


def check_stay(*ids: int) -> None:
    """As `all_stay`: the first line of an action that gives them something. Raises LeftError."""
    if not all_stay(ids):
        raise LeftError


def partner_called(code: str) -> Partner | None:
    return Partner.objects.filter(code=code).select_related("area").first()


def venues_of(partner: Partner) -> QuerySet[Venue]:
    return partner.venues.select_related("area")


def venues() -> QuerySet[Venue]:
    """Of all partners of today."""
    return Venue.objects.filter(partner__left_on=None).order_by("id")


def venue_of(partner: Partner, pk: int) -> Venue | None:
    return venues_of(partner).filter(pk=pk).first()


def contributions_of(partner: Partner) -> QuerySet[Contribution]:
    return partner.contributions.select_related("resource", "area", "partner")


def contribution_of(partner: Partner, pk: int) -> Contribution | None:
    return contributions_of(partner).filter(pk=pk).first()


def wanted() -> QuerySet[Contribution]:
    """What partners of today look for, newest first: an invitation to invest together."""
    rows = Contribution.objects.filter(direction=Contribution.Direction.SEEKS, partner__left_on=None)
    return rows.select_related("partner", "resource", "area").order_by("-id")


def unused_of(partner: Partner) -> list[Mapping[str, object]]:
    """What the partner shares and what of it is free still, by resource and unit: empty rooms, unused hours."""
    english = translation.get_language() == "en"
    rows = partner.contributions.filter(direction=Contribution.Direction.GIVES).order_by()
    summed = rows.values("resource__th", "resource__en", "unit").annotate(
        planned_sum=Sum("planned"), used_sum=Sum("used"), left=Sum(Greatest(F("planned") - F("used"), Decimal(0)))
    )
    return [
        {**row, "word": row["resource__en"] if english else row["resource__th"], "unit_words": say_unit(row["unit"])}
        for row in summed.order_by("resource__th", "unit")
    ]


def use_by_resource() -> Sequence[Mapping[str, object]]:
    """Planned and used by resource and unit over the whole network."""
    rows = Contribution.objects.filter(direction=Contribution.Direction.GIVES, partner__left_on=None)
    summed = rows.values("resource__th", "resource__en", "unit").annotate(
        planned_sum=Sum("planned"), used_sum=Sum("used")
    )
    return [{**row, "unit_words": say_unit(row["unit"])} for row in summed.order_by("resource__th", "unit")]


def permissions_in(user: User, partner: Partner) -> frozenset[Permission]:
    """What the user may in this partner: by the roles held there, or as the city team anywhere."""
    if Permission.MANAGE_NETWORK in permissions(user):
        return frozenset(Permission)
    return permissions_of({Role(m.role) for m in memberships(user) if m.partner_id == partner.pk})


def works_elsewhere(user: User, manager: User) -> bool:
    """Whether the user has a role in a partner that `manager` does not manage."""
    managed = {partner.pk for partner in partners_where(manager, Permission.MANAGE_PARTNER)}
    return Membership.objects.filter(user=user, ended_on=None).exclude(partner__in=managed).exists()


def invitations_of(partner: Partner) -> QuerySet[Invitation]:
    """Those that wait for an answer, the newest first; also those whose days are over."""
    rows = partner.invitations.filter(answered_at=None)
    return rows.select_related("by", "partner__area").prefetch_related("areas")


def invitation_of(partner: Partner, pk: int) -> Invitation | None:
    return invitations_of(partner).filter(pk=pk).first()


def invitation_of_link(token: str) -> Invitation | None:
    """The invitation that the newest link is for; its state is the reader's to look at."""
    try:
        pk, until = loads(token, salt=Invitation.SALT)
    except (BadSignature, ValueError, TypeError):
        return None
    found = Invitation.objects.filter(pk=pk).select_related("partner__area", "by").first()
    return found if found is not None and int(found.expires_at.timestamp()) == until else None


def invitation_to_send(pk: int) -> Invitation | None:
    return Invitation.objects.filter(pk=pk, answered_at=None).select_related("partner").first()


def why_not(invitation: Invitation, user: User | None) -> str:
    """Why the invitation cannot be taken up: a word of rules.Answer, `late`, or what rules.check_accepts says of an
    account."""
    if invitation.answered_at is not None:
        return invitation.answer
    if invitation.expires_at <= clock.now():
        return "late"
    if user is None:
        return ""
    owner = owner_of(invitation.address)
    mine = reachable([user])[user.pk].get(Channel.EMAIL, "")
    return check_accepts(mine=mine, owner=None if owner is None else owner == user)


def members_of(partner: Partner) -> QuerySet[Membership]:
    """Everybody with a role here now."""
    rows = partner.memberships.filter(ended_on=None).select_related("user", "partner__area").prefetch_related("areas")
    return rows.order_by("role", "user__name", "id")


def member_of(partner: Partner, pk: int) -> Membership | None:
    return members_of(partner).filter(pk=pk).first()


def last_manager(membership: Membership) -> bool:
    """Whether nobody else would answer for the whole of the partner, which still has others, or holds something."""
    others = membership.partner.memberships.filter(ended_on=None).exclude(pk=membership.pk)
    if others.filter(role=Role.MANAGER, areas=None).exists():
        return False
    return others.exists() or any(holding.count(membership.partner) for _key, holding in HANDOVER)


def nobody_left(membership: Membership) -> str:
    """Why this role cannot end: it is the last that answers for its partner, or for the network; else empty."""
    if membership.role == Role.COORDINATOR and membership.ended_on is None and not other_coordinators([membership.pk]):
        return "last_coordinator"
    return "last_manager" if membership.role == Role.MANAGER and last_manager(membership) else ""


def other_coordinators(without: Iterable[int]) -> bool:
    """Whether somebody is the city team by another membership than these."""
    rows = Membership.objects.current().filter(role=Role.COORDINATOR, user__is_active=True)
    return rows.exclude(pk__in=list(without)).exists()


def coordinators() -> list[User]:
    """The users of the city team."""
    return list(
        User.objects.filter(memberships__in=Membership.objects.current().filter(role=Role.COORDINATOR)).distinct()
    )


def teams_of_city() -> QuerySet[Partner]:
    """The partners whose members coordinate the network."""
    return Partner.objects.filter(pk__in=Membership.objects.current().filter(role=Role.COORDINATOR).values("partner"))


def users_with(permission: Permission) -> list[User]:
    """Whoever holds a role that carries the permission, in any partner."""
    roles = [role.value for role, held in PERMISSIONS.items() if permission in held]
    return list(User.objects.filter(memberships__in=Membership.objects.current().filter(role__in=roles)).distinct())


def workers(partner: Partner, permission: Permission) -> list[User]:
    """Who is told when the partner must act: whoever is at work; where all are away, all."""
    found = _TEAM.of(partner.pk, clock.today())
    told = {m.user_id for m in found["members"] if PERMISSIONS[Role(m.role)] & {permission, Permission.MANAGE_NETWORK}}
    here = told - {row.user_id for row in found["away"]} or told
    return [user for user in found["users"] if user.pk in here]


_TEAM = Together(
    int,
    dt.date,
    members=lambda partner, _day: Membership.objects.current().filter(partner=partner),
    users=lambda partner, _day: User.objects.filter(
        pk__in=Membership.objects.current().filter(partner=partner).values("user")
    ),
    away=lambda partner, day: _away(day).filter(
        user__in=Membership.objects.current().filter(partner=partner).values("user")
    ),
)


def _away(day: dt.date) -> QuerySet[Absence]:
    return Absence.objects.filter(ended_at=None, since__lte=day, until__gte=day)


def at_work(permission: Permission, day: dt.date) -> QuerySet[Membership]:
    """Today's roles that carry the permission, of whoever is not away."""
    roles = [role for role, held in PERMISSIONS.items() if permission in held]
    return Membership.objects.current().filter(~Exists(_away(day).filter(user=OuterRef("user"))), role__in=roles)


def absence_of(user: User) -> Absence | None:
    """The one that lasts or is to come."""
    return Absence.objects.filter(user=user, ended_at=None, until__gte=clock.today()).first()


def absences_in(partner: Partner) -> dict[int, Absence]:
    """Of the members, by the user's id."""
    rows = Absence.objects.filter(ended_at=None, until__gte=clock.today(), user__memberships__partner=partner)
    return {row.user_id: row for row in rows.distinct()}


NAMED = 5  # of what a partner holds, on the page of its leaving


class Tens(int):
    """A number behind which people stand, as whoever may not open their records reads it: its whole tens."""

    def __new__(cls, count: int) -> "Tens":
        return super().__new__(cls, in_tens(count) or SMALLEST)

    def __init__(self, count: int) -> None:
        self.said = said_in_tens(count)

    def __str__(self) -> str:
        return self.said


@dataclass(frozen=True)
class Held:
    """One kind of thing that a partner still holds; `count` is for settling it, and shown to nobody."""

    key: str
    holding: Holding
    count: int
    partner: Partner
    first: str = ""  # what is to be settled before this can be ended, in words

    @cached_property
    def names(self) -> list[str]:
        """Of the first, asked where they are shown."""
        return [words(one) for one in self._named[:NAMED]]

    @cached_property
    def _named(self) -> list[Any]:
        found = self.holding.names(self.partner)
        if self.holding.things:
            return list(found[: NAMED + 1])
        return list(islice((one for one in found if not getattr(one, "telling", False)), NAMED + 1))

    @property
    def more(self) -> str:
        """How many have no name here, where some have; where people stand behind the number, only that there are."""
        if len(self._named) <= NAMED:
            return ""
        return _("and %(n)s more") % {"n": self.count - NAMED} if self.holding.things else _("and more")

    @property
    def said(self) -> str:
        return self.holding.say(self.count if self.holding.things else Tens(self.count))

    @property
    def handed(self) -> bool:
        """Whether somebody else can take it over; a template calls what can be called, and so asks here."""
        return self.holding.hand is not None

    @property
    def ends(self) -> bool:
        """Whether it can be ended where nobody takes it over."""
        return self.holding.close is not None and not self.first


def held_before(partner: Partner, key: str) -> list[Held]:
    """What is left to settle before this can be ended."""
    firsts = [(name, holding) for name, holding in HANDOVER if key in holding.before]
    counted = [Held(name, holding, holding.count(partner), partner) for name, holding in firsts]
    return [one for one in counted if one.count]


def held_by(partner: Partner) -> list[Held]:
    """What is left to settle before the partner may leave, in the order of settling."""
    counted = [Held(key, holding, holding.count(partner), partner) for key, holding in HANDOVER]
    held = [one for one in counted if one.count]
    first = {key: one.said for one in held for key in one.holding.before}
    return [replace(one, first=first.get(one.key, "")) for one in held]


def successors_of(partner: Partner) -> QuerySet[Partner]:
    """Who can take over what a partner holds: partners of today in which somebody answers for everything."""
    manages = Membership.objects.current().filter(partner=OuterRef("pk"), role=Role.MANAGER, areas=None)
    return Partner.objects.filter(Exists(manages), left_on=None).exclude(pk=partner.pk).order_by("th")


def too_weak_to_succeed(partner: Partner) -> QuerySet[Partner]:
    """The other partners of today: nobody there manages the whole area yet."""
    able = successors_of(partner).values("pk")
    return Partner.objects.filter(left_on=None).exclude(pk=partner.pk).exclude(pk__in=able).order_by("th")


def where_to_ask(partners: Collection[int]) -> dict[int, Venue]:
    """Where each is found by somebody who cannot ring: the first place that says its address or its hours."""
    rows = Venue.objects.filter(partner__in=partners).exclude(address="", opening={}).select_related("area")
    found: dict[int, Venue] = {}
    for venue in rows:
        found.setdefault(venue.partner_id, venue)
    return found


def areas_within(partner: Partner) -> QuerySet[Area]:
    return Area.objects.within(partner.area).select_related("parent").order_by("path")


def memoranda() -> QuerySet[Memorandum]:
    return Memorandum.objects.prefetch_related("partners")


def areas_of_network() -> QuerySet[Area]:
    """Where a partner may have its seat: the province, its districts and sub-districts."""
    return Area.objects.exclude(level="community").order_by("path")


def roles_of(user: User) -> frozenset[Role]:
    """Every role that the user holds anywhere."""
    return frozenset(
        Role(role) for role in Membership.objects.filter(user=user, ended_on=None).values_list("role", flat=True)
    )
