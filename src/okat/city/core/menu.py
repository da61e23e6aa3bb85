"""The ways in, in the order of the screen. A link shows when its address exists and the reader may follow it."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.translation import gettext_lazy as _

from okat.city.core.permissions import Permission


@dataclass(frozen=True)
class Entry:
    """`name` is the name of an address; with `needs`, one of these permissions opens it."""

    name: str
    label: Any
    needs: frozenset[Permission] = frozenset()


@dataclass(frozen=True)
class Link:
    url: str
    label: Any
    here: bool


EVERYONE = (
    Entry("catalogue:search", _("Find opportunities")),
    Entry("jobs:home", _("Jobs")),
    Entry("rounds:index", _("Decisions")),
    Entry("partners:network", _("Our network")),
    Entry("indicators:city", _("Our city")),
)
STAFF = (
    Entry("desk:today", _("Today")),
    Entry(
        "people:search",
        _("People"),
        frozenset({Permission.SEARCH_PEOPLE, Permission.SEE_PERSON, Permission.PIN_PERSON}),
    ),
    Entry(
        "cases:queue",
        _("Referrals"),
        frozenset({Permission.REFER, Permission.ANSWER_REFERRALS, Permission.RECORD_OUTCOME}),
    ),
    Entry(
        "catalogue:manage",
        _("Opportunities"),
        frozenset({Permission.MANAGE_OPPORTUNITIES, Permission.IMPORT_OPPORTUNITIES}),
    ),
    Entry("learning:courses", _("Courses"), frozenset({Permission.TEACH})),
    Entry(
        "rounds:list",
        _("Rounds"),
        frozenset(
            {Permission.PLAN_ROUNDS, Permission.RUN_ROUNDS, Permission.ANSWER_APPEALS, Permission.AUDIT_DECISIONS}
        ),
    ),
    Entry("rounds:index", _("Decisions")),
    Entry("desk:gaps", _("Gaps"), frozenset({Permission.SEE_GAPS})),
    Entry("partners:settings", _("Partner"), frozenset({Permission.MANAGE_PARTNER})),
    Entry("desk:audit", _("Audit trail"), frozenset({Permission.SEE_AUDIT})),
)
FOOT = (
    Entry("catalogue:search", _("Find opportunities")),
    Entry("jobs:home", _("Jobs")),
    Entry("partners:network", _("Our network")),
    Entry("learning:verify", _("Check a certificate")),
    Entry("people:code", _("I have a code on paper")),
    Entry("api:open-data", _("Open data")),
    Entry("privacy:notice", _("Your data and your rights")),
)
MINE = (
    Entry("rounds:mine", _("My applications")),
    Entry("cases:mine", _("My cases")),
    Entry("learning:mine", _("My learning passport")),
    Entry("catalogue:lookouts", _("What I asked to be told about")),
    Entry("people:mine-links", _("Offices that ask whether a record is mine")),
)
MY_PAGE = "people:mine"
SEARCH = "desk:search"
SIGN_OUT = "accounts:sign-out"
ACCOUNT = "accounts:account"
NOTICES = "notices:list"


def address(name: str) -> str:
    """The address of that name, or nothing where it does not exist here."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def open_at(path: str) -> tuple[str, ...]:
    """The addresses of the menus under which a page lies."""
    return tuple(url for url in _all(get_urlconf()) if _here(url, path))


@functools.cache
def _all(_urls: object) -> tuple[str, ...]:
    """Addresses never change while a server runs; tests put others in their place."""
    return tuple(filter(None, {address(entry.name) for entry in (*EVERYONE, *STAFF, *FOOT)}))


def _here(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def links(entries: Iterable[Entry], held: frozenset[Permission], path: str) -> list[Link]:
    """The entries that somebody with these permissions may follow; where one lies under another, the nearer is here."""
    open_to = [(address(entry.name), entry.label) for entry in entries if not entry.needs or entry.needs & held]
    here = max((url for url, _label in open_to if url and _here(url, path)), key=len, default="")
    return [Link(url, label, here=url == here) for url, label in open_to if url]


def main(held: frozenset[Permission], path: str) -> list[Link]:
    """Work for those who have permissions, the public ways in for everybody else."""
    return links(STAFF if held else EVERYONE, held, path)
