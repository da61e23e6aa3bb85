"""Two records that are one person said the same to one office: what the page says before it is taken back is what
follows, in people, cases and learning, by whichever of the two words it is taken back."""

from collections.abc import Callable
from itertools import product

import pytest
from django.test import RequestFactory
from django.utils import translation
from tests.cases.conftest import City
from tests.learning.conftest import DAY, FIRST, School, make
from tests.learning.test_line import ask, course_of
from tests.learning.test_merging import join

from okat.city.accounts.models import User
from okat.city.cases import actions
from okat.city.cases.models import Case
from okat.city.cases.rules import State, Verb
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.learning.models import Enrolment, Turn
from okat.city.partners.models import Partner
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow
from okat.city.people.models import Consent, Person
from okat.city.people.queries import has_grant, joined
from okat.city.people.rules import How, Purpose
from okat.city.people.views.ending import consent_of_mine


def accepted(city: City, course: Opportunity) -> Case:
    case = actions.propose(person=city.person, partner=city.town, opportunity=course, by=city.worker)
    return actions.accept(case=case, by=city.resident)


def referred(city: City, course: Opportunity) -> Case:
    return actions.refer(case=accepted(city, course), to=city.school, by=city.worker).case


def active(city: City, course: Opportunity) -> Case:
    case = actions.receive(case=referred(city, course), by=city.officer)
    return actions.start(case=case, by=city.officer)


def completed(city: City, course: Opportunity) -> Case:
    return actions.complete(case=active(city, course), by=city.officer)


def handed_over(city: City, course: Opportunity) -> Case:
    """The school is responsible itself."""
    return actions.hand_over(case=accepted(city, course), to=city.school, by=city.worker)


STAGES: tuple[Callable[[City, Opportunity], Case], ...] = (accepted, referred, active, completed, handed_over)
WORDS = (("town", Purpose.CARE), ("school", Purpose.REFER))


def said_before(user: User, consent: Consent) -> list[str]:
    request = RequestFactory().post("/")
    request.user = User.objects.get(pk=user.pk)
    with translation.override("en"):
        return [str(line) for line in consent_of_mine(request, consent.pk).follows]


def both_say(city: City, kept: Person, gone: Person) -> None:
    for person in (kept, gone):
        given = ConsentRow(Purpose.REFER, city.school, How.SIGNATURE)
        people.record_consent(person=person, given=given, by=city.worker, partner=city.town)


def taken_back(school: School, kept: Person, office: Partner, purpose: Purpose, *, of_kept: bool) -> list[str]:
    """By the word of the kept record, or of the one that was joined into it; what the page says before."""
    rows = Consent.objects.filter(purpose=purpose, recipient=office, withdrawn_at=None, person__in=joined(kept))
    assert rows.count() == 2
    consent = rows.get(**({"person": kept} if of_kept else {"person__merged_into": kept}))
    said = said_before(school.city.resident, consent)
    people.withdraw_consent(consent=consent, by=school.city.resident)
    assert not rows.exists()
    return said


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
@pytest.mark.parametrize(("first", "of_kept"), list(product(WORDS, (True, False))))
def test_what_is_said_before_is_what_follows(
    db: None, stage: Callable[[City, Opportunity], Case], first: tuple[str, Purpose], of_kept: bool
) -> None:
    """One after the other, so that each is taken back both while the other holds and when nothing else does."""
    with clock.at(FIRST - DAY):
        school = make()
        city, gone, kept = school.city, school.city.person, school.city.pin("สมหญิงคนเดิม")
        both_say(city, kept, gone)
        course = course_of(school, places=9)
        case = stage(city, course)
        join(school, kept, gone)
        for name, purpose in (first, *(word for word in WORDS if word != first)):
            office: Partner = getattr(city, name)
            case.refresh_from_db()
            before, seen = case.stage, has_grant(kept, office)
            came_back = case.transitions.filter(verb=Verb.RETURN, reason="consent")
            returns = came_back.count()
            places = set(Enrolment.objects.filter(standing="active"))
            said = taken_back(school, kept, office, purpose, of_kept=of_kept)
            case.refresh_from_db()
            about = [line for line in said if line.startswith(f"“{course.title_en}” ")]
            ends, back = "may not keep the record any more" in str(about), "comes back from" in str(about)
            assert (case.stage is State.CLOSED) == (ends or before is State.CLOSED), (said, case.stage)
            assert came_back.count() - returns == back, said
            if before is not State.CLOSED and case.stage is before and office.pk in (case.owner_id, case.receiver_id):
                assert [line for line in about if " goes on: " in line], said
            assert not [line for line in about if "waits for another office" in line]
            assert ("no longer sees the record by it" in str(said)) == (seen and not has_grant(kept, office)), said
            left = places - set(Enrolment.objects.filter(standing="active"))
            ended = {f"The place in “{place.opportunity.title_en}” ends." for place in left}
            assert {line for line in said if line.startswith("The place in") and line.endswith(" ends.")} == ended, said


@pytest.mark.parametrize("of_kept", [True, False])
@pytest.mark.parametrize("places", [1, 2])
def test_a_place_and_a_turn_of_joined_records(db: None, of_kept: bool, places: int) -> None:
    with clock.at(FIRST - 20 * DAY):
        school = make(sessions=1)
        gone, kept, other = school.city.person, school.city.pin("สมหญิงคนเดิม"), school.city.pin("สมชาย")
        both_say(school.city, kept, gone)
        course = course_of(school, places=places, start=FIRST + DAY)
        wide = course_of(school, "ว่ายน้ำ", places=9, start=FIRST + 2 * DAY)
        Opportunity.objects.filter(pk=wide.pk).update(title_en="Swimming")
        ask(school, course, other)
        ask(school, course, gone)
        ask(school, wide, kept)
        join(school, kept, gone)
        held = set(Enrolment.objects.filter(standing="active", person=kept, opportunity__in=(course, wide)))
        turns = set(Turn.objects.filter(ended_at=None, person=kept))
        assert (len(held), len(turns)) == (places, 2 - places)
        for purpose in (Purpose.REFER, Purpose.ENROL):
            said = taken_back(school, kept, school.city.school, purpose, of_kept=of_kept)
            unseen = not has_grant(kept, school.city.school)
            assert len([line for line in said if "but school no longer sees who comes" in line]) == unseen * len(held)
            waits = [line for line in said if line.startswith("The turn in the line of")]
            assert len(waits) == (len(turns) if purpose is Purpose.ENROL else 0), said
        assert set(Enrolment.objects.filter(standing="active", person=kept)) >= held
        assert set(Turn.objects.filter(ended_at=None, person=kept)) == turns
