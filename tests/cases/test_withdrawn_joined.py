"""Two records that are one person agreed to the same: by whichever word of the two it ends, what follows is what the
page before says."""

import pytest
from tests.cases.conftest import NOON, City

from okat.city.cases import actions
from okat.city.cases.models import Case, Goal
from okat.city.cases.queries import consent_follows
from okat.city.cases.rules import GoalStatus, Sector, State
from okat.city.core import clock
from okat.city.people.actions import ConsentRow, merge, propose_merge, record_consent
from okat.city.people.models import Consent
from okat.city.people.queries import withdrawn_with
from okat.city.people.rules import How, Purpose


@pytest.mark.parametrize("handed_over", [False, True], ids=["passed on", "handed over"])
@pytest.mark.parametrize("of_gone", [True, False], ids=["of the joined record", "of the one that stays"])
def test_its_cases_come_back_or_close(city: City, of_gone: bool, handed_over: bool) -> None:
    """The case was passed on to the school by these consents alone, or handed over to it."""
    with clock.at(NOON):
        case = city.referred() if handed_over else city.active()
        if handed_over:
            case = actions.return_referral(case=case, reason="full", by=city.officer)
            case = actions.hand_over(case=case, to=city.school, by=city.worker)
        else:
            actions.add_goal(case=case, sector=Sector.TRAINING, text="อ่านออก", partner=city.school, by=city.worker)
        other = city.pin("สมญิง")
        row = ConsentRow(Purpose.REFER, city.school, How.SIGNATURE)
        record_consent(person=other, given=row, by=city.worker, partner=city.town)
        merge(proposal=propose_merge(one=city.person, other=other, by=city.worker), keep=city.person, by=city.manager)
        given = Consent.objects.filter(purpose=Purpose.REFER, recipient=city.school, withdrawn_at=None)
        consent = given.get(person=other if of_gone else city.person)
        assert len(withdrawn_with(consent)) == 2
        said = list(consent_follows(consent, deep=True))
        given.update(withdrawn_at=clock.now())
        actions.end_without_consent(consent=consent, by=city.resident)
    case = Case.objects.get(pk=case.pk)
    assert len(said) == 1
    assert case.stage is (State.CLOSED if handed_over else State.RETURNED)
    assert not Goal.objects.filter(status=GoalStatus.OPEN).exists()
