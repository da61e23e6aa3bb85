"""Two records that are one person agreed to the same round: the page before says what becomes of the application."""

import pytest
from django.utils import translation
from tests.rounds.conftest import DURING, City

from okat.city.core import clock
from okat.city.core.ending import CONSENT_FOLLOWS
from okat.city.people.actions import merge, propose_merge, withdraw_consent
from okat.city.people.models import Consent
from okat.city.people.queries import withdrawn_with
from okat.city.people.rules import Purpose


@pytest.mark.parametrize("of_kept", [True, False])
@pytest.mark.parametrize("decided", [True, False])
def test_an_application_of_joined_records(city: City, of_kept: bool, decided: bool) -> None:
    offers = city.offers({"capacity": 1})
    made = city.opened(offers)
    kept, gone = city.pin(2)
    (row,) = city.applied(made, {gone: offers})
    with clock.at(DURING):
        merge(proposal=propose_merge(one=kept, other=gone, by=city.system), keep=kept, by=city.system)
    if decided:
        city.published(made)
    words = Consent.objects.filter(purpose=Purpose.ROUND, withdrawn_at=None)
    assert words.count() == 2
    consent = words.get(person=kept if of_kept else gone)
    with translation.override("en"):
        said = {line for one in withdrawn_with(consent) for line in CONSENT_FOLLOWS["rounds"](one, True)}
    withdraw_consent(consent=consent, by=city.system)
    assert not words.exists()
    row.refresh_from_db()
    assert (said == {"The application in “Learning round” is withdrawn."}) == (row.withdrawn_at is not None)
    assert len(said) == 1
    assert (row.withdrawn_at is None) == decided
