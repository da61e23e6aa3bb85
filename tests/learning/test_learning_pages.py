"""The screens of learning: a teacher's, a learner's, and the public page that says whether a certificate holds."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.learning.conftest import AFTER, DAY, DURING, School, placed
from tests.signing import sign_in_fully

from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.learning import actions
from okat.city.learning.models import Attendance, CalledOff, Credential
from okat.city.learning.queries import proofs
from okat.city.learning.rules.room import room_code
from okat.files import credentials as ob

pytestmark = pytest.mark.django_db
VERIFY = "/learning/verify/"


@pytest.fixture
def teacher(school: School) -> Client:
    client = Client()
    sign_in_fully(client, school.teacher)
    return client


@pytest.fixture
def learner(school: School) -> Client:
    client = Client()
    client.force_login(school.learner, backend="okat.city.partners.queries.Accounts")
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def issued(school: School, **rule: Any) -> Credential:
    with clock.at(AFTER):
        if rule:
            actions.set_rule(opportunity=school.course, by=school.teacher, **rule)
        for session in school.sessions:
            actions.mark(session=session, present=[school.place.pk], by=school.teacher)
        return actions.issue(opportunity=school.course, by=school.teacher)[0]


def test_a_teacher_runs_a_course_to_its_certificates_by_the_screens(
    school: School, teacher: Client, learner: Client
) -> None:
    course = reverse("learning:course", args=[school.course.pk])
    assert course in text(teacher.get("/learning/"))
    assert "สมหญิง ใจดี" in text(teacher.get(course))
    with clock.at(AFTER):
        for session in school.sessions:
            where = reverse("learning:session", args=[session.pk])
            assert str(school.place.pk) in text(teacher.get(where))
            assert teacher.post(where, {"present": [str(school.place.pk)]}).headers["Location"] == course
        page = text(teacher.get(course))
        assert "4/4" in page
        issue = reverse("learning:issue", args=[school.course.pk])
        assert issue in page
        teacher.post(issue)
        teacher.post(issue)
        certificate = Credential.objects.get()
        assert reverse("learning:own", args=[certificate.pk]) in text(learner.get("/learning/mine/"))
        shown = text(learner.get(reverse("learning:own", args=[certificate.pk])))
        assert "สมหญิง ใจดี" in shown
        assert "<svg" in shown
        file = learner.get(reverse("learning:file", args=[certificate.pk]))
        assert proofs.verdicts_of(file.content)[0].holds
        assert AuditEntry.objects.filter(verb="learning.download").count() == 1
        together = json.loads(learner.get("/learning/mine/passport.json").content)
        assert together["verifiableCredential"] == [json.loads(file.content)]


def test_the_same_list_sent_twice_is_noted_once(school: School, teacher: Client) -> None:
    where = reverse("learning:session", args=[school.sessions[0].pk])
    sent = {"present": [str(school.place.pk)], "once": "0192f3a4-0000-7000-8000-0000000000aa"}
    assert [teacher.post(where, sent).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(verb="learning.attend").count() == 1
    assert not AuditEntry.objects.filter(verb="learning.correct").exists()


def test_a_list_of_a_wrong_day_keeps_its_ticks_and_says_why(school: School, teacher: Client) -> None:
    where = reverse("learning:session", args=[school.sessions[2].pk])
    page = text(teacher.post(where, {"present": [str(school.place.pk)]}))
    assert "ครั้งนี้ยังไม่เริ่มเรียน" in page
    assert " checked" in page
    first = reverse("learning:session", args=[school.sessions[0].pk])
    assert "มีคนในรายชื่อ" in text(teacher.post(first, {"present": ["not a number"]}))
    assert not Attendance.objects.exists()


def test_a_list_moves_to_the_right_day_by_the_screen(school: School, teacher: Client) -> None:
    wrong, right, later, _ = school.sessions
    with clock.at(DURING + DAY):
        teacher.post(reverse("learning:session", args=[wrong.pk]), {"present": [str(school.place.pk)]})
        move = reverse("learning:move", args=[wrong.pk])
        assert move in text(teacher.get(reverse("learning:session", args=[wrong.pk])))
        assert teacher.post(move, {"right": "x"}).status_code == 200
        refused = teacher.post(move, {"right": str(later.pk)}, follow=True)
        assert "ยังไม่เริ่มเรียน" in text(refused)
        assert teacher.post(move, {"right": str(right.pk)}).headers["Location"].endswith(f"/{right.pk}/")
    assert Attendance.objects.get().session == right


def test_a_session_is_called_off_with_a_reason(school: School, teacher: Client) -> None:
    last = school.sessions[3]
    where = reverse("learning:call-off", args=[last.pk])
    assert teacher.post(where, {"reason": ""}).status_code == 200
    assert not CalledOff.objects.exists()
    teacher.post(where, {"reason": "น้ำท่วม <b>"})
    page = text(teacher.get(reverse("learning:course", args=[school.course.pk])))
    assert "น้ำท่วม &lt;b&gt;" in page


def test_the_rule_is_changed_and_refused_beside_its_field(school: School, teacher: Client) -> None:
    where = reverse("learning:rule", args=[school.course.pk])
    assert teacher.post(where, {"share": "๑๒๐", "months": ""}).status_code == 200
    assert teacher.post(where, {"share": "๗๕", "months": "12"}).status_code == 302
    assert (school.course.completion.share, school.course.completion.months) == (75, 12)


def test_the_picture_in_the_room_signs_a_learner_in(school: School, teacher: Client, learner: Client) -> None:
    session = school.sessions[0]
    answer = teacher.get(reverse("learning:room", args=[session.pk]))
    assert answer.headers["Refresh"] == "60"
    assert "<svg" in text(answer)
    link = reverse("learning:here", args=[room_code(session.pk, clock.now())])
    assert "ใช่ ฉันมาเรียน" in text(learner.get(link))
    assert not Attendance.objects.exists()
    assert "เช็กชื่อให้คุณแล้ว" in text(learner.post(link))
    assert Attendance.objects.get().how == "code"
    assert Client().get(link).headers["Location"].startswith("/accounts/sign-in/")


def test_forged_and_strange_codes_sign_nobody_in(school: School, teacher: Client, learner: Client) -> None:
    good = room_code(school.sessions[0].pk, clock.now())
    for code in (good[:-1] + ("0" if good[-1] != "0" else "1"), "x", room_code(10**12, clock.now())):
        answer = learner.post(reverse("learning:here", args=[code]))
        assert answer.status_code == 409, code
    assert teacher.post(reverse("learning:here", args=[good])).status_code == 409  # no record of their own
    assert not Attendance.objects.exists()


def test_others_reach_neither_courses_nor_names(school: School) -> None:
    strange, session = Client(), school.sessions[0]
    sign_in_fully(strange, school.city.stranger)
    addresses = [
        reverse("learning:course", args=[school.course.pk]), reverse("learning:session", args=[session.pk]),
        reverse("learning:room", args=[session.pk]),
    ]  # fmt: skip
    assert [strange.get(address).status_code for address in addresses] == [404] * 3
    assert "ทอผ้า" not in text(strange.get("/learning/"))
    certificate = issued(school)
    assert strange.get(reverse("learning:revoke", args=[certificate.pk])).status_code == 404
    for name in ("own", "file"):
        assert strange.get(reverse(f"learning:{name}", args=[certificate.pk])).status_code == 404


def test_once_the_referral_has_ended_the_name_is_hidden_and_reads_are_recorded(school: School, teacher: Client) -> None:
    where = reverse("learning:course", args=[school.course.pk])
    teacher.get(where)
    assert AuditEntry.objects.filter(verb="people.read", reason_code="roster", actor=school.teacher).count() == 1
    issued(school)
    page = text(teacher.get(where))
    assert "สมหญิง" not in page
    assert "ไม่แสดงชื่อ" in page


def test_the_roster_asks_as_often_for_ten_as_for_one(
    school: School, teacher: Client, django_assert_max_num_queries: Any
) -> None:
    where = reverse("learning:course", args=[school.course.pk])
    teacher.get(where)
    with clock.at(DURING - DAY):
        for number in range(9):
            placed(school.city, school.course, school.city.pin(f"คน{number}"))
    with django_assert_max_num_queries(20):
        assert text(teacher.get(where)).count("ใจดี") == 10


def sent(client: Client, data: bytes) -> str:
    return text(client.post(VERIFY, {"file": SimpleUploadedFile("c.json", data)}))


def test_anybody_can_check_a_certificate(school: School) -> None:
    certificate, anybody = issued(school), Client()
    row = Credential.objects.select_related("person__key").get(pk=certificate.pk)
    document = proofs.document_of(row)
    data = json.dumps(document).encode()
    with clock.at(AFTER + DAY):
        page = sent(anybody, data)
        assert "ใบรับรองนี้ใช้ได้" in page
        assert "สมหญิง ใจดี" in page
        by_number = text(anybody.get(VERIFY, {"number": str(row.pk)}))
        assert "ใบรับรองนี้ใช้ได้" in by_number
        assert "สมหญิง" not in by_number
        assert "ใบรับรองนี้ใช้ได้" in text(anybody.post(VERIFY, {"number": f" urn:uuid:{row.pk} "}))
        assert document is not None
        document["credentialSubject"]["achievement"]["criteria"]["narrative"] += "!"
        changed = sent(anybody, json.dumps(document).encode())
        assert "ถูกแก้ไขหลังลงนาม" in changed
        assert "สมหญิง" not in changed
        assert "ไม่ใช่ใบรับรองของเมืองนี้" in sent(anybody, b"junk")
        assert "ไม่พบใบรับรองเลขนี้" in text(anybody.get(VERIFY, {"number": "0192"}))
        assert "เลือกไฟล์" in text(anybody.post(VERIFY, {}))


def test_a_revoked_and_an_expired_certificate_are_told_apart(school: School, teacher: Client) -> None:
    certificate = issued(school, share=80, months=1)
    row = Credential.objects.select_related("person__key").get(pk=certificate.pk)
    data, anybody = json.dumps(proofs.document_of(row)).encode(), Client()
    with clock.at(AFTER + 60 * DAY):
        assert "หมดอายุแล้ว" in sent(anybody, data)
        assert "หมดอายุแล้ว" in text(anybody.get(VERIFY, {"number": str(row.pk)}))
    with clock.at(AFTER + DAY):
        where = reverse("learning:revoke", args=[row.pk])
        assert teacher.post(where, {"reason": "nothing"}).status_code == 200
        assert teacher.post(where, {"reason": "mistake"}).status_code == 302
        assert "ถูกเพิกถอนแล้ว" in sent(anybody, data)
        assert "ถูกเพิกถอนแล้ว" in text(anybody.get(VERIFY, {"number": str(row.pk)}))


def test_wallets_read_the_keys_and_the_list_and_come_to_the_same_answer(school: School) -> None:
    certificate = issued(school)
    row = Credential.objects.select_related("person__key").get(pk=certificate.pk)
    anybody = Client()
    with clock.at(AFTER + DAY):
        answer = anybody.get("/learning/did.json")
        keys = {
            method["id"]: ob.KnownKey(method["publicKeyMultibase"]) for method in answer.json()["verificationMethod"]
        }
        listed = anybody.get(f"/learning/status/{row.list_number}/")
        assert listed.headers["Access-Control-Allow-Origin"] == "*"
        lists = {proofs.list_url(row.list_number): json.loads(listed.content)}
        assert ob.check(proofs.document_of(row), keys=keys.get, lists=lists.get, at=clock.now()).holds
        assert anybody.get("/learning/status/77/").status_code == 404
        assert anybody.get(f"/learning/status/{10**30}/").status_code == 404


def test_a_learner_s_own_page_and_the_officer_s_show_the_course(school: School, learner: Client) -> None:
    page = text(learner.get(reverse("people:mine")))
    assert "/learning/mine/" in page
    assert "ทอผ้าไหมมัดหมี่" in page


def test_the_new_certificate_is_found_from_the_old_one(school: School, teacher: Client) -> None:
    old, anybody = issued(school), Client()
    where = reverse("learning:revoke", args=[old.pk])
    with clock.at(AFTER + DAY):
        teacher.post(where, {"reason": "wrong_name"})
        assert reverse("learning:issue", args=[school.course.pk]) in text(
            teacher.get(reverse("learning:course", args=[school.course.pk]))
        )
        assert reverse("learning:issue-anew", args=[old.pk]) in text(teacher.get(where))
        teacher.post(reverse("learning:issue-anew", args=[old.pk]))
        new = Credential.objects.get(replaces=old)
        assert reverse("learning:revoke", args=[new.pk]) in text(teacher.get(where))
        assert "มีใบใหม่แทนแล้ว" in text(anybody.get(VERIFY, {"number": str(old.pk)}))
        assert str(old.pk) in text(anybody.get(VERIFY, {"number": str(new.pk)}))
