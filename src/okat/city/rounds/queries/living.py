"""Where a person stands in rounds."""

from uuid import UUID

from okat.city.core.registries import Found
from okat.city.core.templatetags.okat import words
from okat.city.rounds.models import Application
from okat.city.rounds.rules import ANSWER_LABELS, STATUS_LABELS, Answer, Status, reached

TAKEN = (Answer.ACCEPTED,)


def going(person: UUID) -> list[Found]:
    rows = Application.objects.filter(person=person, withdrawn_at=None).exclude(round__status=Status.FINISHED)
    rows = rows.select_related("round", "result__place__opportunity").order_by("at")
    return [found for row in rows if (found := _line(row)) is not None]


def _line(row: Application) -> Found | None:
    result = getattr(row, "result", None) if reached(row.round.stage, Status.PUBLISHED) else None
    if result is None:
        return Found("waits", words(row.round), str(STATUS_LABELS[row.round.stage]), "")
    if result.answer not in (Answer.OFFERED, Answer.WAITING, *TAKEN):
        return None
    title = words(result.place.opportunity) if result.place else words(row.round)
    return Found("begun" if result.answer in TAKEN else "waits", title, str(ANSWER_LABELS[Answer(result.answer)]), "")
