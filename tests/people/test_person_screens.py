"""The pages on which people are found, pinned and cared for, through a browser's requests."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.people.conftest import City
from tests.pictures import JPEG
from tests.read_aloud import words_on
from tests.signing import sign_in_fully

from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.people.actions import ConsentRow, keep_by_law, record_consent, record_visit, update_person
from okat.city.people.models import Consent, Evidence, Person
from okat.city.people.rules import MET, Disability, How, Law, PeopleError, Purpose, VisitKind
from okat.city.taxonomy.models import Term

SEARCH, PIN, ALIKE = (reverse(f"people:{name}") for name in ("search", "pin", "alike"))
FILLED = {
    "given": "มาลี", "family": "ศรีสุข", "sex": "f", "birth": "๖ ธ.ค. ๒๕๐๓", "where": "บ้านเป็ด", "phone": "081-234-5678",
    "papers": "none", "needs": ["income"], "need_note": "อยากขายของ", "care": "on", "how": "signature",
}  # fmt: skip
ONCE = "0190b4b8-0000-7000-8000-0000000000"


@pytest.fixture
def kru(city: City, client: Client) -> Client:
    sign_in_fully(client, city.teacher)
    return client


def page_of(person: Person, name: str = "person", **more: Any) -> str:
    return reverse(f"people:{name}", kwargs={"pk": person.pk, **more})


def text(client: Client, url: str, data: dict[str, Any] | None = None) -> str:
    """What a reader is shown in the end. A form that asks for a consent is read first."""
    if data is not None and re.search("/(pin|consent|allow)/", url) and not url.endswith("/withdraw/"):
        data = words_on(client, url) | data
    answer = client.get(url, follow=True) if data is None else client.post(url, data, follow=True)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_a_pin_in_one_page(kru: Client, city: City) -> None:
    shown = text(kru, PIN, FILLED | {"refer": ["social"], "refer_sensitive": "on"})
    assert "มาลี ศรีสุข" in shown
    person = Person.objects.get()
    assert (person.birth, person.area, person.papers, person.phone) == (
        "1960-12-06",
        city.ban_ped,
        "none",
        "0812345678",
    )
    assert person.responsible == city.teacher
    assert [need.term.code for need in person.needs.all()] == ["income"]
    given = set(Consent.objects.values_list("purpose", "recipient__code", "sensitive"))
    assert given == {("care", "education", False), ("refer", "social", True)}
    assert "อยากขายของ" in text(kru, page_of(person))


def test_the_same_pin_sent_twice_is_one_person(kru: Client) -> None:
    token = {"once": ONCE + "01", "id": ONCE + "02"}
    assert [kru.post(PIN, FILLED | words_on(kru, PIN) | token).status_code for _ in range(2)] == [302, 302]
    again = kru.post(PIN, FILLED | words_on(kru, PIN) | {"once": ONCE + "03", "id": ONCE + "02", "sure": "1"})
    assert again.status_code == 302  # the phone sent the same pin from its queue under another token
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"given": ""}, "given"), ({"birth": "31 ก.พ. 2530"}, "birth"), ({"birth": "2600"}, "birth"),
        ({"where": "ดาวอังคาร"}, "where"), ({"where": ""}, "where"), ({"phone": "12"}, "phone"),
        ({"pin": "1234"}, "pin"), ({"care": ""}, "care"), ({"disabilities": ["seeing"]}, "sensitive"),
        ({"birth": "2560"}, "how"), ({"how": "witness"}, "witness"),
        ({"how": "online"}, "how"), ({"income": "-5"}, "income"),
    ],
)  # fmt: skip
def test_bad_input_stands_beside_its_field_and_nothing_is_lost(kru: Client, wrong: dict[str, Any], field: str) -> None:
    shown = text(kru, PIN, FILLED | wrong)
    assert f'id="id_{field}_error"' in shown
    assert "อยากขายของ" in shown
    assert not Person.objects.exists()


def test_a_young_person_needs_a_guardian_with_a_name(kru: Client) -> None:
    kru.post(PIN, FILLED | words_on(kru, PIN) | {"birth": "2560", "how": "guardian", "witness": "นางแม่ ศรีสุข"})
    person = Person.objects.get()
    assert person.unseal(person.consents.get().witness_sealed) == "นางแม่ ศรีสุข"


def test_who_may_be_there_already_is_shown_before_saving(kru: Client, city: City) -> None:
    there = city.pin("มาลี", "ศรีสุข", birth=None, phone="0812345678")
    shown = text(kru, PIN, FILLED)
    assert page_of(there) in shown
    assert Person.objects.count() == 1
    assert "มาลี ศรีสุข" in text(kru, PIN, FILLED | {"sure": "1"})
    assert Person.objects.count() == 2


def test_names_and_numbers_are_never_in_an_address(client: Client, city: City) -> None:
    sign_in_fully(client, city.officer)
    assert client.get(ALIKE).status_code == 405


def test_search_finds_in_scope_only_and_lists_nobody(kru: Client, city: City, client: Client) -> None:
    person = city.pin()
    assert page_of(person) not in text(kru, SEARCH)
    assert page_of(person) in text(kru, SEARCH + "?q=สมหญิง")
    sign_in_fully(client, city.officer)
    assert page_of(person) not in text(client, SEARCH + "?q=สมหญิง")
    assert client.get(page_of(person)).status_code == 404


def test_every_look_is_recorded_and_shown(kru: Client, city: City) -> None:
    person = city.pin()
    before = AuditEntry.objects.filter(verb="people.read").count()
    text(kru, page_of(person))
    assert "kru" in text(kru, page_of(person))
    assert AuditEntry.objects.filter(verb="people.read").count() == before + 2


def test_hostile_names_stay_text(kru: Client, city: City) -> None:
    person = city.pin("<script>alert(1)</script>", '"><img src=x onerror=y>', nickname="<b>โอ่ง</b>")
    for url in (page_of(person), page_of(person, "change"), SEARCH + "?q=script"):
        shown = text(kru, url)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "<b>โอ่ง" not in shown


def test_needs_are_noted_once_and_closed(kru: Client, city: City) -> None:
    person = city.pin()
    form = {"term": "learn", "note": "ม.3", "once": ONCE + "11"}
    for _ in range(2):
        assert "ม.3" in text(kru, page_of(person, "need"), form)
    need = person.needs.get()
    assert "ได้รับแล้ว" in text(kru, page_of(person, "need"), {"close": str(need.pk), "once": ONCE + "12"})


def test_a_visit_with_a_day_to_come_again(kru: Client, city: City) -> None:
    person = city.pin()
    shown = text(kru, page_of(person, "visit"), {"kind": "home", "note": "คุยแล้ว", "next_on": "6 ธ.ค. 2500"})
    assert "คุยแล้ว" in shown
    assert not person.visits.exists()
    text(
        kru, page_of(person, "visit"), {"kind": "home", "note": "คุยแล้ว", "next_on": "6 ธ.ค. 2600", "once": ONCE + "13"}
    )
    assert "คุยแล้ว" in text(kru, page_of(person))


def test_consents_are_given_and_taken_back(kru: Client, city: City) -> None:
    person = city.pin()
    given = {"purpose": "refer", "recipient": "social", "how": "witness", "witness": ""}
    assert "พยาน" in text(kru, page_of(person, "consent"), given)
    text(kru, page_of(person, "consent"), given | {"witness": "นายพยาน ดี"})
    consent = person.consents.get(purpose="refer")
    text(kru, page_of(person, "withdraw", consent=consent.pk), {"sure": "1"})
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    care = person.consents.get(purpose="care")
    assert "คุณกำลังหาใคร" in text(
        kru, page_of(person, "withdraw", consent=care.pk), {"sure": "1"}
    )  # one's own sight is gone
    assert kru.get(page_of(person)).status_code == 404


def test_two_workers_see_both_values_and_choose(kru: Client, city: City) -> None:
    person = city.pin()
    old = {"given": "สมหญิง", "family": "ใจดี", "sex": "f", "birth": "17 พ.ค. 2503", "where": "บ้านเป็ด", "version": "1"}
    update_person(person=person, version=1, changes={"phone": "0899999999"}, by=city.teacher)
    shown = text(kru, page_of(person, "change"), old | {"phone": "0812345678"})
    assert "0899999999" in shown
    assert "0812345678" in shown
    person.refresh_from_db()
    assert person.phone == "0899999999"
    text(kru, page_of(person, "change"), old | {"phone": "0812345678", "version": "2"})
    person.refresh_from_db()
    assert person.phone == "0812345678"


def test_a_number_that_is_known_is_not_shown_and_stays(kru: Client, city: City) -> None:
    person = city.pin(pin="1100100000010")
    assert "1100100000010" not in text(kru, page_of(person, "change"))
    form = {"given": "สมหญิง", "where": "บ้านเป็ด", "version": "1"}
    text(kru, page_of(person, "change"), form)
    person.refresh_from_db()
    assert person.pin_hash


def test_what_is_sensitive_needs_explicit_consent(kru: Client, city: City, client: Client) -> None:
    from okat.city.people.rules import Disability

    person = city.pin(disabilities=(Disability("seeing", "2555"),))
    assert "ทางการเห็น" in text(kru, page_of(person))
    record_consent(person=person, given=ConsentRow(Purpose.CARE, city.social, How.SIGNATURE), by=city.teacher)
    sign_in_fully(client, city.officer)
    for name in ("person", "change"):
        assert "ทางการเห็น" not in text(client, page_of(person, name))


def test_whoever_may_read_it_may_write_it_by_a_law_too_and_nobody_else(city: City, client: Client) -> None:
    """An office that keeps the record by the law of its service fills the fields that it is shown; another does not do
    so by what was allowed to that one."""
    Term.objects.create(vocabulary="situation", code="bedridden", th="ติดเตียง", en="bedridden", sensitive=True)
    Term.objects.create(vocabulary="need", code="wheelchair", th="รถเข็นคนพิการ", en="wheelchair", sensitive=True)
    person = city.pin(consents=(ConsentRow(Purpose.CARE, city.education, How.SIGNATURE),))
    keep_by_law(
        person=person, partner=city.social, law=Law.WELFARE, until=clock.today(), why="พ.ร.บ. คนพิการ", by=city.officer
    )
    sign_in_fully(client, city.officer)
    said = {"given": "สมหญิง", "where": "บ้านเป็ด", "version": "1", "situations": ["bedridden", "renter"]}
    assert "รถเข็นคนพิการ" in text(client, page_of(person))
    text(client, page_of(person, "change"), said | {"disabilities": ["seeing"]})
    person.refresh_from_db()
    assert (person.situations, person.care_sealed is not None) == (["bedridden", "renter"], True)
    record_consent(person=person, given=ConsentRow(Purpose.CARE, city.social, sensitive=True), by=city.officer)
    sign_in_fully(client, city.teacher)
    page = text(client, page_of(person))
    assert "เรียนต่อ" in page
    assert "รถเข็นคนพิการ" not in page
    more = ({"situations": ("bedridden", "deaf", "renter")}, {"disabilities": (Disability("hearing", "2555"),)})
    for changes in (*more, {"disability_card": True}):
        with pytest.raises(PeopleError) as refused:
            update_person(person=person, version=person.version, changes=changes, by=city.teacher)
        assert refused.value.code == "no_explicit_consent"
    less = {"situations": ("renter",), "disabilities": ()}  # that it is taken out tells nobody anything
    assert update_person(person=person, version=person.version, changes=less, by=city.teacher).situations == ["renter"]


def test_a_photo_opens_for_those_who_see_the_person(
    kru: Client, city: City, client: Client, settings: Any, tmp_path: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = tmp_path
    kru.post(
        PIN,
        FILLED
        | words_on(kru, PIN)
        | {"photo": SimpleUploadedFile("a.jpg", JPEG[:2] + b"\xff\xfe\0\x08SECRET" + JPEG[2:])},
    )
    kept = Evidence.objects.get()
    url = page_of(kept.person, "evidence", evidence=kept.pk)
    assert kru.get(url).content == JPEG  # without what stood beside it
    sign_in_fully(client, city.officer)
    assert client.get(url).status_code == 404


def test_a_pin_is_worth_more_than_a_photo_that_is_not_taken(
    kru: Client, city: City, settings: Any, tmp_path: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = tmp_path
    more = {"once": str(uuid4()), "photo": SimpleUploadedFile("a.jpg", b"<svg/>")}
    answer = kru.post(PIN, FILLED | words_on(kru, PIN) | more, follow=True)
    assert answer.status_code == 200
    assert "ปักหมุดแล้ว" in answer.content.decode()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("rows", [1, 4])
def test_a_page_asks_as_many_queries_whatever_the_rows(
    kru: Client, city: City, rows: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        city.pin(f"สม{'ก' * (number + 1)}", "ใจดี", birth=None)
    text(kru, SEARCH + "?q=สม")
    with django_assert_max_num_queries(22):
        text(kru, SEARCH + "?q=สม")


def test_a_persons_page_asks_as_many_queries_whatever_they_have(kru: Client, city: City) -> None:
    few, many = city.pin(), city.pin("สมใจ", "มากเรื่อง", needs=("income", "learn", "papers"), birth=None)
    for number in range(6):
        record_visit(person=many, kind=VisitKind.PHONE, partner=city.education, by=city.teacher, note=f"{number}")
    for purpose in (Purpose.REFER, Purpose.ROUND, Purpose.CONTACT):
        record_consent(person=many, given=ConsentRow(purpose, city.social), by=city.teacher)
    counts = []
    for person in (few, few, many):  # the first fills what is kept for all
        with CaptureQueriesContext(connection) as asked:
            text(kru, page_of(person))
        counts.append(len(asked))
    assert counts[1] == counts[2]


def test_what_was_noted_with_a_pin_is_no_visit(city: City, client: Client) -> None:
    """It stands as a note, and nobody who notes a visit can choose that."""
    person = city.pin(note="น้องกล้า")
    assert [visit.kind for visit in person.visits.all()] == [VisitKind.NOTE]
    sign_in_fully(client, city.teacher)
    page = client.get(reverse("people:person", args=[person.pk]), headers={"accept-language": "th"}).content.decode()
    assert "บันทึก ไม่ใช่การเยี่ยม" in page
    assert VisitKind.NOTE not in dict(MET)
