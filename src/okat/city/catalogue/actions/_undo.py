"""Putting an opportunity back as it was before an import touched it, from the history that the database keeps."""

from typing import Any
from uuid import UUID

from django.db import models

from okat.city.catalogue.actions._build import index
from okat.city.catalogue.actions._sessions import restored, sync_sessions
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.kept import forget
from okat.city.taxonomy.models import Term, Vocabulary

# The office's contact is personal and so not in the history; it stays as it is, like places taken meanwhile.
_KEPT = {"id", "version", "created_at", "updated_at", "seats_taken", "status", "published_at", "ended_at", "end_reason"}


def take_back(opportunity: Opportunity, batch: UUID) -> bool:
    """Undo what the import made of this opportunity: delete what it made, restore what it changed.

    False where somebody has worked with it since: it is not as the import left it, or its places are in use.
    """
    forget("catalogue")
    history: Any = Opportunity._meta.get_field("events").related_model
    events = history.objects.filter(pgh_obj=opportunity.pk).order_by("pgh_id")
    left = events.filter(import_batch=batch).first()
    if left is None or any(getattr(opportunity, name) != getattr(left, name) for name in (*_names(history), "status")):
        return False
    before = events.filter(pgh_id__lt=left.pgh_id).last()
    if before is None:
        return _remove(opportunity)
    _restore(opportunity, before, _names(history))
    return True


def _names(history: Any) -> list[str]:
    tracked = {field.attname for field in history._meta.concrete_fields}
    return [f.attname for f in _columns() if f.attname in tracked and f.name not in _KEPT]


def _remove(opportunity: Opportunity) -> bool:
    if opportunity.seats_taken or opportunity.sessions.filter(uid="").exists() or opportunity.pledges.exists():
        return False
    opportunity.delete()
    return True


def _restore(opportunity: Opportunity, before: Any, names: list[str]) -> None:
    for name in names:
        setattr(opportunity, name, getattr(before, name))
    opportunity.version += 1
    opportunity.updated_at = clock.now()
    needs = _terms(Vocabulary.NEED, opportunity.need_codes)
    index(opportunity, needs)
    opportunity.save()
    sync_sessions({opportunity: restored(opportunity.timetable)})
    opportunity.needs.set(needs)


def _columns() -> "list[models.Field[Any, Any]]":
    return list(Opportunity._meta.concrete_fields)


def _terms(vocabulary: str, codes: list[str]) -> list[Term]:
    return list(Term.objects.filter(vocabulary=vocabulary, code__in=codes))
