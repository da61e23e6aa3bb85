"""What the catalogue keeps going for a person."""

from uuid import UUID

from okat.city.catalogue.models import Lookout
from okat.city.catalogue.queries.unmet import need_called
from okat.city.core.registries import Going
from okat.city.core.templatetags.okat import words
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import words as city_words


def going(person: UUID) -> list[Going]:
    tells = city_words().tells
    rows = Lookout.objects.filter(person=person, ended_at=None).select_related("area").order_by("made_at")
    return [
        Going(
            begun=False, title=words(need_called(row.need)) or row.need, note=words(row.area),
            tells=tells(Vocabulary.NEED, row.need),
        )
        for row in rows
    ]  # fmt: skip
