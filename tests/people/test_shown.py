"""Whatever a form about a person takes stands on the page of the person: nothing is asked in vain."""

from typing import Any

import pytest
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City, area
from tests.pictures import JPEG
from tests.read_aloud import shown, words_on
from tests.signing import make_user, sign_in_fully

from okat.city.core.ids import new_id
from okat.city.people.actions import link_account
from okat.city.people.forms.care import VisitForm
from okat.city.people.forms.consent import ConsentForm
from okat.city.people.forms.household import HouseForm, MemberForm
from okat.city.people.forms.life import HomeForm, MoveForm
from okat.city.people.forms.pin import ChangeForm, PinForm
from okat.city.people.models import Person
from okat.city.taxonomy.models import Term

# What a field is given, and how the page says it. Texts that stand nowhere else on the page.
Said = dict[str, tuple[Any, str]]
ABOUT: Said = {
    "given": ("มาลี", "มาลี"), "family": ("ศรีสุข", "ศรีสุข"), "nickname": ("ต้อยติ่ง", "ต้อยติ่ง"), "sex": ("f", "หญิง"),
    "birth": ("6 ธ.ค. 2503", "6 ธันวาคม 2503"), "phone": ("081-234-5678", "0812345678"), "where": ("บ้านเป็ด", "บ้านเป็ด"),
    "papers": ("elsewhere", "มีชื่อในทะเบียนบ้านที่อื่น"), "situations": (["renter"], "ผู้เช่า"), "education": ("p6", "ประถมหก"),
    "income": ("4321", "4,321"), "pin": ("1101700230708", "เก็บแบบปิดผนึก"), "disabilities": (["seeing"], "ทางการเห็น"),
}  # fmt: skip
AGREED: Said = {
    "care": ("on", "เก็บข้อมูลของฉันและติดตามดูแล"), "sensitive": ("on", "รวมเรื่องสุขภาพและความพิการ"),
    "contact": ("on", "โทรหรือส่งข้อความถึงฉัน"),
    "refer": (["social"], "พัฒนาสังคม"), "refer_sensitive": ("on", "รวมเรื่องสุขภาพและความพิการ"),
    "how": ("witness", "ต่อหน้าพยาน"), "witness": ("พยานชื่อบุญมา", "พยานชื่อบุญมา"),
}  # fmt: skip
NEEDED: Said = {"needs": (["income"], "รายได้"), "need_note": ("อยากขายของ", "อยากขายของ"), "photo": (JPEG, "รูปถ่าย")}
HOUSE: Said = {
    "where": ABOUT["where"], "house": ("99 ซอยทดลอง", "99 ซอยทดลอง"), "tenure": ("rent", "เช่า"),
    "papers": ABOUT["papers"], "guardian": ("ผู้ปกครองชื่อคำ", "ผู้ปกครองชื่อคำ"),
}  # fmt: skip
MEMBER: Said = {
    **{name: ABOUT[name] for name in ("given", "family", "sex")}, "birth": ("6 ธ.ค. 2560", "6 ธันวาคม 2560"),
    "role": ("grandchild", "หลาน"), "needs": (["income"], "รายได้"),
}  # fmt: skip
VISIT: Said = {
    "kind": ("phone", "โทรศัพท์"), "note": ("คุยเรื่องยา", "คุยเรื่องยา"), "next_on": ("3 ก.พ. 2599", "3 ก.พ. 2599"),
}  # fmt: skip
CONSENT: Said = {
    "purpose": ("contact", "โทรหา"), "recipient": ("social", "พัฒนาสังคม"), "sensitive": AGREED["sensitive"],
    "how": AGREED["how"], "witness": AGREED["witness"],
}  # fmt: skip
MOVE: Said = {"where": ("ศิลา", "ศิลา"), "house": ("7 ซอยใหม่", "7 ซอยใหม่")}
HOME: Said = {"house": ("12 ซอยแยก", "12 ซอยแยก"), "role": ("parent", "พ่อหรือแม่")}
FORMS: dict[type[BaseForm], Said] = {
    PinForm: ABOUT | AGREED | NEEDED, ChangeForm: ABOUT, HouseForm: HOUSE | AGREED, MemberForm: MEMBER,
    VisitForm: VISIT, ConsentForm: CONSENT, MoveForm: MOVE, HomeForm: HOME,
}  # fmt: skip
# What a form takes that says nothing about the person by itself.
CARRIED = {
    "once": "counts a form once", "words": "which words of a consent were read", "id": "the record's own name",
    "version": "which state was opened", "noted": "the phone's clock: the list of what was pinned without a network",
    "round": "whom the city's rounds are of: asked where a partner has a coordinator, shown as every consent",
    "along_with": "who else moves: their pages say it", "how_home": "in which way a house is chosen",
    "beside": "whose house: it is the person's own from then on",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_each_field_of_a_form_is_looked_for(form: type[BaseForm]) -> None:
    carried = CARRIED.keys() | ({"how"} if form is HomeForm else set())
    assert set(form.base_fields) - carried <= set(FORMS[form])


@pytest.fixture
def kru(city: City, client: Client) -> Client:
    Term.objects.create(vocabulary="education", code="p6", th="ประถมหก", en="p6")
    area("400199", "ที่อื่น", "subdistrict", city.ban_ped.parent)
    sign_in_fully(client, city.teacher)
    return client


def sent(client: Client, url: str, said: Said, **more: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = {
        name: SimpleUploadedFile("a.jpg", typed, "image/jpeg") if isinstance(typed, bytes) else typed
        for name, (typed, _told) in said.items()
    }
    answer = client.post(url, data | words_on(client, url) | more)
    assert answer.status_code == 302, shown(answer.content.decode())


def read(client: Client, person: Person) -> str:
    page = client.get(reverse("people:person", args=[person.pk])).content.decode()
    return shown(page.partition("<main")[2].partition("</main")[0])


def missing(page: str, said: Said) -> list[str]:
    return [name for name, (_typed, told) in said.items() if told not in page]


def test_a_pin_and_a_change(kru: Client) -> None:
    sent(kru, reverse("people:pin"), FORMS[PinForm])
    person = Person.objects.get()
    assert missing(read(kru, person), FORMS[PinForm]) == []
    other = ABOUT | {"given": ("บุญ", "บุญ"), "sex": ("m", "ชาย"), "income": ("555", "555"), "phone": ("0899999999",) * 2}
    sent(kru, reverse("people:change", args=[person.pk]), other, version=person.version)
    assert missing(read(kru, person), other) == []


def test_a_household(kru: Client) -> None:
    lines = {f"m0-{name}": value for name, value in MEMBER.items()}
    sent(kru, reverse("people:pin-household"), FORMS[HouseForm] | lines, lines="1", **{"m0-id": str(new_id())})
    person = Person.objects.get()
    # the only member is young: a guardian agreed, and no witness was named
    told = (HOUSE | AGREED | MEMBER) | {"how": ("", "ผู้ปกครอง")}
    del told["witness"]
    assert missing(read(kru, person), told) == []


def test_a_visit_and_a_consent(kru: Client, city: City) -> None:
    person = city.pin()
    sent(kru, reverse("people:visit", args=[person.pk]), VISIT)
    sent(kru, reverse("people:consent", args=[person.pk]), CONSENT)
    assert missing(read(kru, person), VISIT | CONSENT) == []


def test_a_move_and_a_household_that_splits(kru: Client, city: City) -> None:
    person = city.pin()
    url = reverse("people:changed", args=[person.pk])
    sent(kru, url, HOME, do="home", how="new")
    assert missing(read(kru, person), HOME) == []
    city.teacher.memberships.get().areas.add(city.sila)
    sent(kru, url, MOVE, do="move")
    assert missing(read(kru, person), MOVE) == []


def test_the_person_reads_where_the_house_is_and_takes_it_and_the_witness_along(kru: Client, city: City) -> None:
    person = city.pin()
    sent(kru, reverse("people:consent", args=[person.pk]), CONSENT)
    sent(kru, reverse("people:changed", args=[person.pk]), HOME, do="home", how="new")
    owner = make_user("owner", name="สมหญิง ใจดี")
    link_account(person=person, user=owner, by=owner)
    sign_in_fully(mine := Client(), owner)
    page = shown(mine.get(reverse("people:mine")).content.decode())
    data = mine.get(reverse("people:mine-data")).json()["people"]
    for text in ("12 ซอยแยก", "พยานชื่อบุญมา"):
        assert text in page
        assert text in str(data)
