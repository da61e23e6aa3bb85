"""The files that are kept of a person, and the one place that says who may open which.

A file is opened for what it was given for, which the app that asked for it says (`registries.FILES`): a photo belongs
to the record, a picture that was laid before an office to that one request. Who may see the record does not therefore
open all that hangs on it. The owner opens their own, whatever became of it.
"""

import base64
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from okat.city.accounts.models import User
from okat.city.core.registries import FILES
from okat.city.people.models import Evidence, Person
from okat.city.people.queries.scope import Reader, visible_to
from okat.city.people.rules import LIVING, EvidenceKind

OF_RECORD = EvidenceKind.PHOTO  # belongs to the record itself, and is opened with it


def with_the_record(user: Reader) -> Q:
    return Q(person__in=visible_to(user))


def open_to(user: Reader) -> QuerySet[Evidence]:
    """All files that the user may open."""
    if not isinstance(user, User) or not user.is_active:
        return Evidence.objects.none()
    wanted = Q(person__user=user, person__status__in=LIVING)
    others = ~Q(person__user=user)
    for kind, opens in FILES:
        wanted |= others & Q(kind=kind) & opens(user)
    return Evidence.objects.filter(wanted)


def file_of(user: User, person: Person, pk: UUID) -> Evidence | None:
    return open_to(user).filter(person=person, pk=pk).first()


def files_of(person: Person) -> QuerySet[Evidence]:
    """For the person; newest first."""
    return Evidence.objects.filter(person=person)


def content(person: Person, kept: Evidence) -> bytes | None:
    """The plain file; None where it is no longer there."""
    path = Path(settings.MEDIA_ROOT) / kept.name
    return base64.b64decode(person.unseal(path.read_bytes())) if path.is_file() else None


def export(person: Person) -> list[dict[str, Any]]:
    """For the person's own copy of all data: each file whole."""
    return [
        {
            "kind": kept.kind, "at": kept.at.isoformat(), "type": kept.content_type, "sha256": kept.digest,
            "base64": base64.b64encode(content(person, kept) or b"").decode("ascii"),
        }
        for kept in files_of(person)
    ]  # fmt: skip
