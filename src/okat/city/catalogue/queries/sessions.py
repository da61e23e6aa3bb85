"""Meetings with what is known of them above the catalogue: whoever keeps attendance says which were called off."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import BooleanField, CharField, DateTimeField, ForeignKey, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils import timezone

from okat.city.catalogue.models import Opportunity, Session
from okat.city.core.registries import Registry

# "at", "reason", "marked": expressions over a session, filled by the app that calls sessions off and notes who was
# there; one statement shows all.
CALLED_OFF: Registry[Combinable] = Registry("called off")
Change = tuple[Session, dt.datetime, dt.datetime]  # a meeting as it is now, and when it was before


def sessions() -> QuerySet[Session]:
    """Meetings with `off_at` (None: it takes place) and `off_reason`."""
    return Session.objects.select_related("venue").annotate(
        off_at=CALLED_OFF["at"] if "at" in CALLED_OFF else Value(None, DateTimeField(null=True)),
        off_reason=CALLED_OFF["reason"] if "reason" in CALLED_OFF else Value("", CharField()),
    )


def take_place(opportunity: Opportunity) -> QuerySet[Session]:
    """Its meetings that were not called off."""
    off = CALLED_OFF["at"] if "at" in CALLED_OFF else Value(None, DateTimeField(null=True))
    return Session.objects.filter(opportunity=opportunity).alias(off_at=off).filter(off_at=None)


def with_marks(rows: QuerySet[Session]) -> QuerySet[Session]:
    """With `marked`: somebody noted who was there."""
    return rows.annotate(marked=CALLED_OFF["marked"] if "marked" in CALLED_OFF else Value(False, BooleanField()))


def counted_on(ids: Iterable[int]) -> set[int]:
    """Which of these meetings anything points to, in whatever app: attendance, a call-off, a make-up, a rule. One
    statement for each kind of row that names meetings; links of many to many have a row of their own."""
    wanted = list(ids)
    found: set[int] = set()
    for relation in Session._meta.get_fields(include_hidden=True) if wanted else ():
        field = getattr(relation, "field", None)
        if relation.auto_created and isinstance(field, ForeignKey) and relation.related_model is not None:
            rows = field.model._base_manager.filter(**{f"{field.name}__in": wanted})
            found.update(rows.values_list(field.attname, flat=True))
    return found


def said_when(session: Session) -> str:
    """07/12/2569 09:00-12:00: the same in every language, for what is told of it."""
    start, end = timezone.localtime(session.start), timezone.localtime(session.end)
    return f"{start:%d/%m/}{start.year + 543} {start:%H:%M}-{end:%H:%M}"
