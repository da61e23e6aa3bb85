"""What was true when the round was decided is asked again when somebody says yes: days may lie between."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.rules import Status as OpportunityStatus
from okat.city.core import clock
from okat.city.people.rules import LIVING
from okat.city.rounds import queries, solve
from okat.city.rounds.actions._named import named
from okat.city.rounds.models import Result
from okat.city.rounds.rules import RoundError


def check_again(results: Sequence[Result], by: User) -> None:
    """Raises RoundError for the first place that cannot be taken any more, saying why and what else is possible. A
    constant number of statements while nothing is refused; load the results with place, opportunity, provider, person
    and round."""
    last = queries.last_end(r.place.opportunity_id for r in results if r.place)
    people = [r.application.person_id for r in results if r.application.person_id]
    known = queries.known(people)
    for result in results:
        place, row = result.place, result.application
        assert place is not None
        offer, person = place.opportunity, row.person
        if person is None or person.status not in LIVING:
            raise RoundError("person_gone", _("This record is closed, so no place can be taken by it."))
        if offer.status == OpportunityStatus.CANCELLED or offer.provider.left_on is not None:
            raise _refused("gone", _("“%(title)s” is not given by this provider any more."), named(offer, person, by))
        if queries.is_over(offer, last.get(offer.pk)):
            raise _refused("over", _("“%(title)s” is over."), named(offer, person, by))
        if solve.Scorer(known, clock.now(), row.round.counts_on).refused(person.pk, place):
            words = _("“%(title)s” has a condition that is not met by what is known now.")
            raise _refused("not_eligible", words, named(offer, person, by))


def _refused(code: str, words: object, title: str) -> RoundError:
    said = str(words) % {"title": title}
    return RoundError(code, f"{said} {_('Give the place back: the next one may get it, and your other wishes go on.')}")
