"""Who reads a request for review, and until when: whoever answers it, while the person's consent for the round stands,
and a week after the answer. Then, and for everybody else of the office, it is a receipt."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from tests.rounds.conftest import DRAWN, make_member
from tests.rounds.test_rounds_shown import KIND, PART, SCORE, WORDS, Told, told
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.ending import CONSENT_FOLLOWS
from okat.city.core.models import AuditEntry
from okat.city.partners import actions as partners
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, record_consent, withdraw_consent
from okat.city.people.models import Consent
from okat.city.people.rules import Purpose
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Appeal, Round

__all__ = ["told"]
SAID = "จึงไม่แสดงชื่อและคะแนน"  # on the page, why something is missing
NOTHING = dict.fromkeys(("name", "words", "score", "kind", "result", "looked", "said"), False)
EVERYTHING = {**dict.fromkeys(NOTHING, True), "said": False}
# After the withdrawal: what is needed for an answer.
RECEIPT = {**NOTHING, "words": True, "result": True, "looked": True, "said": True}


@dataclass
class Desk:
    """The review of `told`, and its reader."""

    told: Told

    @property
    def url(self) -> str:
        return reverse("rounds:appeal-answer", args=[self.told.appeals[0].pk])

    def seen_by(self, user: User, days: int = 0) -> dict[str, bool]:
        """What of the person is on the page, and whether that is written down as a look."""
        client = Client()
        with clock.at(DRAWN + dt.timedelta(days=days)):
            sign_in_fully(client, user)
            looks = AuditEntry.objects.filter(verb="people.read", actor=user)
            before = looks.count()
            answer = client.get(self.url)
            assert answer.status_code == 200
            page = answer.content.decode()
            return {
                "name": self.told.person.full_name in page, "words": WORDS in page,
                "score": PART in page or bool(SCORE.search(page)), "kind": KIND in page, "result": "ทอผ้า 1" in page,
                "looked": looks.count() > before, "said": SAID in page,
            }  # fmt: skip

    def withdraw(self, *purposes: Purpose) -> None:
        for consent in Consent.objects.filter(person=self.told.person, withdrawn_at=None, purpose__in=purposes):
            withdraw_consent(consent=consent, by=self.told.city.system)

    def answer(self) -> None:
        with clock.at(DRAWN):
            actions.answer_appeal(appeal=self.told.appeals[0], upheld=False, answer="ตรวจแล้ว", by=self.told.city.second)


@pytest.fixture
def desk(told: Told) -> Desk:
    return Desk(told)


def test_whoever_answers_reads_it_and_nobody_else_of_the_office(desk: Desk) -> None:
    city = desk.told.city
    assert desk.seen_by(city.second) == EVERYTHING
    assert desk.seen_by(city.lead) == NOTHING  # who ran the round


def test_after_the_withdrawal_whoever_answers_sees_neither_name_nor_what_tells(desk: Desk) -> None:
    """The request is still answered; with the last consent the office is left with the receipt, the words and the
    result."""
    city = desk.told.city
    desk.withdraw(Purpose.CARE)
    assert desk.seen_by(city.second) == EVERYTHING  # one yes is for one purpose
    desk.withdraw(Purpose.ROUND)
    assert desk.seen_by(city.second) == RECEIPT
    assert desk.seen_by(city.lead) == NOTHING
    desk.answer()
    assert Appeal.objects.get().status == "refused"
    assert desk.seen_by(city.second) == NOTHING


def test_allowed_again_it_shows_again(desk: Desk) -> None:
    desk.withdraw(Purpose.ROUND)
    given = ConsentRow(Purpose.ROUND, desk.told.city.team)
    record_consent(person=desk.told.person, given=given, by=desk.told.city.system)
    assert desk.seen_by(desk.told.city.second) == EVERYTHING


def test_reading_ends_a_week_after_the_answer(desk: Desk) -> None:
    city = desk.told.city
    other = make_member(city.team, Role.COORDINATOR, "other")
    desk.answer()
    assert desk.seen_by(city.second, days=6) == EVERYTHING
    assert desk.seen_by(city.second, days=7) == NOTHING
    assert desk.seen_by(other) == NOTHING  # who did not answer it


def test_an_office_that_took_the_round_over_sees_nothing_sensitive_by_words_for_another(desk: Desk) -> None:
    city = desk.told.city
    heir = Partner.objects.create(code="heir", th="ทายาท", en="heir", kind="provincial", area=city.team.area)
    make_member(heir, Role.MANAGER, "head")
    reader = make_member(heir, Role.COORDINATOR, "heir")
    with clock.at(DRAWN):
        partners.leave_network(partner=city.team, reason="merged", successor=heir, by=city.system)
    assert set(Round.objects.values_list("partner", flat=True)) == {heir.pk}
    assert desk.seen_by(reader) == {**EVERYTHING, "score": False, "kind": False}
    desk.withdraw(Purpose.ROUND)
    assert desk.seen_by(reader) == RECEIPT


def test_who_may_see_the_person_anyway_sees_as_much_here(desk: Desk) -> None:
    """By a grant of their own, with or without what is sensitive, whatever became of the round's consent."""
    city = desk.told.city
    desk.withdraw(Purpose.ROUND)
    with clock.at(DRAWN):
        record_consent(person=desk.told.person, given=ConsentRow(Purpose.CARE, city.team), by=city.system)
    assert desk.seen_by(city.lead) == {**NOTHING, "name": True, "result": True, "looked": True}
    assert desk.seen_by(city.second) == {**RECEIPT, "name": True}
    with clock.at(DRAWN):
        given = ConsentRow(Purpose.CARE, city.team, sensitive=True)
        record_consent(person=desk.told.person, given=given, by=city.system)
    assert desk.seen_by(city.lead) == desk.seen_by(city.second) == EVERYTHING


def test_the_page_before_the_withdrawal_says_that_it_is_still_answered(desk: Desk) -> None:
    def said(purpose: Purpose) -> str:
        consent = Consent.objects.get(person=desk.told.person, purpose=purpose, withdrawn_at=None)
        return " ".join(line for _app, says in CONSENT_FOLLOWS for line in says(consent, False))

    words = f"คำขอให้ทบทวนใน “{desk.told.rounds[0].title_th}” จะยังได้รับคำตอบ"
    assert words in said(Purpose.ROUND)
    assert words not in said(Purpose.CARE)
    desk.answer()
    assert words not in said(Purpose.ROUND)


def test_the_page_on_which_one_asks_says_who_reads(desk: Desk) -> None:
    """Before and after the consent was taken back."""
    told, client = desk.told, Client()
    desk.answer()
    with clock.at(DRAWN):
        sign_in_fully(client, told.city.account(told.person, "me"))
        page = reverse("rounds:why", args=[told.appeals[0].application_id])
        assert "จนครบหนึ่งสัปดาห์หลังตอบ" in client.get(page).content.decode()
        desk.withdraw(Purpose.ROUND)
        assert "ความยินยอมสำหรับรอบนี้ถูกถอนแล้ว" in client.get(page).content.decode()


def test_policies_are_not_tried_on_who_took_the_consent_back(desk: Desk) -> None:
    told = desk.told
    named = {row.pseudonym for row in queries.data_of(told.rounds[0])}
    assert len(named) == 4
    desk.withdraw(Purpose.ROUND)
    left = {row.pseudonym for row in queries.data_of(told.rounds[0])}
    assert named - left == {told.appeals[0].application.pseudonym}


def test_an_erased_person_is_nobody(desk: Desk) -> None:
    row = desk.told.appeals[0].application
    row.person = None
    row.save(update_fields=["person"])
    assert desk.seen_by(desk.told.city.second) == {**NOTHING, "result": True}
    assert desk.seen_by(desk.told.city.lead) == NOTHING


def test_who_ran_the_round_hears_it_first_and_has_it_on_no_list_of_things_to_do(desk: Desk) -> None:
    city = desk.told.city
    assert [task for task in queries.tasks(city.second) if task.key == "reviews"]
    assert not [task for task in queries.tasks(city.lead) if task.key == "reviews"]
    client = Client()
    client.cookies["okat_language"] = "en"
    with clock.at(DRAWN):
        sign_in_fully(client, city.lead)
        page = client.get(desk.url).content.decode()
        assert "A review is answered by somebody who did not run the round." in page
        assert 'name="answer"' not in page
        assert "a colleague answers it" in client.get(reverse("rounds:appeals")).content.decode()
