"""What the catalogue keeps going for a person."""

from uuid import UUID

from okat.city.catalogue.models import Lookout
from okat.city.catalogue.queries.unmet import need_called
from okat.city.core.registries import Found
from okat.city.core.templatetags.okat import words


def going(person: UUID) -> list[Found]:
    rows = Lookout.objects.filter(person=person, ended_at=None).select_related("area").order_by("made_at")
    return [Found("waits", words(need_called(row.need)) or row.need, words(row.area), "") for row in rows]
