"""Who takes back that an office calls or writes is neither rung nor written to by it, until a new yes."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City, member
from tests.people.test_person_screens import page_of
from tests.post_office import opened
from tests.signing import make_user, sign_in_fully

import okat
from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.core import clock
from okat.city.core.models import Letter
from okat.city.partners.rules import Role
from okat.city.people import actions
from okat.city.people.actions import ConsentRow
from okat.city.people.forms.consent import ConsentForm, OwnConsentForm
from okat.city.people.models import Consent, Person, Slip
from okat.city.people.queries import numbers_for
from okat.city.people.queries.contact import may_contact
from okat.city.people.rules import How, PeopleError, Purpose, VisitKind
from okat.config.standin import PostOffice

NUMBER = "0812345678"
SAID = "ขอไม่ให้โทรหรือส่งข้อความ"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as found:
        yield found


@pytest.fixture
def person(city: City) -> Person:
    made = city.pin(phone=NUMBER)
    actions.ring_phone(person=made, by=city.teacher, partner=city.education)
    return made


def allow(city: City, person: Person) -> Consent:
    given = ConsentRow(Purpose.CONTACT, city.education, How.VERBAL)
    return actions.record_consent(person=person, given=given, by=city.teacher)


def forbid(city: City, person: Person) -> None:
    actions.withdraw_consent(consent=allow(city, person), by=city.teacher)


def told(person: Person) -> tuple[int, int]:
    """Letters that wait, slips that wait, after the person was told something."""
    actions.tell(people=[Person.objects.get(pk=person.pk)], kind="rounds.offered", until=dt.date(2026, 12, 24), by=None)
    return Letter.objects.filter(state="waiting").count(), Slip.objects.filter(told_at=None).count()


def text(user: User, url: str) -> str:
    client = Client()
    sign_in_fully(client, user)
    return client.get(url, follow=True).content.decode()


def test_nobody_rings_writes_or_confirms_after_it_was_taken_back_and_a_new_yes_brings_all_back(
    city: City, person: Person, office: PostOffice
) -> None:
    page, phone = page_of(person), page_of(person, "phone")
    assert f'href="tel:{NUMBER}"' in text(city.teacher, page)  # never asked: ringing is the work
    forbid(city, person)
    for url in (page, phone):
        shown = text(city.teacher, url)
        assert SAID in shown
        assert "tel:" not in shown
    assert "โทรแล้ว" not in text(city.teacher, phone)
    for act in (actions.ring_phone, actions.send_phone_code):
        with pytest.raises(PeopleError):
            act(person=person, by=city.teacher, partner=city.education)
    assert told(person) == (0, 1)
    allow(city, person)
    assert f'href="tel:{NUMBER}"' in text(city.teacher, page)
    assert told(person) == (1, 1)


def test_what_waits_to_be_sent_comes_on_paper(city: City, person: Person, office: PostOffice) -> None:
    assert told(person) == (1, 0)
    forbid(city, person)
    assert (Letter.objects.filter(state="waiting").count(), Slip.objects.filter(told_at=None).count()) == (0, 1)


def test_what_waits_to_be_sent_of_a_joined_record_comes_on_paper_too(
    city: City, person: Person, office: PostOffice
) -> None:
    assert told(person) == (1, 0)
    keep = city.pin("สมหญิง", "ใจดีย์")
    proposal = actions.propose_merge(one=person, other=keep, by=system_user())
    actions.merge(proposal=proposal, keep=keep, by=city.teacher)
    forbid(city, Person.objects.get(pk=keep.pk))
    assert Letter.objects.filter(state="waiting").count() == 0
    assert "rounds.offered" in Slip.objects.filter(person=keep, told_at=None).values_list("kind", flat=True)


def test_another_offices_no_is_its_own_and_what_a_guardian_had_said_runs_out(city: City, person: Person) -> None:
    given = ConsentRow(Purpose.CONTACT, city.social, How.VERBAL)
    actions.withdraw_consent(
        consent=actions.record_consent(person=person, given=given, by=city.teacher), by=city.teacher
    )
    assert numbers_for(city.teacher, [person]) == {person.pk: NUMBER}
    assert numbers_for(city.officer, [person]) == {person.pk: None}
    lapsed = allow(city, person)
    actions.withdraw_consent(consent=lapsed, by=system_user())
    assert numbers_for(city.teacher, [person]) == {person.pk: NUMBER}
    assert SAID not in text(city.teacher, page_of(person))


def test_a_joined_records_no_is_this_humans(city: City, person: Person) -> None:
    other = city.pin("สมหญิง", "ใจดีย์", phone=NUMBER)
    forbid(city, other)
    proposal = actions.propose_merge(one=person, other=other, by=system_user())
    actions.merge(proposal=proposal, keep=person, by=city.teacher)
    fresh = Person.objects.get(pk=person.pk)
    assert numbers_for(city.teacher, [fresh]) == {person.pk: None}
    assert SAID in text(city.teacher, page_of(person))


def the_yes_of_another_record_stands(city: City, person: Person) -> None:
    other = city.pin("สมหญิง", "ใจดีย์", phone=NUMBER)
    allow(city, other)
    proposal = actions.propose_merge(one=person, other=other, by=system_user())
    actions.merge(proposal=proposal, keep=person, by=city.teacher)


def the_other_record_said_no(city: City, person: Person) -> None:
    other = city.pin("สมหญิง", "ใจดีย์", phone=NUMBER)
    forbid(city, other)
    proposal = actions.propose_merge(one=person, other=other, by=system_user())
    actions.merge(proposal=proposal, keep=person, by=city.teacher)


def lapses(city: City, person: Person) -> None:
    actions.withdraw_consent(consent=allow(city, person), by=system_user())


def agrees_on_paper_that_day(city: City, person: Person) -> None:
    given = ConsentRow(Purpose.CONTACT, city.education, How.SIGNATURE, on=clock.today())
    actions.record_consent(person=person, given=given, by=city.teacher)


def agreed_on_paper_the_day_before(city: City, person: Person) -> None:
    given = ConsentRow(Purpose.CONTACT, city.education, How.SIGNATURE, on=clock.today() - dt.timedelta(days=1))
    actions.record_consent(person=person, given=given, by=city.teacher)


HISTORIES: list[tuple[bool, tuple[Callable[[City, Person], object], ...]]] = [
    (False, ()), (False, (allow,)), (True, (forbid,)), (False, (lapses,)), (False, (forbid, allow)),
    (False, (forbid, lapses)), (True, (lapses, forbid)), (True, (allow, forbid)), (False, (allow, allow)),
    (True, (forbid, lapses, forbid)), (False, (allow, the_other_record_said_no, allow)),
    (False, (forbid, the_yes_of_another_record_stands)), (True, (allow, the_other_record_said_no)),
    (True, (lapses, the_other_record_said_no)), (False, (the_other_record_said_no, lapses)),
    (False, (forbid, agrees_on_paper_that_day)), (True, (forbid, agreed_on_paper_the_day_before)),
    (True, (agrees_on_paper_that_day, the_other_record_said_no, forbid)),
]  # fmt: skip


@pytest.mark.parametrize(("quiet", "history"), HISTORIES)
def test_the_last_word_counts_whoever_of_the_joined_records_said_it(
    city: City, person: Person, quiet: bool, history: tuple[Callable[[City, Person], object], ...]
) -> None:
    """The list, the message and the page say the same."""
    for happens in history:
        happens(city, Person.objects.get(pk=person.pk))
    fresh = Person.objects.get(pk=person.pk)
    assert numbers_for(city.teacher, [fresh]) == {person.pk: None if quiet else NUMBER}
    assert may_contact(fresh, city.education.pk) is not quiet
    assert (SAID in text(city.teacher, page_of(person))) is quiet


def test_lists_of_people_to_ring_say_it_instead_of_a_number(city: City, person: Person) -> None:
    kind = next(iter(VisitKind))
    actions.record_visit(person=person, kind=kind, next_on=clock.today(), by=city.teacher, partner=city.education)
    manager = member(city.education, Role.MANAGER, "manager")
    told(person)
    assert f"tel:{NUMBER}" in text(city.teacher, reverse("people:visits"))
    forbid(city, person)
    for user, url in (
        (city.teacher, reverse("people:visits")),
        (city.teacher, reverse("people:slips")),
        (manager, page_of(person)),
    ):
        shown = text(user, url)
        assert "tel:" not in shown
        assert SAID in shown


def test_a_persons_number_is_rung_from_no_template_but_those_that_ask_first() -> None:
    """Telephones of offices, places and accounts' owners stand in others."""
    templates = Path(okat.__file__).parent / "templates"
    found = {
        str(path.relative_to(templates)): re.findall(r'href="tel:\{\{ ([\w.]+)', path.read_text(encoding="utf-8"))
        for path in sorted(templates.rglob("*.html"))
    }
    assert {name: words for name, words in found.items() if words} == {
        "components/telephone.html": ["phone"],
        "people/person.html": ["person.phone"],
        "people/phone.html": ["person.phone"],
        "people/link.html": ["number"],
        "catalogue/open.html": ["opportunity.phone"],
        "catalogue/spaces.html": ["line.venue.phone"],
    }


def test_taking_it_back_says_what_follows(city: City, person: Person) -> None:
    own = actions.link_account(person=person, user=make_user("own"), by=city.teacher).user
    assert own is not None
    given = allow(city, person)
    client = Client()
    sign_in_fully(client, own)
    page = client.post(reverse("people:mine-withdraw", args=[given.pk])).content.decode()
    assert "นำไปให้เป็นกระดาษ" in page


def test_nobody_is_asked_for_a_yes_that_governs_nothing(city: City) -> None:
    for form in (ConsentForm(), OwnConsentForm()):
        assert Purpose.STUDY not in dict(form.fields["purpose"].choices)  # type: ignore[attr-defined]
