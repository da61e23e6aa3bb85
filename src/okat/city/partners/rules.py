"""Roles in a partner and what each may do."""

import datetime as dt
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.core.permissions import Permission
from okat.city.core.refusals import UndoneError


class Role(StrEnum):
    COORDINATOR = "coordinator"  # the city team
    MANAGER = "manager"  # runs one partner's side
    OFFICER = "officer"  # publishes, answers, records
    FIELD_WORKER = "field_worker"  # pins, proposes, refers, visits
    COMMUNITY_LEADER = "community_leader"
    AUDITOR = "auditor"


class LeftError(UndoneError):
    """Something would be given to an office that has left."""

    def __init__(self) -> None:
        super().__init__("partner_left", _("This office has left the network. Choose another one."))


class Answer(StrEnum):
    """What became of an invitation."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    RECALLED = "recalled"  # by whoever manages the partner


_FIELD = frozenset({
    Permission.SEARCH_PEOPLE, Permission.SEE_PERSON, Permission.PIN_PERSON, Permission.RECORD_CONSENT,
    Permission.BREAK_GLASS, Permission.REFER, Permission.APPLY_FOR_OTHERS, Permission.RECORD_OUTCOME,
})  # fmt: skip
_OFFICE = frozenset({
    Permission.SEARCH_PEOPLE, Permission.SEE_PERSON, Permission.PIN_PERSON, Permission.RECORD_CONSENT,
    Permission.MANAGE_OPPORTUNITIES, Permission.IMPORT_OPPORTUNITIES, Permission.IMPORT_PEOPLE, Permission.REFER,
    Permission.ANSWER_REFERRALS, Permission.RECORD_OUTCOME, Permission.APPLY_FOR_OTHERS,
    Permission.TEACH,
})  # fmt: skip
_HEAD = frozenset({Permission.MANAGE_PARTNER, Permission.MERGE_PEOPLE, Permission.REVIEW_BREAK_GLASS})
_TEAM = frozenset({
    Permission.PLAN_ROUNDS, Permission.RUN_ROUNDS, Permission.ANSWER_APPEALS, Permission.SEE_GAPS,
    Permission.MANAGE_NETWORK, Permission.SEARCH_PEOPLE, Permission.SEE_PERSON, Permission.MANAGE_OPPORTUNITIES,
    Permission.IMPORT_OPPORTUNITIES, Permission.IMPORT_PEOPLE,
})  # fmt: skip

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.FIELD_WORKER: _FIELD,
    Role.OFFICER: _OFFICE,
    Role.MANAGER: _OFFICE | _HEAD | {Permission.RECORD_BASIS},
    Role.COMMUNITY_LEADER: frozenset({Permission.SEE_GAPS}),
    # The city team decides rounds and sees figures; its scope still needs a grant to open a person's page.
    Role.COORDINATOR: _TEAM | _HEAD,
    Role.AUDITOR: frozenset({Permission.AUDIT_DECISIONS, Permission.SEE_AUDIT, Permission.SEE_GAPS}),
}


def permissions_of(roles: set[Role]) -> frozenset[Permission]:
    """The union over a user's roles; nothing for no roles."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))


ROLE_WORDS: dict[str, Promise] = {
    Role.COORDINATOR: _("City team"),
    Role.MANAGER: _("Manager"),
    Role.OFFICER: _("Officer"),
    Role.FIELD_WORKER: _("Field worker"),
    Role.COMMUNITY_LEADER: _("Community leader"),
    Role.AUDITOR: _("Auditor"),
}
# What somebody says yes to.
ROLE_OPENS: dict[str, Promise] = {
    Role.COORDINATOR: _(
        "Plans and runs rounds, sees the city's figures, manages all partners. Opens no person's record."
    ),
    Role.MANAGER: _(
        "Opens the records of people whom this partner serves, publishes, answers, and says who else works here."
    ),
    Role.OFFICER: _("Opens the records of people whom this partner serves, publishes opportunities, answers cases."),
    Role.FIELD_WORKER: _("Registers people at home, opens their records in the areas named, and refers them."),
    Role.COMMUNITY_LEADER: _("Sees figures of the city. Opens no person's record."),
    Role.AUDITOR: _("Checks decisions and reads the audit trail. Opens no person's record."),
}
# Roles that reach over all partners are given by the city team alone: a manager cannot raise anyone above himself.
_ABOVE = frozenset({Role.COORDINATOR, Role.AUDITOR})
LEAVING = (("ended", _("The agreement ended")), ("merged", _("It merged with another")), ("wish", _("By its own wish")))

DAYS: dict[str, Promise] = {
    "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"), "fri": _("Friday"),
    "sat": _("Saturday"), "sun": _("Sunday"),
}  # fmt: skip


class VenueKind(StrEnum):
    LIBRARY = "library"
    TEMPLE = "temple"
    COMMUNITY = "community"
    PARK = "park"
    MUSEUM = "museum"
    SCHOOL = "school"
    HEALTH = "health"
    OFFICE = "office"
    OTHER = "other"


VENUE_KINDS: dict[VenueKind, Promise] = {
    VenueKind.LIBRARY: _("Library"),
    VenueKind.TEMPLE: _("Temple"),
    VenueKind.COMMUNITY: _("Community centre"),
    VenueKind.PARK: _("Park"),
    VenueKind.MUSEUM: _("Museum"),
    VenueKind.SCHOOL: _("School or college"),
    VenueKind.HEALTH: _("Health centre"),
    VenueKind.OFFICE: _("Office"),
    VenueKind.OTHER: _("Another place"),
}
UNITS = (
    ("baht", _("baht")), ("hour", _("hours")), ("day", _("days")), ("trip", _("trips")), ("set", _("sets")),
    ("place", _("places")),
)  # fmt: skip

_HOURS = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")


def grantable(mine: Set[Permission]) -> frozenset[Role]:
    """The roles that somebody with these permissions may give and take."""
    if Permission.MANAGE_NETWORK in mine:
        return frozenset(Role)
    return frozenset(Role) - _ABOVE if Permission.MANAGE_PARTNER in mine else frozenset()


def check_member(role: Role, mine: Set[Permission], *, left: bool, inside: bool) -> str:
    """Why this role may not be given: `left`, `role` or `areas` (outside the partner's own); empty when it may."""
    if left:
        return "left"
    if role not in grantable(mine):
        return "role"
    return "" if inside else "areas"


def check_accepts(*, mine: str, owner: bool | None) -> str:
    """Why an account may not take up what was sent to an address; empty when it may.

    `mine` is the account's confirmed address ("" for none); `owner`: whether the account that confirmed the address is
    this one (None: nobody has confirmed it).
    """
    if owner is False:
        return "other_account"
    return "" if owner or not mine else "other_address"


def parse_hours(text: str) -> list[list[str]]:
    """`08:30-12:00, 13.00-16.30` as [[from, to]]; empty for closed.

    Raises ValueError for anything else, for a time that no clock shows, and for spans that overlap or go backwards.
    """
    spans: list[list[str]] = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        found = _HOURS.fullmatch(part)
        if found is None:
            raise ValueError(part)
        hours = [int(n) for n in found.groups()]
        start, end = dt.time(hours[0], hours[1]), dt.time(hours[2], hours[3])
        if start >= end or (spans and f"{start:%H:%M}" < spans[-1][1]):
            raise ValueError(part)
        spans.append([f"{start:%H:%M}", f"{end:%H:%M}"])
    return spans


def say_hours(spans: list[list[str]]) -> str:
    """The reverse of `parse_hours`."""
    return ", ".join(f"{start}-{end}" for start, end in spans)


@dataclass(frozen=True)
class OpenNow:
    """Whether a place is open: until when today, or when it opens next (day and time; empty: no hours are known)."""

    open: bool
    until: str = ""
    day: str = ""
    opens: str = ""


def open_at(opening: Mapping[str, list[list[str]]], moment: dt.datetime) -> OpenNow:
    """By the week's hours; `moment` is local. Holidays are not looked at: the place may be closed on one."""
    now, days = f"{moment:%H:%M}", list(DAYS)
    today = moment.weekday()
    for start, end in opening.get(days[today], []):
        if start <= now < end:
            return OpenNow(open=True, until=end)
    for ahead in range(8):
        day = days[(today + ahead) % 7]
        for start, _end in opening.get(day, []):
            if ahead or start > now:
                return OpenNow(open=False, day=day, opens=start)
    return OpenNow(open=False)


def say_unit(unit: str) -> str:
    """The unit in the reader's language; one that came from a file stands as it is."""
    return str(dict(UNITS).get(unit, unit))


# What was done, as the audit trail says it.
TOLD: Mapping[str, Promise] = {
    "partners.load": _("Loaded the partners of the city's folder"),
    "partners.add_member": _("Gave somebody a role"),
    "partners.change_areas": _("Changed the areas of a role"),
    "partners.end_member": _("Ended somebody's role"),
    "partners.absence": _("Noted when somebody is away"),
    "partners.end_absence": _("Noted that somebody is back"),
    "partners.reset_member": _("Reset the second factor of a member"),
    "partners.invite": _("Invited somebody to a role"),
    "partners.invite_again": _("Sent an invitation again"),
    "partners.recall": _("Called an invitation back"),
    "partners.accept": _("Accepted a role"),
    "partners.decline": _("Declined a role"),
    "partners.add": _("Added a partner"),
    "partners.choose": _("Chose the partner to work for"),
    "partners.describe": _("Changed what is said of a partner"),
    "partners.rename": _("Gave a partner another name"),
    "partners.settle": _("Settled something that a leaving partner held"),
    "partners.leave": _("A partner left the network"),
    "partners.sign": _("Noted a memorandum"),
    "partners.contribution": _("Noted what a partner gives or looks for"),
    "partners.use": _("Noted how much of a contribution was used"),
    "partners.venue": _("Wrote or changed a venue"),
}
