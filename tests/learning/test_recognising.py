"""What was learned elsewhere, recognised by two persons of a school."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.learning.conftest import School
from tests.pictures import JPEG
from tests.signing import make_user, sign_in_fully

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.core.models import AuditEntry
from okat.city.core.registries import ERASE, EXPORT
from okat.city.learning import actions
from okat.city.learning.models import Recognition, RecognitionSignature
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.recognising import Kind, Signed, outcome
from okat.city.notices.models import Notice
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.models import Consent, Evidence
from okat.city.people.rules import Status

PICTURE = JPEG
MINE, WAITING = "/learning/mine/recognition/", "/learning/recognition/"


def colleague(school: School, name: str = "second") -> User:
    made = make_user(name, name=f"คน {name}")
    partners.add_member(partner=school.city.school, user=made, role=Role.OFFICER, by=system_user())
    return made


def asked(school: School, pictures: Sequence[bytes] = (PICTURE,)) -> Recognition:
    return actions.ask_recognition(
        person=school.place.person, partner=school.city.school, kind=Kind.PRIOR, what="ทอผ้าไหมมายี่สิบปี",  # type: ignore[arg-type]
        where="ที่บ้าน", wanted=3, pictures=pictures, by=school.learner,
    )  # fmt: skip


def client_of(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    ("signed", "found"),
    [
        ([], None), ([(1, 3)], None), ([(1, 3), (1, 3)], None), ([(1, 3), (2, 2)], None), ([(1, 3), (2, 3)], 3),
        ([(1, 0), (2, 0)], 0), ([(1, 3), (2, 0), (3, 0)], 0), ([(1, 3), (2, 2), (3, 3)], 3),
    ],
)  # fmt: skip
def test_two_different_persons_have_to_come_to_the_same(signed: list[tuple[int, int]], found: int | None) -> None:
    assert outcome([Signed(*one) for one in signed]) == found


@pytest.mark.django_db
def test_from_a_request_with_a_picture_to_credits_in_the_passport(
    school: School, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    learner = Client()
    learner.force_login(school.learner, backend="okat.city.partners.queries.Accounts")
    said = {
        "kind": "prior", "what": "ทอผ้าไหมมายี่สิบปี", "where": "ที่บ้าน", "wanted": "๓",
        "partner": str(school.city.school.pk), "plain": "on", "once": "0192f3a4-0000-7000-8000-0000000000cc",
    }  # fmt: skip
    assert "เลือกรูปถ่าย" not in text(learner.post(MINE, said))  # no picture yet: said beside its field
    for _ in range(2):
        answer = learner.post(MINE, {**said, "picture": SimpleUploadedFile("loom.jpg", PICTURE)})
        assert answer.status_code == 302
    row = Recognition.objects.get()
    kept = next(path for path in media.rglob("*") if path.is_file())
    assert b"loom" not in kept.read_bytes()
    assert "ทอผ้า" not in str(list(Recognition.objects.values()))
    first, second = client_of(school.teacher), client_of(colleague(school))
    page = reverse("learning:sign", args=[row.pk])
    assert page in text(first.get(WAITING))
    assert "ทอผ้าไหมมายี่สิบปี" in text(first.get(page))
    picture = first.get(reverse("learning:recognition-evidence", args=[row.pk, row.evidence.get().pk]))
    assert picture.content == PICTURE
    assert AuditEntry.objects.filter(verb="people.read", reason_code="recognition").count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert first.post(page, {"credits": "๓", "reason": "เห็นผลงานจริง"}).status_code == 302
        assert "คุณลงชื่อแล้ว" in text(first.post(page, {"credits": "3", "reason": "อีกครั้ง"}))
        assert "เห็นผลงานจริง" not in text(learner.get(MINE))  # while it is not decided
        assert second.post(page, {"credits": "3", "reason": "ผ้าทอได้มาตรฐาน"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.credits) == ("granted", 3)
    assert "เห็นผลงานจริง" in text(learner.get(MINE))
    passport = text(learner.get("/learning/mine/"))
    assert "เทียบโอนได้ 3 หน่วยกิต" in passport
    assert "ทอผ้าไหมมายี่สิบปี" in passport
    assert Notice.objects.filter(kind="learning.recognised", user=school.learner).count() == 1
    assert dict(EXPORT)["learning"](school.city.person.pk)["recognitions"][0]["credits"] == 3


@pytest.mark.django_db
def test_nobody_signs_for_themselves_twice_or_from_elsewhere(school: School) -> None:
    row = asked(school)
    partners.add_member(partner=school.city.school, user=school.learner, role=Role.OFFICER, by=system_user())
    second = colleague(school)
    cases = [(school.learner, 3, "own"), (school.teacher, 4, "credits"), (school.teacher, -1, "credits")]
    for by, given, code in cases:
        with pytest.raises(LearningError) as refused:
            actions.sign_recognition(request=row, given=given, reason="x", by=by)
        assert refused.value.code == code
    with pytest.raises(LearningError, match="เหตุผล"):
        actions.sign_recognition(request=row, given=1, reason="  ", by=school.teacher)
    actions.sign_recognition(request=row, given=0, reason="ยังไม่พอ", by=school.teacher)
    with pytest.raises(LearningError) as refused:
        actions.sign_recognition(request=row, given=0, reason="อีก", by=school.teacher)
    assert refused.value.code == "twice"
    with pytest.raises(IntegrityError), transaction.atomic():
        RecognitionSignature(recognition=row, by=school.teacher, credits=0, at=row.asked_at).save()
    assert actions.sign_recognition(request=row, given=0, reason="เห็นด้วย", by=second).state == "refused"
    with pytest.raises(LearningError) as refused:
        actions.sign_recognition(request=row, given=3, reason="สาย", by=colleague(school, "third"))
    assert refused.value.code == "decided"
    strange = client_of(school.city.stranger)
    assert strange.get(reverse("learning:sign", args=[row.pk])).status_code == 404


@pytest.mark.django_db
def test_a_request_with_a_file_that_is_no_picture_keeps_nothing(school: School, media: Path) -> None:
    for pictures, code in (([PICTURE, b"%PDF"], "pictures"), ([], "pictures"), ([PICTURE] * 6, "pictures")):
        with pytest.raises(LearningError) as refused:
            asked(school, pictures)
        assert refused.value.code == code
    assert not Recognition.objects.exists()
    assert not Evidence.objects.exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_a_request_is_withdrawn_or_ends_with_the_record(school: School) -> None:
    row = asked(school)
    learner, page = Client(), reverse("learning:sign", args=[row.pk])
    learner.force_login(school.learner, backend="okat.city.partners.queries.Accounts")
    teacher = client_of(school.teacher)
    learner.post(reverse("learning:withdraw-recognition", args=[row.pk]), {"sure": "1"})
    assert teacher.get(page).status_code == 404
    other = asked(school)
    actions.sign_recognition(request=other, given=2, reason="ดี", by=school.teacher)
    dict(ERASE)["learning"](school.city.person.pk)
    assert teacher.get(reverse("learning:sign", args=[other.pk])).status_code == 404
    assert list(Recognition.objects.values_list("person", "sealed", "state")) == [(None, None, "withdrawn")] * 2
    assert RecognitionSignature.objects.get().sealed is None


def decided(school: School) -> tuple[Recognition, list[User]]:
    row, signers = asked(school), [school.teacher, colleague(school)]
    for by in signers:
        actions.sign_recognition(request=row, given=2, reason="เห็นผลงานจริง", by=by)
    row.refresh_from_db()
    return row, signers


def urls_of(row: Recognition) -> list[str]:
    picture = reverse("learning:recognition-evidence", args=[row.pk, row.evidence.get().pk])
    return [reverse("learning:sign", args=[row.pk]), picture]


def withdraw_all(school: School) -> None:
    for consent in Consent.objects.filter(person=school.city.person, withdrawn_at=None):
        people.withdraw_consent(consent=consent, by=school.learner)


@pytest.mark.django_db
def test_once_decided_it_is_read_by_those_alone_who_may_see_the_record(school: School) -> None:
    row, signers = decided(school)
    clients = [client_of(user) for user in signers]
    assert {client.get(url).status_code for client in clients for url in urls_of(row)} == {200}
    withdraw_all(school)
    assert {client.get(url).status_code for client in clients for url in urls_of(row)} == {404}
    learner = Client()
    learner.force_login(school.learner, backend="okat.city.partners.queries.Accounts")
    assert "เห็นผลงานจริง" in text(learner.get(MINE))


@pytest.mark.django_db
def test_while_it_waits_the_office_reads_it_and_the_page_says_so_before_a_consent_is_withdrawn(school: School) -> None:
    row, teacher = asked(school), client_of(school.teacher)
    consent = Consent.objects.get(person=school.city.person, recipient=school.city.school, withdrawn_at=None)
    other = Consent.objects.filter(person=school.city.person, recipient=school.city.town, withdrawn_at=None)[0]
    learner = Client()
    learner.force_login(school.learner, backend="okat.city.partners.queries.Accounts")
    pages = [text(learner.post(reverse("people:mine-withdraw", args=[one.pk]))) for one in (consent, other)]
    assert ["ยังอ่านคำขอเทียบโอน" in page for page in pages] == [True, False]
    withdraw_all(school)
    assert {teacher.get(url).status_code for url in urls_of(row)} == {200}
    actions.withdraw_recognition(request=row, by=school.learner)
    assert {teacher.get(url).status_code for url in urls_of(row)} == {404}


@pytest.mark.django_db
def test_what_a_person_asked_who_died_waits_for_nobody(school: School) -> None:
    row, teacher = asked(school), client_of(school.teacher)
    people.set_status(person=school.city.person, status=Status.DIED, by=school.city.worker)
    assert {teacher.get(url).status_code for url in urls_of(row)} == {404}
    assert urls_of(row)[0] not in text(teacher.get(WAITING))
    with pytest.raises(LearningError) as refused:
        actions.sign_recognition(request=row, given=1, reason="x", by=school.teacher)
    assert refused.value.code == "died"
    sent = teacher.post(urls_of(row)[0], {"credits": "3", "reason": "ผ้าทอได้มาตรฐาน"})
    assert sent.status_code == 409
    assert "เสียชีวิต" in text(sent)
    assert "ผ้าทอได้มาตรฐาน" in text(sent)
    people.come_back(person=school.city.person, by=school.city.worker)
    assert urls_of(row)[0] in text(teacher.get(WAITING))


@pytest.mark.django_db
def test_a_signature_sent_twice_goes_where_it_went_and_one_that_came_late_gives_its_words_back(school: School) -> None:
    """Also where the school may not see the record: what is decided is closed to whoever signed it."""
    row = asked(school)
    for consent in Consent.objects.filter(person=row.person, recipient=school.city.school, withdrawn_at=None):
        people.withdraw_consent(consent=consent, by=school.learner)
    first, second, late = (client_of(user) for user in (school.teacher, colleague(school), colleague(school, "third")))
    page = reverse("learning:sign", args=[row.pk])
    assert first.post(page, {"credits": "3", "reason": "เห็นผลงานจริง"}).status_code == 302
    sent = {"credits": "3", "reason": "ผ้าทอได้มาตรฐาน", "once": "0192f3a4-0000-7000-8000-0000000000cd"}
    assert [second.post(page, sent).headers.get("Location") for _ in range(2)] == [WAITING, WAITING]
    assert RecognitionSignature.objects.count() == 2
    assert second.get(page).status_code == 404
    refused = late.post(page, {"credits": "2", "reason": "ดูลายผ้าแล้ว"})
    assert refused.status_code == 409
    assert "ดูลายผ้าแล้ว" in text(refused)
    assert client_of(school.city.stranger).post(page, sent).status_code == 404
