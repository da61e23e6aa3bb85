"""Two records become one: what the other knew is kept and found, rights join and end, and it can be taken back."""

import datetime as dt
import re

import pytest
from django.apps import apps
from django.db.models import BinaryField
from django.test import Client
from django.urls import reverse
from tests.merging import all_rows, changed, check
from tests.people.conftest import City, member
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.core import clock
from okat.city.core.registries import HANDLERS, MERGE
from okat.city.partners.rules import Role
from okat.city.people import tasks
from okat.city.people.actions import (
    ConsentRow,
    add_need,
    merge,
    propose_merge,
    record_consent,
    refuse_merge,
    settle_merge,
    undo_merge,
    update_person,
    withdraw_consent,
)
from okat.city.people.models import Consent, Grant, Merge, MergeProposal, Person, Slip
from okat.city.people.queries import consents_of, may_see_sensitive, search, visible_to
from okat.city.people.queries.pages import consent_of
from okat.city.people.queries.record import accesses_of, export_of, open_person
from okat.city.people.queries.search import exact
from okat.city.people.rules import Disability, How, PeopleError, Purpose
from okat.city.people.solve import alike, compared
from okat.city.taxonomy.models import Term
from okat.thai.partial import PartialDate

NUMBER, OTHER = "1100100000010", "1100100000028"
KNOWN = {
    "birth": PartialDate(1975, 4, 1), "phone": "0899998888", "pin": NUMBER, "education": "primary", "income": 4000,
    "disabilities": (Disability("seeing", "2555"),), "disability_card": True, "nickname": "แดง", "papers": "none",
    "situations": ("renter",),
}  # fmt: skip


def join(city: City, keep: Person, gone: Person) -> Merge:
    return merge(proposal=propose_merge(one=keep, other=gone, by=system_user()), keep=keep, by=city.teacher)


def fresh(person: Person) -> Person:
    return Person.objects.select_related("key").get(pk=person.pk)


def bare(city: City, given: str = "สมหญิง") -> Person:
    return city.pin(given, birth=None, sex="")


def care(city: City, person: Person, *, sensitive: bool = False) -> Consent:
    row = ConsentRow(Purpose.CARE, city.education, How.VERBAL, sensitive=sensitive)
    return record_consent(person=person, given=row, by=city.teacher)


def test_three_records_joined_in_two_steps_open_whichever_way(city: City, client: Client) -> None:
    last, middle = city.pin("มานี"), city.pin("มาณี")
    first = city.pin("มาลี", needs=("income",), need_note="ขายผัก", note="พบที่ตลาด", pin=NUMBER)
    inner = join(city, middle, first)
    outer = join(city, last, middle)
    sign_in_fully(client, city.teacher)
    for person in (first, middle, last):
        shown = client.get(reverse("people:person", args=[person.pk]), follow=True)
        assert shown.status_code == 200
        assert "ขายผัก" in shown.content.decode()
    assert export_of(city.teacher, fresh(last))["people"]["identity_number"] == NUMBER
    with pytest.raises(PeopleError) as refused:
        undo_merge(merge=inner, by=city.teacher)
    assert refused.value.code == "inner"
    assert "มานี ใจดี" in str(refused.value)
    assert "มาณี ใจดี" in str(refused.value)
    undo_merge(merge=outer, by=city.teacher)
    undo_merge(merge=inner, by=city.teacher)
    assert {p.status for p in Person.objects.all()} == {"active"}


def test_what_the_kept_record_does_not_know_is_filled_and_goes_with_the_undoing(city: City) -> None:
    keep, gone = bare(city), city.pin("สมหญิงแดง", **KNOWN)
    propose_merge(one=keep, other=gone, by=system_user())
    before = all_rows()
    done = join(city, keep, gone)
    now = fresh(keep)
    assert (now.phone, now.birth, now.education, now.income) == ("0899998888", "1975-04-01", "primary", 4000)
    assert (now.nickname, now.papers, now.situations, now.sex) == ("แดง", "none", ["renter"], "f")
    assert now.unseal(now.pin_sealed) == NUMBER
    assert now.unseal(now.care_sealed) == {"disabilities": [["seeing", "2555"]], "card": True}
    undo_merge(merge=done, by=city.teacher)
    assert changed(before, all_rows()) == {}


@pytest.mark.parametrize("wish", ["แดงน้อย", "0899998888", NUMBER, "1 เมษายน 2518"])
def test_the_other_s_name_telephone_and_number_lead_to_the_kept_record(city: City, wish: str) -> None:
    keep = city.pin(phone="0811111111", pin=OTHER)
    gone = city.pin("แดงน้อย", **KNOWN)
    third = city.pin("มานะ", "กล้าหาญ", birth=None, sex="m")
    inner = join(city, gone, third)
    join(city, keep, gone)
    assert search(city.teacher, wish) == [fresh(keep)]
    assert search(city.teacher, "มานะ") == [fresh(keep)]
    if wish in (NUMBER, "0899998888"):
        assert list(exact(wish)) == [fresh(keep)]
    told = export_of(city.teacher, fresh(keep))["people"]["also_known"]
    assert {one["phone"] for one in told} == {"0899998888", ""}
    assert {one["identity_number"] for one in told} == {NUMBER, ""}
    assert inner.pk


def test_whoever_types_a_joined_record_s_number_or_name_again_is_asked_about_the_kept_one(city: City) -> None:
    keep, gone = city.pin(pin=OTHER), city.pin("กานดา", "มีสุข", pin=NUMBER, birth=PartialDate(1975, 4, 1))
    join(city, keep, gone)
    third = city.pin("ใคร", "ไม่รู้", pin=NUMBER, birth=None)
    asked = MergeProposal.objects.get(status="open")
    assert {asked.left_id, asked.right_id} == {keep.pk, third.pk}
    wish = compared(Person(given="กานดา", family="มีสุข", birth="1975-04-01", area=city.ban_ped))
    best = alike(wish, "th")[0]
    assert (best.person.pk, best.band) == (keep.pk, "likely")


def test_two_words_for_one_purpose_and_office_both_count_and_are_withdrawn_as_one(city: City) -> None:
    keep, gone = city.pin(), city.pin("สมหญิง", "ใจดีย์")
    theirs = care(city, gone)
    join(city, keep, gone)
    assert may_see_sensitive(city.teacher, keep)
    assert not Grant.objects.filter(person=gone, ended_at=None).exists()
    assert {row.pk for row in consents_of(fresh(keep)) if row.withdrawn_at is None} >= {theirs.pk}
    shown = consent_of(fresh(keep), theirs.pk)
    assert shown is not None
    withdraw_consent(consent=shown, by=city.teacher)
    assert not visible_to(city.teacher).exists()
    assert not Consent.objects.filter(withdrawn_at=None).exists()


def test_withdrawing_what_the_joined_record_said_ends_what_hangs_on_the_person(city: City) -> None:
    """Listeners (cases, rounds) hear of the kept record, to which everything moved."""
    keep, gone = city.pin(), city.pin("สมหญิง", "ใจดีย์")
    heard: list[Consent] = []
    HANDLERS.register("consent.withdrawn/a test", lambda **values: heard.append(values["consent"]))
    try:
        join(city, keep, gone)
        withdraw_consent(consent=Consent.objects.get(person=gone, withdrawn_at=None), by=city.teacher)
    finally:
        HANDLERS._items.pop("consent.withdrawn/a test")
    assert [consent.person_id for consent in heard] == [keep.pk]


def test_an_explicit_consent_of_the_other_record_stays_explicit(city: City) -> None:
    keep = bare(city)
    care(city, keep)
    gone = city.pin("สมหญิงแดง", **KNOWN)
    join(city, keep, gone)
    assert may_see_sensitive(city.teacher, fresh(keep))


@pytest.mark.parametrize("newer", ["kept", "gone"])
def test_what_was_withdrawn_while_joined_stays_withdrawn_of_both(city: City, newer: str) -> None:
    keep, gone = city.pin(), city.pin("สมหญิง", "ใจดีย์")
    care(city, keep if newer == "kept" else gone)
    done = join(city, keep, gone)
    withdraw_consent(consent=Consent.objects.get(person=keep, withdrawn_at=None), by=city.teacher)
    undo_merge(merge=done, by=city.teacher)
    assert not visible_to(city.teacher).exists()
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    assert not Grant.objects.filter(ended_at=None).exists()


def test_what_was_agreed_while_joined_is_the_word_of_the_kept_record_and_of_whose_word_it_replaced(city: City) -> None:
    keep, gone = city.pin(), city.pin("สมหญิง", "ใจดีย์")
    done = join(city, keep, gone)
    care(city, fresh(keep))  # both had said it to this office
    record_consent(person=fresh(keep), given=ConsentRow(Purpose.CARE, city.social, How.VERBAL), by=city.teacher)
    undo_merge(merge=done, by=city.teacher)
    assert set(visible_to(city.teacher)) == {keep, gone}
    assert set(visible_to(city.officer)) == {keep}


def test_an_undone_pair_can_be_joined_again_and_a_refused_one_is_asked_by_hand_alone(city: City) -> None:
    keep, gone = city.pin(pin=NUMBER), city.pin("สมหญิง", "ใจดีย์", pin=NUMBER)
    undo_merge(merge=join(city, keep, gone), by=city.teacher)
    assert MergeProposal.objects.get().status == "open"
    undo_merge(merge=join(city, gone, keep), by=city.teacher)
    refuse_merge(proposal=MergeProposal.objects.get(), by=city.teacher)
    asked = propose_merge(one=keep, other=gone, by=system_user(), source="pin")
    assert asked.status == "refused"
    assert join(city, keep, gone).pk


def test_two_merges_into_one_record_are_undone_in_either_order(city: City) -> None:
    keep, one, two = bare(city), city.pin("มาลี", **KNOWN), city.pin("มาลา", phone="0822222222", pin=OTHER)
    for other in (one, two):
        propose_merge(one=keep, other=other, by=system_user())
    propose_merge(one=one, other=two, by=system_user())
    before = all_rows()
    first, second = join(city, keep, one), join(city, keep, two)
    undo_merge(merge=first, by=city.teacher)
    assert fresh(keep).phone == "0822222222"  # what the first had filled is now filled by the second
    check()
    undo_merge(merge=second, by=city.teacher)
    assert changed(before, all_rows()) == {}


def test_a_value_that_was_changed_since_stays_changed(city: City) -> None:
    keep, gone = bare(city), city.pin("แดงน้อย", **KNOWN)
    done = join(city, keep, gone)
    now = fresh(keep)
    update_person(person=now, version=now.version, changes={"phone": "0833333333"}, by=city.teacher)
    undo_merge(merge=done, by=city.teacher)
    assert (fresh(keep).phone, fresh(keep).birth, fresh(gone).phone) == ("0833333333", "", "0899998888")
    assert search(city.teacher, "0833333333") == [fresh(keep)]
    check()


def test_one_need_is_noted_once_with_what_both_said(city: City) -> None:
    keep, gone = city.pin(needs=("income",), need_note="หนึ่ง"), city.pin("มาลี", needs=("income",), need_note="สอง")
    done = join(city, keep, gone)
    need = keep.needs.get()
    assert fresh(keep).unseal(need.note_sealed) == "หนึ่ง\nสอง"
    add_need(person=fresh(keep), term=Term.objects.get(code="learn"), by=city.teacher, note="ใหม่")
    undo_merge(merge=done, by=city.teacher)
    assert fresh(keep).unseal(keep.needs.get(term__code="income").note_sealed) == "หนึ่ง"
    assert fresh(gone).unseal(gone.needs.get().note_sealed) == "สอง"


def test_a_question_about_the_gone_record_is_asked_of_the_kept_one(city: City) -> None:
    keep, gone, third = city.pin("หนึ่ง"), city.pin("สอง"), city.pin("สาม")
    asked = propose_merge(one=gone, other=third, by=system_user())
    done = join(city, keep, gone)
    asked.refresh_from_db()
    assert {asked.left_id, asked.right_id} == {keep.pk, third.pk}
    undo_merge(merge=done, by=city.teacher)
    asked.refresh_from_db()
    assert {asked.left_id, asked.right_id} == {gone.pk, third.pk}


def test_looks_at_the_joined_record_are_looks_at_the_person(city: City) -> None:
    keep, gone = city.pin(), city.pin("สมหญิง", "ใจดีย์")
    open_person(city.teacher, gone.pk, why="visit")
    join(city, keep, gone)
    assert [look.reason for look in accesses_of(fresh(keep))] == ["visit"]


def test_a_merge_is_settled_by_the_clock_once(city: City) -> None:
    keep, gone = city.pin(), city.pin("สมหญิง", "ใจดีย์")
    done = join(city, keep, gone)
    tasks.settle(timestamp=0)
    assert Merge.objects.get().settled_at is None
    with clock.at(done.at + dt.timedelta(days=7, minutes=1)):
        tasks.settle(timestamp=0)
        settled = Merge.objects.get().settled_at
        settle_merge(merge=done, by=city.teacher)
    assert settled is not None
    assert Merge.objects.get().settled_at == settled
    undo_merge(merge=done, by=city.teacher)
    with pytest.raises(PeopleError):
        settle_merge(merge=done, by=city.teacher)


def test_every_key_to_a_person_is_moved_by_a_merge_or_stays_for_a_reason() -> None:
    told = [f"{column.model}.{column.field}" for _name, handler in MERGE for column in handler.columns]
    told += [name for _name, handler in MERGE for name, reason in handler.stays if reason]
    assert len(told) == len(set(told))
    there = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is Person
    }
    assert set(told) == there


# Under a key that is not a person's, or not sealed at all.
NOT_A_PERSON_S = {
    "core.DataKey.wrapped": "a key, wrapped by the city's",
    "people.PersonEvent.sealed": "history keeps the bytes of its day",
    "people.PersonEvent.pin_sealed": "history",
    "people.PersonEvent.care_sealed": "history",
    "people.Merge.own_sealed": "what undoing needs; read before the keys part",
    "people.ImportBatch.file": "a key of its own",
    "core.KeptForm.sealed": "the key lies in the browser",
    "core.Letter.sealed": "a key of its own",
    "catalogue.Lookout.sealed": "a key of its own",
    "rounds.Round.secret_sealed": "the round's key",
    "rounds.Decision.audit_sealed": "the round's key",
    "rounds.Decision.numbers_sealed": "the round's key",
    "rounds.Decision.public": "public",
}


def test_every_sealed_field_is_known_to_the_undoing_of_a_merge() -> None:
    told = {f"{column.model}.{column.field}" for _name, handler in MERGE for column in handler.sealed}
    there = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField) and model.__module__.startswith("okat.")
    }
    assert there == told | set(NOT_A_PERSON_S)


def test_the_page_before_joining_names_what_follows_and_nothing_sensitive(city: City, client: Client) -> None:
    keep, gone = bare(city), city.pin("แดงน้อย", **KNOWN)
    care(city, gone)
    asked = propose_merge(one=keep, other=gone, by=system_user())
    sign_in_fully(client, member(city.education, Role.MANAGER, "manager"))
    shown = client.get(reverse("people:double", args=[asked.pk])).content.decode()
    assert "0899998888" in shown
    assert "4,000" in shown
    assert NUMBER not in shown
    assert "ทางการเห็น" not in shown
    assert "พิการ" not in shown


def test_whoever_asks_whether_two_are_one_does_not_decide_it(city: City) -> None:
    keep, gone = city.pin(), bare(city)
    asked = propose_merge(one=keep, other=gone, by=city.teacher)
    with pytest.raises(PeopleError) as refused:
        merge(proposal=asked, keep=keep, by=city.teacher)
    assert refused.value.code == "same_worker"
    assert not Merge.objects.exists()
    refuse_merge(proposal=asked, by=city.teacher)
    again = propose_merge(one=keep, other=gone, by=city.officer)  # asked anew, by somebody else
    with pytest.raises(PeopleError):
        merge(proposal=again, keep=keep, by=city.officer)
    assert merge(proposal=again, keep=keep, by=city.teacher).kept == keep


def test_the_person_is_told_of_a_joining_and_both_of_its_end(city: City) -> None:
    """Either's consent opens both meanwhile: whoever it concerns can say that it is not so."""
    keep, gone = bare(city), city.pin("สมหญิงแดง", **KNOWN)
    done = join(city, keep, gone)
    told = Slip.objects.get(kind="people.joined")
    assert (told.person_id, told.told_at) == (keep.pk, None)
    undo_merge(merge=done, by=city.teacher)
    told.refresh_from_db()
    assert told.how == Slip.How.OVER, "what does not hold any more is not brought"
    parted = Slip.objects.filter(kind="people.parted", told_at=None)
    assert set(parted.values_list("person", flat=True)) == {keep.pk, gone.pk}


def test_a_consent_that_both_records_say_stands_once_with_one_button(city: City, client: Client) -> None:
    keep, gone = city.pin("มานี"), city.pin("มาณี")
    join(city, keep, gone)
    assert Consent.objects.filter(withdrawn_at=None).count() == 2
    sign_in_fully(client, city.teacher)
    page = client.get(reverse("people:person", args=[keep.pk])).content.decode()
    buttons = re.findall(r'action="(/people/[^"]*/withdraw/)"', page)
    assert len(buttons) == 1
    asked = client.post(buttons[0]).content.decode()
    lines = re.findall(r"<li>(.*?)</li>", asked.partition("<main")[2])
    assert len(lines) == len(set(lines))
    assert any("จะไม่เห็นประวัติ" in line or "ไม่เห็น" in line for line in lines), lines
    client.post(buttons[0], {"sure": "1"})
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    assert "/withdraw/" not in client.get(reverse("people:person", args=[keep.pk])).content.decode()


def test_two_of_one_name_and_day_are_told_apart_where_one_chooses(city: City, client: Client) -> None:
    one, other = city.pin(), city.pin(area=city.sila)
    Person.objects.filter(pk=other.pk).update(registered_by=city.social)
    city.teacher.memberships.get().areas.add(city.sila)
    pair = propose_merge(one=one, other=other, by=system_user())
    boss = member(city.education, Role.MANAGER, "boss", city.ban_ped, city.sila)
    sign_in_fully(client, boss)
    page = client.get(reverse("people:double", args=[pair.pk])).content.decode()
    choice = re.findall(r'name="keep".*?<span>(.*?)</span>', page, re.S)
    assert len(choice) == 2
    for text, area, office in ((choice[0], "บ้านเป็ด", city.education), (choice[1], "ศิลา", city.social)):
        assert area in text
        assert office.th in text
