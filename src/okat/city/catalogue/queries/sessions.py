"""Meetings with what is known of them above the catalogue: whoever keeps attendance says which were called off."""

from django.db.models import CharField, DateTimeField, QuerySet, Value
from django.db.models.expressions import Combinable

from okat.city.catalogue.models import Session
from okat.city.core.registries import Registry

# "at" and "reason": expressions over a session, filled by the app that calls sessions off; one statement shows both.
CALLED_OFF: Registry[Combinable] = Registry("called off")


def sessions() -> QuerySet[Session]:
    """Meetings with `off_at` (None: it takes place) and `off_reason`."""
    return Session.objects.select_related("venue").annotate(
        off_at=CALLED_OFF["at"] if "at" in CALLED_OFF else Value(None, DateTimeField(null=True)),
        off_reason=CALLED_OFF["reason"] if "reason" in CALLED_OFF else Value("", CharField()),
    )
