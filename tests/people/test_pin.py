"""Pinning: idempotent, audited, sealed, and the same number twice becomes a question, not a refusal."""

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.db import connection, connections
from tests.people.conftest import City

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.core import audit, clock
from okat.city.core.ids import new_id
from okat.city.core.models import AuditEntry, DataKey
from okat.city.people.actions import (
    ConsentRow,
    Disability,
    HouseRow,
    PinRow,
    add_need,
    merge,
    pin_household,
    pin_many,
    pin_person,
    propose_merge,
    record_visit,
    undo_merge,
    update_person,
)
from okat.city.people.models import Grant, MergeProposal, Need, Person, PersonEvent, PersonKey
from okat.city.people.rules import ConflictError, How, PeopleError, Purpose, VisitKind
from okat.city.people.solve import alike, compared, facts_of
from okat.city.taxonomy.models import Term
from okat.city.taxonomy.queries import words
from okat.thai.partial import PartialDate

NUMBER = "1100100000010"


def test_a_pin_needs_no_address_number_or_registration(city: City) -> None:
    person = pin_person(
        row=PinRow(
            area=city.ban_ped, nickname="ป้าแดง",
            consents=(ConsentRow(Purpose.CARE, city.education, How.VERBAL),),
        ),
        partner=city.education, by=city.teacher,
    )  # fmt: skip
    assert person.full_name == "ป้าแดง"
    assert Grant.objects.get().source == f"pin:{person.pk}"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"given": "", "family": ""}, "no_name"),
        ({"birth": PartialDate(2999)}, "birth_future"),
        ({"birth": PartialDate(1850)}, "birth_too_early"),
        ({"lat": 51.0, "lon": 0.1}, "point"),
        ({"lat": 16.0}, "point"),
        ({"income": -1}, "income"),
        ({"needs": ("no-such",)}, "need_unknown"),
        ({"consents": ()}, "no_consent"),
        ({"birth": PartialDate(2015, 1, 1)}, "guardian"),
        ({"answers": {"a": 1}, "questionnaire": "none"}, "questionnaire_unknown"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(city: City, values: dict[str, Any], code: str) -> None:
    with pytest.raises(PeopleError) as refused:
        city.pin(**values)
    assert refused.value.code == code
    assert str(refused.value)
    assert not Person.objects.exists()
    assert not DataKey.objects.exists()


def test_a_disability_needs_explicit_consent(city: City) -> None:
    plain = (ConsentRow(Purpose.CARE, city.education),)
    with pytest.raises(PeopleError, match=r"explicit|ชัดแจ้ง"):
        city.pin(disabilities=(Disability("seeing", "2555"),), consents=plain)
    person = city.pin(disabilities=(Disability("seeing", "2555"),))
    assert person.unseal(person.care_sealed)["disabilities"] == [["seeing", "2555"]]


def test_the_same_id_twice_is_one_person(city: City) -> None:
    row = city.row(id=new_id())
    first = pin_person(row=row, partner=city.education, by=city.teacher)
    assert pin_person(row=row, partner=city.education, by=city.teacher).pk == first.pk
    assert Person.objects.count() == 1
    with pytest.raises(PeopleError) as refused:
        pin_person(row=row, partner=city.social, by=city.officer)
    assert refused.value.code in {"id_taken", "no_consent"}


def test_the_same_number_twice_is_a_proposal(city: City) -> None:
    one, other = city.pin(pin=NUMBER), city.pin("สมหญิงค์", pin=NUMBER)
    proposal = MergeProposal.objects.get()
    assert {proposal.left_id, proposal.right_id} == {one.pk, other.pk}
    assert proposal.source == "pin"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", ["id", "number"])
def test_two_workers_at_once(city: City, same: str) -> None:
    shared = new_id()
    start, done, wrong = threading.Barrier(2), [], []

    def work() -> None:
        row = city.row(id=shared) if same == "id" else city.row(pin=NUMBER)
        start.wait()
        try:
            done.append(pin_person(row=row, partner=city.education, by=city.teacher).pk)
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(set(done)) == Person.objects.count() == (1 if same == "id" else 2)
    assert MergeProposal.objects.count() == (0 if same == "id" else 1)


def test_a_household_is_pinned_together_or_not_at_all(city: City) -> None:
    rows = [city.row(), city.row("สมชาย", sex="m")]
    people = pin_household(rows=rows, house=HouseRow(house="12/3 หมู่ 4"), partner=city.education, by=city.teacher)
    assert len({p.household_id for p in people}) == 1
    with pytest.raises(PeopleError):
        pin_household(
            rows=[city.row(), city.row("")], house=HouseRow(house="9"), partner=city.education, by=city.teacher
        )
    assert Person.objects.count() == 2


def test_no_personal_value_stands_in_history_audit_or_sealed_columns(city: City) -> None:
    person = city.pin("ชื่อลับ", "สกุลลับ", pin=NUMBER, phone="0899999999", needs=("income",), need_note="บันทึกลับ")
    update_person(person=person, version=1, changes={"given": "ชื่อใหม่"}, by=city.teacher)
    secrets = ("ชื่อลับ", "สกุลลับ", NUMBER, "0899999999", "บันทึกลับ", "ชื่อใหม่")
    with connection.cursor() as cursor:
        for table in ("people_personevent", "core_auditentry", "people_need", "core_datakey", "people_personkey"):
            cursor.execute(f"select t::text, encode(convert_to(t::text, 'UTF8'), 'escape') from {table} t")
            text = str(cursor.fetchall())
            assert not [s for s in secrets if s in text or s.encode().hex() in text]
    assert PersonEvent.objects.filter(pgh_obj=person).count() == 2


def test_destroying_the_key_erases_the_past(city: City) -> None:
    person = city.pin(pin=NUMBER)
    before = PersonEvent.objects.get(pgh_obj=person)
    assert person.key is not None
    assert person.key.unseal(before.sealed)["given"] == "สมหญิง"
    person.key.delete()
    person.refresh_from_db()
    assert person.key is None
    assert person.unseal(person.pin_sealed) is None


def test_two_editors_see_both_values(city: City) -> None:
    person = city.pin(phone="0811111111")
    update_person(person=person, version=1, changes={"phone": "0822222222"}, by=city.teacher)
    with pytest.raises(ConflictError) as conflict:
        update_person(person=person, version=1, changes={"phone": "0833333333", "sex": "f"}, by=city.teacher)
    assert [(d.field, d.theirs, d.yours) for d in conflict.value.differences] == [("phone", "0822222222", "0833333333")]
    update_person(person=person, version=1, changes={"phone": "0822222222"}, by=city.teacher)  # the same: no conflict
    done = update_person(
        person=person, version=conflict.value.version, changes={"phone": "0833333333"}, by=city.teacher
    )
    assert (done.phone, done.version) == ("0833333333", 3)


def test_an_update_of_a_merged_record_is_refused(city: City) -> None:
    one, other = city.pin(), city.pin("สมหญิง", "ใจดีย์")
    merge(proposal=propose_merge(one=one, other=other, by=system_user()), keep=one, by=city.teacher)
    with pytest.raises(PeopleError) as refused:
        update_person(person=other, version=1, changes={"phone": "0822222222"}, by=city.teacher)
    assert refused.value.code == "closed"


def test_a_merge_moves_everything_can_be_read_and_can_be_undone(city: City) -> None:
    one, other = city.pin(needs=("income",)), city.pin("สมหญิง", "ใจดีย์", needs=("income", "learn"), need_note="จด")
    visit = record_visit(person=other, kind=VisitKind.HOME, partner=city.education, by=city.teacher, note="เยี่ยมแล้ว")
    done = merge(proposal=propose_merge(one=one, other=other, by=system_user()), keep=one, by=city.teacher)
    visit.refresh_from_db()
    assert visit.person_id == one.pk
    assert visit.person.unseal(visit.note_sealed) == "เยี่ยมแล้ว"
    assert set(one.needs.values_list("term__code", flat=True)) == {"income", "learn"}
    assert Need.objects.filter(person=other).count() == 1  # the kept record has this need already
    undo_merge(merge=done, by=city.teacher)
    visit.refresh_from_db()
    assert visit.person_id == other.pk
    assert set(other.needs.values_list("term__code", flat=True)) == {"income", "learn"}
    with pytest.raises(PeopleError):
        undo_merge(merge=done, by=city.teacher)


def test_pin_many_takes_a_constant_number_of_statements(city: City, system: User) -> None:
    def rows(count: int) -> list[PinRow]:
        return [
            city.row(f"คน{n}", f"นามสกุล{n}", needs=("income",), household=HouseRow(key=f"h{n // 3}"))
            for n in range(count)
        ]

    counts = []
    words()  # the city's words are kept
    for count in (5, 500):
        with CountQueries() as counted:
            pin_many(rows=rows(count), partner=city.education, by=system)
        counts.append(counted.total)
    assert counts[0] == counts[1]
    assert Person.objects.count() == 505
    assert AuditEntry.objects.filter(verb="people.pin").count() == 505


class CountQueries:
    """Counts the statements of this connection."""

    total = 0

    def __enter__(self) -> "CountQueries":
        self._hold = connection.execute_wrapper(self._count)
        self._hold.__enter__()
        return self

    def __exit__(self, *exc: Any) -> None:
        self._hold.__exit__(*exc)

    def _count(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.total += 1
        return execute(sql, params, many, context)


def test_possible_duplicates_name_the_person_and_the_reason(city: City) -> None:
    person = city.pin("ณัฐพล", "แก้วใส", sex="m", birth=PartialDate(1990, 3, 4))
    city.pin("ณัฐชา", "แก้วใส", birth=PartialDate(1992, 8, 9))
    wish = compared(Person(given="นัฐพล", family="แก้วใส", sex="m", birth="1990-03-04", area=city.ban_ped))
    best = alike(wish, "th")[0]
    assert (best.person.pk, best.band) == (person.pk, "likely")
    assert "สะกดต่างกัน" in best.why
    update_person(person=person, version=1, changes={"given": "ธนา", "birth": None}, by=city.teacher)
    assert PersonKey.objects.filter(person=person).count() > 0
    assert not [found for found in alike(wish, "th") if found.person.pk == person.pk and found.band == "likely"]


def test_facts_leave_out_what_is_not_known(city: City) -> None:
    full = city.pin(income=2500, papers="none", disabilities=(Disability("seeing", "2555"),), education="primary")
    bare = city.pin("ใคร", birth=PartialDate(1950))
    facts = facts_of([full.pk, bare.pk])
    assert facts[full.pk]["disability_types"] == frozenset({"seeing"})
    assert facts[full.pk]["area_codes"] == frozenset({"40", "4001", "400107"})
    assert facts[full.pk]["birth_date"] == dt.date(1960, 5, 17)
    assert not {"income_month", "papers", "disability_types", "home"} & set(facts[bare.pk])
    assert facts[bare.pk]["birth_date"].first == dt.date(1950, 1, 1)  # type: ignore[union-attr]


def test_needs_close_and_the_same_need_is_noted_once(city: City) -> None:
    person, term = city.pin(), Term.objects.get(code="learn")
    assert add_need(person=person, term=term, by=city.teacher) == add_need(person=person, term=term, by=city.teacher)
    assert person.needs.count() == 1


def test_a_phone_with_a_wrong_clock_is_recorded_by_ours(city: City) -> None:
    with clock.at(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)):
        person = city.pin(noted_at=dt.datetime(2031, 1, 1, tzinfo=dt.UTC), id=uuid.uuid4())
    assert audit.about(person).filter(verb="people.pin").get().at.year == 2026
