"""What becomes of what somebody has in rounds where nobody can speak for them any more: said before it is so."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from okat.city.core.templatetags.okat import words
from okat.city.people.models import Consent, Person
from okat.city.people.queries import speaks_for, unspoken, withdrawn_with
from okat.city.rounds.models import Application
from okat.city.rounds.queries.returning import goes_to
from okat.city.rounds.rules import Answer, Status


def silenced_by(consent: Consent) -> bool:
    """Whether withdrawing it leaves nobody who can speak for the person: no account and no office."""
    return Person.objects.filter(unspoken(but=withdrawn_with(consent)), pk=speaks_for(consent)).exists()


def ends_by(consent: Consent) -> Iterator[str]:
    """What that ends in rounds that are decided (`actions.pass_on`), in sentences."""
    if not silenced_by(consent):
        return
    rows = Application.objects.filter(person=speaks_for(consent), withdrawn_at=None, result__isnull=False)
    rows = rows.filter(round__status__in=(Status.DECIDED, Status.PUBLISHED))
    for row in rows.select_related("round", "result__place__opportunity__provider").order_by("at"):
        said = {"round": words(row.round)}
        if row.round.stage is Status.DECIDED:
            yield (
                _("Nobody can speak for the person in “%(round)s” any more: a place there goes to whoever waits.")
                % said
            )
        elif row.result.stands in (Answer.OFFERED, Answer.ACCEPTED, Answer.RETURNING):
            yield _("Nobody can speak for the person any more: the place in “%(round)s” is lost at once.") % said
            row.result.application = row
            yield goes_to(row.result)
        elif row.result.stands == Answer.WAITING:
            yield _("Nobody can speak for the person any more: the turn in “%(round)s” ends.") % said
