"""What becomes of applications, places and turns when a consent is withdrawn, in sentences."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from okat.city.core.templatetags.okat import words
from okat.city.people.models import Consent
from okat.city.people.queries import speaks_for
from okat.city.rounds.models import Application
from okat.city.rounds.queries.own import carried, decided_by, undecided_by, waiting_reviews
from okat.city.rounds.queries.returning import goes_to, held_words, named, stop_words
from okat.city.rounds.queries.silence import silenced_by
from okat.city.rounds.rules import HELD, Answer, Status
from okat.city.rounds.solve.turns import turns


def consent_follows(consent: Consent, deep: bool) -> list[str]:
    """What withdrawing it does to applications, in sentences; a request for review is still answered."""
    rows = undecided_by(consent).select_related("round")
    said = [_("The application in “%(round)s” is withdrawn.") % {"round": words(row.round)} for row in rows]
    said += [
        _("The application in “%(round)s” stays: by the consent for %(partner)s, which is for that round, too.")
        % {"round": words(row.round), "partner": words(other)}
        for row, other in carried(consent)
    ]
    goes_on = _(
        "The request for review in “%(round)s” is still answered: until then whoever answers reads its words, and by "
        "this consent neither the name nor the score any more."
    )
    ends = list(_ends_by(consent))
    said += ends or [stays(row, deep=deep) for row in decided_by(consent)]
    return said + [goes_on % {"round": words(row.application.round)} for row in waiting_reviews(consent)]


def stays(row: Application, *, deep: bool) -> str:
    """What becomes of a decided result that stays when a consent is withdrawn, and of the turns beside it."""
    said = {"round": words(row.round)}
    if row.round.stage is Status.DECIDED:
        return _("“%(round)s” is decided already: its result stays, and is told when the results are out.") % said
    result = getattr(row, "result", None)
    waited = turns(row, result)
    sentences = [] if waited else [_("The result of “%(round)s” stays as it is.") % said]
    if result is not None and result.answer in HELD:
        place = _(
            "The place in “%(round)s” stays as it is. Who does not want it gives it back on the page of the result."
        )
        sentences = [place % said]
    elif result is not None and result.answer == Answer.RETURNING and result.held_until is not None:
        sentences = [held_words(row, result)]
    if waited:
        turn = _("The turn for %(places)s in “%(round)s” stays: a place that comes free there is still offered.")
        sentences += [turn % {**said, "places": named(waited, deep=deep)}, stop_words()]
    return " ".join(sentences)


def _ends_by(consent: Consent) -> Iterator[str]:
    """What that ends in rounds that are decided (`actions.pass_on`), where nobody can speak any more, in sentences."""
    if not silenced_by(consent):
        return
    rows = Application.objects.filter(person=speaks_for(consent), withdrawn_at=None, result__isnull=False)
    rows = rows.filter(round__status__in=(Status.DECIDED, Status.PUBLISHED))
    for row in rows.select_related("round__key", "result__place__opportunity__provider").order_by("at"):
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
        elif turns(row, row.result):
            yield _("Nobody can speak for the person any more: the turn in “%(round)s” ends.") % said
