"""Each file that is kept of a person opens to those alone for whom it was given, and to nobody once that ended."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.urls import reverse
from tests.files.test_pictures import LYING, SECRET, segment
from tests.learning.conftest import School
from tests.pictures import JPEG, PNG
from tests.signing import make_user, sign_in_fully

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.core.registries import EXPORT, FILES
from okat.city.learning import actions
from okat.city.learning.models import Recognition
from okat.city.learning.rules.recognising import Kind
from okat.city.notices.models import Notice
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow
from okat.city.people.models import Consent, Evidence, Person
from okat.city.people.queries.files import open_to
from okat.city.people.rules import Emergency, EvidenceKind, How, Purpose, Status

OWN, RECORD = {"own"}, {"own", "keeps", "referred", "explicit", "emergency"}
TABLE: dict[
    str, set[str]
] = {  # who opens it; the office that is asked has no right to the record, but where it says so
    "photo": RECORD,
    "photo, all consents withdrawn": OWN | {"emergency"},
    "photo, died": RECORD - OWN - {"referred"},  # the case ended with the life
    "signature": OWN,  # no app says for what such a file is opened
    "document": OWN,  # belongs to no request
    "request": OWN | {"asked"},
    "request, all consents withdrawn": OWN | {"asked"},
    "request, withdrawn": OWN,
    "request, decided": OWN,
    "request, decided, asked office sees the record": OWN | {"asked"},
    "request, died": set(),
    "request, handed over": OWN | {"referred"},
    "request, joined": OWN | {"asked"},
    "request, joined, withdrawn": OWN,
    "request, erased": set(),
}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def member(school: School, code: str, role: Role, login: str) -> User:
    made = make_user(login, name=login)
    partners.add_member(partner=getattr(school.city, code), user=made, role=role, by=system_user())
    return made


def allow(school: School, to: Any, *, sensitive: bool = False) -> None:
    row = ConsentRow(Purpose.CARE, to, How.SIGNATURE, sensitive=sensitive)
    people.record_consent(person=person_of(school), given=row, by=school.learner)


def person_of(school: School) -> Person:
    return Person.objects.select_related("key", "area", "user").get(user=school.learner)


def readers(school: School) -> dict[str, User]:
    """The hospital is asked; the school has the case; `explicit` keeps the record with an explicit consent; one of the
    hospital's field workers opened the record in an emergency."""
    city = school.city
    clinic = partners.add_partner(
        code="clinic", th="คลินิก", en="clinic", kind="provincial", area=city.town.area, by=system_user()
    )
    explicit = make_user("explicit", name="explicit")
    partners.add_member(partner=clinic, user=explicit, role=Role.OFFICER, by=system_user())
    allow(school, clinic, sensitive=True)
    helper = member(school, "hospital", Role.FIELD_WORKER, "helper")
    people.break_glass(
        person=person_of(school), reason=Emergency.LIFE, note="พบหมดสติที่ตลาด", partner=city.hospital, by=helper
    )
    return {
        "own": school.learner, "asked": city.nurse, "keeps": city.worker, "referred": school.teacher,
        "explicit": explicit, "emergency": helper, "stranger": city.stranger,
    }  # fmt: skip


def withdraw_all(school: School) -> None:
    for consent in Consent.objects.filter(person=person_of(school), withdrawn_at=None):
        people.withdraw_consent(consent=consent, by=school.learner)


def kept(school: School, kind: EvidenceKind) -> Evidence:
    return people.add_evidence(person=person_of(school), kind=kind, data=JPEG, by=school.learner)


def requested(school: School) -> Evidence:
    row = actions.ask_recognition(
        person=person_of(school), partner=school.city.hospital, kind=Kind.PRIOR, what="ทอผ้า", where="ที่บ้าน",
        wanted=3, pictures=[JPEG], by=school.learner,
    )  # fmt: skip
    return row.evidence.get()


def request() -> Recognition:
    return Recognition.objects.get()


def decide(school: School) -> None:
    for by in (school.city.nurse, member(school, "hospital", Role.OFFICER, "second")):
        actions.sign_recognition(request=request(), given=2, reason="เห็นผลงาน", by=by)


def decide_and_see(school: School) -> None:
    decide(school)
    allow(school, school.city.hospital)


def die(school: School) -> None:
    people.set_status(person=person_of(school), status=Status.DIED, by=school.city.worker)


def hand_over(school: School) -> None:
    from okat.city.learning.actions._handover import _hand_requests

    _hand_requests(partner=school.city.hospital, to=school.city.school, by=system_user())
    assert Notice.objects.get(kind="learning.request_handed_over").user == school.learner


def join(school: School) -> None:
    """The record of the request goes into another one."""
    gone, keep = person_of(school), school.city.pin("สมหญิงอีกที")
    found = people.propose_merge(one=gone, other=keep, by=school.city.worker)
    people.merge(proposal=found, keep=keep, by=school.city.manager)


def join_and_withdraw(school: School) -> None:
    join(school)
    withdraw(school)


def withdraw(school: School) -> None:
    actions.withdraw_recognition(request=request(), by=school.learner)


def erase(school: School) -> None:
    from okat.city.core.registries import ERASE

    gone = person_of(school).pk
    for _, clear in ERASE:
        clear(gone)


def nothing(school: School) -> None:
    pass


def taken(kind: EvidenceKind) -> Callable[[School], Evidence]:
    return lambda school: kept(school, kind)


MAKE: dict[str, tuple[Callable[[School], Evidence], Callable[[School], None]]] = {
    "photo": (taken(EvidenceKind.PHOTO), nothing),
    "photo, all consents withdrawn": (taken(EvidenceKind.PHOTO), withdraw_all),
    "photo, died": (taken(EvidenceKind.PHOTO), die),
    "signature": (taken(EvidenceKind.SIGNATURE), nothing),
    "document": (taken(EvidenceKind.DOCUMENT), nothing),
    "request": (requested, nothing),
    "request, all consents withdrawn": (requested, withdraw_all),
    "request, withdrawn": (requested, withdraw),
    "request, decided": (requested, decide),
    "request, decided, asked office sees the record": (requested, decide_and_see),
    "request, died": (requested, die),
    "request, handed over": (requested, hand_over),
    "request, joined": (requested, join),
    "request, joined, withdrawn": (requested, join_and_withdraw),
    "request, erased": (requested, erase),
}


def addresses(file: Evidence, person: Person) -> list[str]:
    """Every address that shows a file of somebody."""
    found = [
        reverse("people:evidence", args=[person.pk, file.pk]), reverse("people:mine-file", args=[file.pk]),
        *(reverse("learning:recognition-evidence", args=[row.pk, file.pk]) for row in Recognition.objects.all()),
    ]  # fmt: skip
    return [*found, reverse("people:person", args=[person.pk])]


def links_lead_somewhere(client: Client, url: str) -> bool:
    """A page names no file that its reader may not open."""
    page = client.get(url)
    shown = [part.split('"')[0] for part in page.content.decode().split('href="') if "/evidence/" in part.split('"')[0]]
    return all(client.get(link).status_code == 200 for link in shown)


@pytest.mark.django_db
@pytest.mark.parametrize("what", TABLE)
def test_each_file_opens_to_those_alone_for_whom_it_was_given(school: School, what: str) -> None:
    by_role = readers(school)
    make, then = MAKE[what]
    file = make(school)
    assert {name for name, user in by_role.items() if open_to(user).filter(pk=file.pk).exists()} >= OWN
    person = person_of(school)
    then(school)
    person = Person.objects.filter(user=school.learner).first() or person
    found = set()
    for name, user in by_role.items():
        client = Client()
        sign_in_fully(client, user)
        *files, page = addresses(file, person)
        if any(client.get(url).status_code == 200 for url in files):
            found.add(name)
        assert links_lead_somewhere(client, page), name
    assert found == TABLE[what]
    asked = {name for name, user in by_role.items() if open_to(user).filter(pk=file.pk).exists()}
    assert asked == TABLE[what]


def test_each_kind_and_each_field_that_holds_a_file_is_in_the_table() -> None:
    """A new kind of file is opened by its owner alone until an app says otherwise, and then it stands above."""
    said = {kind for kind, _ in FILES}
    assert said == {EvidenceKind.PHOTO, EvidenceKind.DOCUMENT}
    assert {str(kind) for kind in EvidenceKind} <= TABLE.keys()
    assert TABLE.keys() == MAKE.keys()
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    assert [field for field in fields if isinstance(field, models.FileField)] == []


@pytest.mark.django_db
def test_the_owner_finds_and_takes_along_all_of_them(school: School) -> None:
    files = [kept(school, EvidenceKind.PHOTO), requested(school)]
    withdraw(school)
    client = Client()
    client.force_login(school.learner, backend="okat.city.partners.queries.Accounts")
    pages = [client.get(reverse(name)).content.decode() for name in ("people:mine-files", "learning:recognition")]
    links = [reverse("people:mine-file", args=[file.pk]) for file in files]
    assert [link in pages[0] for link in links] == [True, True]
    assert [link in pages[1] for link in links] == [False, True]
    assert reverse("people:mine-files") in client.get(reverse("people:mine")).content.decode()
    held = dict(EXPORT)["people"](person_of(school).pk)["files"]
    assert sorted(one["sha256"] for one in held) == sorted(file.digest for file in files)
    assert all(one["base64"] for one in held)


# --- What is sent in


def fields_for_files() -> set[str]:
    """Every form field of the city that takes a file."""
    import importlib
    import pkgutil

    import okat.city

    found = set()
    for module in pkgutil.walk_packages(okat.city.__path__, "okat.city."):
        if ".forms" in module.name:
            for form in vars(importlib.import_module(module.name)).values():
                if isinstance(form, type) and issubclass(form, forms.BaseForm):
                    declared = getattr(form, "base_fields", {})
                    found |= {
                        f"{form.__name__}.{name}" for name, field in declared.items()
                        if isinstance(field, forms.FileField)
                    }  # fmt: skip
    return found


def test_each_place_that_takes_a_file_is_known() -> None:
    pictures = {"AskForm.picture", "AskForm.second", "PinForm.photo"}  # tried below, and in the people's tests
    read_and_forgotten = {"VerifyForm.file"}
    tables = {"UploadForm.file"}  # read into rows; the file itself is shown to nobody
    assert fields_for_files() == pictures | read_and_forgotten | tables


SENT = {
    "a place beside the picture": JPEG[:2] + segment(0xE1, b"Exif\0\0" + LYING + SECRET) + JPEG[2:],
    "an archive behind the picture": PNG + b"PK\x03\x04" + SECRET,
    "a page behind the picture": JPEG + b"<script>" + SECRET,
    "a drawing by another name": b'<svg xmlns="http://www.w3.org/2000/svg"><script>' + SECRET + b"</script></svg>",
    "a page that begins as a picture": b"GIF89a=0;<script>" + SECRET,
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", SENT)
@pytest.mark.parametrize("field", ["picture", "second"])
def test_a_picture_is_kept_bare_or_not_at_all(school: School, what: str, field: str) -> None:
    client = Client()
    client.force_login(school.learner, backend="okat.city.partners.queries.Accounts")
    said = {
        "kind": "prior", "what": "ทอผ้า", "where": "ที่บ้าน", "wanted": "3", "partner": str(school.city.school.pk),
        "plain": "on", "picture": SimpleUploadedFile("a.png", PNG), field: SimpleUploadedFile("a.jpg", SENT[what]),
    }  # fmt: skip
    sent = client.post(reverse("learning:recognition"), said)
    kept_whole = [client.get(reverse("people:mine-file", args=[file.pk])) for file in Evidence.objects.all()]
    assert (sent.status_code == 302) == bool(kept_whole) == (SENT[what][:3] in {JPEG[:3], PNG[:3]})
    for file in kept_whole:
        assert SECRET not in file.content
        assert file["Content-Type"] in {"image/png", "image/jpeg"}
        assert file["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_pictures_are_sent_by_those_alone_who_say_that_none_tells_of_health(school: School) -> None:
    client = Client()
    client.force_login(school.learner, backend="okat.city.partners.queries.Accounts")
    said = {
        "kind": "prior", "what": "ทอผ้า", "where": "ที่บ้าน", "wanted": "3", "partner": str(school.city.school.pk),
        "picture": SimpleUploadedFile("a.png", PNG),
    }  # fmt: skip
    assert "ปิดส่วนที่บอกเรื่องสุขภาพ" in client.post(reverse("learning:recognition"), said).content.decode()
    assert not Evidence.objects.exists()
