"""What lets offices keep a record without a consent."""

from uuid import UUID

from django.db.models import QuerySet

from okat.city.core import clock
from okat.city.people.models import Basis, Person


def resting_on(person: UUID) -> QuerySet[Basis]:
    """On which grants of this record rest; the hour is left to the reader (`stands`)."""
    rows = Basis.objects.filter(grants__person=person, grants__ended_at=None, ended_at=None, partner__left_on=None)
    return rows.order_by("since", "id").distinct()


def stands(basis: Basis) -> bool:
    return basis.until is None or basis.until > clock.now()


def bases_of(person: Person) -> list[Basis]:
    """Those in force; what rested on them in joined records came along with its grants."""
    return [row for row in resting_on(person.pk).select_related("partner") if stands(row)]
