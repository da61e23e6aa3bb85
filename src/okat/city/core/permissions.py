"""What a person may be allowed to do. Roles bundle these (partners.rules); docs/reference/permissions.md lists all."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


class Permission(StrEnum):
    """One value, one thing that somebody may do; the text is what the reference page says, and in the reader's language
    the page that refuses."""

    SEARCH_PEOPLE = _("search for a person in one's scope")
    SEE_PERSON = _("open a person's page")
    PIN_PERSON = _("pin a person or household")
    RECORD_CONSENT = _("record or withdraw a consent")
    RECORD_BASIS = _("note by which law an office keeps a person's record, and end that")
    BREAK_GLASS = _("open a record outside one's scope in an emergency, with a reason")
    REVIEW_BREAK_GLASS = _("review emergency openings")
    MERGE_PEOPLE = _("confirm or undo that two records are one person")
    IMPORT_PEOPLE = _("import people from a file")
    MANAGE_OPPORTUNITIES = _("write and publish opportunities of one's partner")
    IMPORT_OPPORTUNITIES = _("import opportunities from a file")
    REFER = _("propose and refer a person to an opportunity or partner")
    ANSWER_REFERRALS = _("accept, return or hand over referrals to one's partner")
    TEACH = _("keep attendance and issue certificates in the courses of one's partner")
    RECORD_OUTCOME = _("record what became of a case")
    APPLY_FOR_OTHERS = _("enter a person's application to a round, or enrol a person in a course")
    PLAN_ROUNDS = _("set a round's rules and compare policies")
    RUN_ROUNDS = _("freeze, open, close, run and publish a round")
    ANSWER_APPEALS = _("answer a request for review")
    AUDIT_DECISIONS = _("take a decision's audit bundle")
    SEE_GAPS = _("see the city's aggregate figures behind the public ones")
    MANAGE_PARTNER = _("manage members, venues and contributions of one's partner")
    MANAGE_NETWORK = _("add partners and memoranda, areas and the city's words")
    SEE_AUDIT = _("read the audit trail")

    @property
    def said(self) -> str:
        return gettext(self.value)


_source: Callable[[Any], frozenset[Permission]] | None = None


def provide(source: Callable[[Any], frozenset[Permission]]) -> None:
    """The app that knows roles hands in its answer when it starts (once)."""
    global _source  # noqa: PLW0603 - the one registry with a single value
    if _source is not None and _source is not source:
        raise RuntimeError("permissions have two sources")
    _source = source


def of(user: AbstractBaseUser) -> frozenset[Permission]:
    """All permissions of a signed-in user, asked once per request."""
    if not user.is_authenticated or _source is None:
        return frozenset()
    cached: frozenset[Permission] | None = user.__dict__.get("_permissions")
    if cached is None:
        cached = user.__dict__["_permissions"] = _source(user)
    return cached


def may(user: AbstractBaseUser, permission: Permission) -> bool:
    return permission in of(user)


def require(user: AbstractBaseUser, permission: Permission) -> None:
    """Raises PermissionDenied, whose page says what is missing."""
    if not may(user, permission):
        raise PermissionDenied(permission.name)
