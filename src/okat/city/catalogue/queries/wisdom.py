"""Holders of local wisdom: for everybody those who agreed, for an office those whom it knows."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.catalogue.models import Wisdom
from okat.city.core import audit
from okat.city.core.permissions import Permission
from okat.city.partners.queries import partners_where
from okat.city.taxonomy.models import Term


def named(subject: str = "") -> QuerySet[Wisdom]:
    """Holders who agreed to be named; `subject` is a term's code."""
    rows = Wisdom.objects.public().select_related("subject", "area", "partner")
    return rows.filter(subject__code=subject) if subject else rows


def subjects_named() -> list[Term]:
    """What those who agreed can teach."""
    return list(
        Term.objects.filter(pk__in=Wisdom.objects.public().order_by().values("subject")).order_by("order", "code")
    )


def holders_of(user: User) -> QuerySet[Wisdom]:
    """Whom the user's partners know, named in public or not."""
    rows = Wisdom.objects.filter(partner__in=partners_where(user, Permission.MANAGE_OPPORTUNITIES))
    return rows.select_related("subject", "area", "partner").order_by("name", "id")


def open_holder(user: User, pk: UUID) -> Wisdom:
    """One of them, for changing; the look is written down. Raises Http404."""
    found = holders_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    audit.record(by=user, verb="catalogue.read_holder", subject=found, fields=["name", "phone"])
    return found


def teachers() -> QuerySet[Wisdom]:
    """Who may be named as a teacher: those who agreed and teach now."""
    return named().filter(can_teach=True)
