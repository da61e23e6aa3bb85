"""From a placement to a certificate, and every way in which that may go wrong."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from tests.learning.conftest import AFTER, DAY, DURING, FIRST, HOURS, School, make, placed

from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.catalogue import actions as catalogue
from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.core.registries import ERASE, MERGE
from okat.city.learning import actions
from okat.city.learning.models import Attendance, Credential, Enrolment, PublicKey
from okat.city.learning.queries import courses, proofs
from okat.city.learning.rules import LearningError, Progress
from okat.city.learning.rules.completing import Rule, completed
from okat.city.learning.rules.room import ROOM, open_code, room_code
from okat.city.notices.models import Notice
from okat.city.people.actions import update_person
from okat.city.people.models import Person
from okat.files import credentials as ob

pytestmark = pytest.mark.django_db


def attended(school: School, *days: int) -> None:
    with clock.at(AFTER):
        for number, session in enumerate(school.sessions):
            actions.mark(session=session, present=[school.place.pk] if number in days else [], by=school.teacher)


def certified(school: School) -> Credential:
    attended(school, 0, 1, 2, 3)
    with clock.at(AFTER):
        made = actions.issue(opportunity=school.course, by=school.teacher)
    return Credential.objects.select_related("person__key", "opportunity", "key").get(pk=made[0].pk)


def verdict(certificate: Credential) -> ob.Verdict:
    with clock.at(AFTER + DAY):
        return proofs.verdicts_of(json.dumps(proofs.document_of(certificate)).encode())[0]


def test_a_placement_opens_one_place_in_the_course(school: School) -> None:
    assert (school.place.person_id, school.place.standing) == (school.city.person.pk, "active")
    again = actions.enrol(person=school.city.person, opportunity=school.course, case=school.case, by=school.teacher)
    assert again == school.place


def test_only_courses_open_places(db: None) -> None:
    with clock.at(FIRST - DAY):
        make(kind="service")
    assert not Enrolment.objects.exists()


def test_who_leaves_the_placement_leaves_the_course(school: School) -> None:
    cases.leave(case=school.case, reason="work", by=school.teacher)
    assert Enrolment.objects.get(case=school.case).standing == "left"


def test_a_cancelled_course_ends_all_places_and_keeps_what_was_attended(school: School) -> None:
    actions.mark(session=school.sessions[0], present=[school.place.pk], by=school.teacher)
    catalogue.cancel(opportunity=school.course, reason="ครูลา", by=system_user(), version=school.course.version)
    assert Enrolment.objects.get(case=school.case).standing == "cancelled"
    assert Attendance.objects.filter(present=True).count() == 1


def test_a_list_is_noted_and_corrected_with_its_own_word_in_the_trail(school: School) -> None:
    first = school.sessions[0]
    assert actions.mark(session=first, present=[school.place.pk], by=school.teacher) == 1
    assert actions.mark(session=first, present=[], by=school.teacher) == 1
    assert actions.mark(session=first, present=[], by=school.teacher) == 0
    assert Attendance.objects.get().present is False
    verbs = AuditEntry.objects.filter(verb__startswith="learning.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["learning.enrol", "learning.attend", "learning.correct", "learning.correct"]


def test_a_session_that_has_not_begun_cannot_have_been_attended(school: School) -> None:
    with pytest.raises(LearningError) as refused:
        actions.mark(session=school.sessions[1], present=[school.place.pk], by=school.teacher)
    assert refused.value.code == "not_begun"
    assert not Attendance.objects.exists()


def test_a_list_with_somebody_else_is_refused_whole(school: School) -> None:
    with pytest.raises(LearningError) as refused:
        actions.mark(session=school.sessions[0], present=[school.place.pk, uuid.uuid4()], by=school.teacher)
    assert refused.value.code == "learner"
    assert not Attendance.objects.exists()


def test_a_list_for_the_wrong_day_moves_to_the_right_one(school: School) -> None:
    wrong, right, later, _ = school.sessions
    actions.mark(session=wrong, present=[school.place.pk], by=school.teacher)
    with clock.at(DURING + DAY):
        assert actions.move_marks(wrong=wrong, right=right, by=school.teacher) == 1
        row = Attendance.objects.get()
        assert (row.session, row.held_on) == (right, right.start.date())
        actions.mark(session=wrong, present=[], by=school.teacher)
        for other, code in ((right, "taken"), (later, "not_begun"), (wrong, "session")):
            with pytest.raises(LearningError) as refused:
                actions.move_marks(wrong=wrong, right=other, by=school.teacher)
            assert refused.value.code == code
    assert Attendance.objects.count() == 2


def test_the_code_in_the_room_notes_who_scans_it(school: School) -> None:
    session = school.sessions[0]
    code = room_code(session.pk, clock.now())
    assert actions.sign_in(code=code, person=school.city.person, by=school.learner) == session
    actions.sign_in(code=code, person=school.city.person, by=school.learner)
    row = Attendance.objects.get()
    assert (row.present, row.how) == (True, "code")


def test_a_list_drawn_before_somebody_scanned_does_not_undo_the_scan(school: School) -> None:
    session = school.sessions[0]
    actions.sign_in(code=room_code(session.pk, clock.now()), person=school.city.person, by=school.learner)
    assert actions.mark(session=session, present=[], by=school.teacher) == 0
    assert Attendance.objects.get().present
    assert actions.mark(session=session, present=[], seen=[school.place.pk], by=school.teacher) == 1
    assert not Attendance.objects.get().present


def codes(school: School) -> Iterator[tuple[str, str]]:
    first, second = school.sessions[0].pk, school.sessions[1].pk
    good = room_code(first, clock.now())
    yield "code", good.replace(f"{first}-", f"{second}-", 1)
    yield "code", good[:-1] + ("0" if good[-1] != "0" else "1")
    yield "code", "x"
    yield "code", "-".join(("٣", "٤", "x"))
    yield "code", room_code(10**9, clock.now())
    yield "late", room_code(first, clock.now() - ROOM - HOURS / 1000)
    yield "late", room_code(first, clock.now() + HOURS)
    yield "not_begun", room_code(second, clock.now())


def test_forged_and_old_codes_note_nobody(school: School) -> None:
    for wanted, code in codes(school):
        with pytest.raises(LearningError) as refused:
            actions.sign_in(code=code, person=school.city.person, by=school.learner)
        assert refused.value.code == wanted, code
    with clock.at(FIRST + 2 * HOURS), pytest.raises(LearningError) as refused:
        actions.sign_in(
            code=room_code(school.sessions[0].pk, clock.now()), person=school.city.person, by=school.learner
        )
    assert refused.value.code == "over"
    assert not Attendance.objects.exists()


def test_who_does_not_take_part_cannot_sign_in(school: School) -> None:
    other = school.city.pin("คนอื่น")
    with pytest.raises(LearningError) as refused:
        actions.sign_in(code=room_code(school.sessions[0].pk, clock.now()), person=other, by=school.learner)
    assert refused.value.code == "learner"


def test_a_code_is_of_its_session_and_minute() -> None:
    with clock.at(DURING):
        assert open_code(room_code(7, DURING), DURING + ROOM) == 7


def test_a_cancelled_session_tells_every_learner_once_and_counts_for_nobody(
    school: School, django_capture_on_commit_callbacks: Any
) -> None:
    last = school.sessions[3]
    for number in range(39):
        actions.enrol(person=school.city.pin(f"คน{number}"), opportunity=school.course, case=None, by=school.teacher)
    assert Enrolment.objects.filter(standing="active").count() == 40
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.cancel_session(session=last, reason="น้ำท่วม", by=school.teacher) == 1  # who has an account
        assert actions.cancel_session(session=last, reason="อีกครั้ง", by=school.teacher) == 0
    assert Notice.objects.filter(kind="learning.called_off", user=school.learner).count() == 1
    with clock.at(AFTER), pytest.raises(LearningError) as refused:
        actions.mark(session=last, present=[], by=school.teacher)
    assert refused.value.code == "called_off"
    attended_some = courses.progress_of(school.course, [school.place])[school.place.pk]
    assert attended_some.planned == 3


@pytest.mark.parametrize(
    ("progress", "share", "reached"),
    [
        (Progress(4, 5, 5), 80, True),
        (Progress(3, 4, 4), 80, False),
        (Progress(4, 4, 5), 80, False),
        (Progress(0, 0, 0), 1, False),
        (Progress(2, 3, 3), 66, True),
        (Progress(2, 3, 3), 67, False),
    ],
)
def test_the_rule_of_completion(progress: Progress, share: int, reached: bool) -> None:
    assert completed(Rule(share), progress) is reached


def test_too_few_sessions_earn_nothing(school: School) -> None:
    attended(school, 0, 1, 2)
    with clock.at(AFTER), pytest.raises(LearningError) as refused:
        actions.issue(opportunity=school.course, by=school.teacher)
    assert refused.value.code == "nobody"
    actions.set_rule(opportunity=school.course, share=75, months=None, by=school.teacher)
    with clock.at(AFTER):
        assert len(actions.issue(opportunity=school.course, by=school.teacher)) == 1


def test_a_certificate_holds_names_the_learner_and_completes_the_placement(
    school: School, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        certificate = certified(school)
    found = verdict(certificate)
    assert found.holds, found
    assert found.award is not None
    assert (found.award.learner, found.award.title) == ("สมหญิง ใจดี", "ทอผ้าไหมมัดหมี่")
    assert Case.objects.get(pk=school.case.pk).state == "completed"
    assert Enrolment.objects.get(case=school.case).standing == "completed"
    assert Notice.objects.filter(kind="learning.issued", user=school.learner).count() == 1
    assert "สมหญิง".encode() not in bytes(certificate.sealed or b"")
    with clock.at(AFTER), pytest.raises(LearningError):
        actions.issue(opportunity=school.course, by=school.teacher)
    with pytest.raises(LearningError) as refused:
        actions.set_rule(opportunity=school.course, share=10, months=None, by=school.teacher)
    assert refused.value.code == "issued"


def test_a_changed_file_and_other_files_do_not_hold(school: School) -> None:
    document = proofs.document_of(certified(school))
    assert document is not None
    document["name"] = "ปริญญาเอก"
    with clock.at(AFTER + DAY):
        assert not proofs.verdicts_of(json.dumps(document).encode())[0].holds
        for junk in (b"", b"\xff", b"[]", b"{}", b"[" * 100_000, b"1" * 300_000):
            assert proofs.verdicts_of(junk)[0].code == "unreadable"


def test_a_revoked_certificate_holds_no_more_and_is_revoked_once(school: School) -> None:
    certificate = certified(school)
    with pytest.raises(LearningError):
        actions.revoke(certificate=certificate, reason="whatever", by=school.teacher)
    first = actions.revoke(certificate=certificate, reason="mistake", by=school.teacher)
    again = actions.revoke(certificate=certificate, reason="fraud", by=school.teacher)
    assert (again.revoked_at, again.reason) == (first.revoked_at, "mistake")
    assert verdict(certificate).code == "revoked"
    assert proofs.state_of(again) == "revoked"


def test_an_expired_certificate_says_so(school: School) -> None:
    actions.set_rule(opportunity=school.course, share=80, months=2, by=school.teacher)
    certificate = certified(school)
    assert certificate.valid_until is not None
    assert certificate.valid_until.date().isoformat() == "2027-02-12"
    with clock.at(certificate.valid_until):
        data = json.dumps(proofs.document_of(certificate)).encode()
        assert proofs.verdicts_of(data)[0].code == "expired"
        assert proofs.state_of(certificate) == "expired"


def test_after_a_key_was_rotated_or_thrown_away_old_certificates_hold_and_after_it_was_called_back_none_does(
    school: School, settings: Any
) -> None:
    from okat.config.keys import Keyring

    old, ring = certified(school), settings.KEYRING
    sealing = {"k99": b"\x05" * 32, **ring.sealing}
    settings.KEYRING = Keyring(sealing, "k99", ring.root)
    assert verdict(old).holds  # now with a list that another key signs, which nobody wrote down before it was used
    key = PublicKey.objects.get()
    actions.call_back_key(key=key, by=school.teacher)
    assert verdict(old).code == "key_revoked"
    settings.KEYRING = ring
    with pytest.raises(LearningError) as refused:
        certified(school_with_other_learner(school))
    assert refused.value.code == "key"


def school_with_other_learner(school: School) -> School:
    """The same course with one more learner, whose place is the one asked for."""
    with clock.at(FIRST):
        case = placed(school.city, school.course, school.city.pin("สมใจ"))
    return School(school.city, school.course, case)


def test_of_a_merged_person_the_certificate_moves_along_and_holds(school: School) -> None:
    certificate = certified(school)
    kept = school.city.pin("สมหญิงคนเดิม")
    moved = dict(MERGE)["learning"].move(school.city.person.pk, kept.pk)
    row = Credential.objects.get(pk=certificate.pk)
    assert row.person_id == kept.pk
    dict(MERGE)["learning"].back(school.city.person.pk, kept.pk, moved)
    assert Credential.objects.get(pk=certificate.pk).person_id == school.city.person.pk


def test_of_an_erased_person_nothing_is_kept_but_their_own_file_still_holds(school: School) -> None:
    certificate = certified(school)
    file = json.dumps(proofs.document_of(certificate)).encode()
    assert dict(ERASE)["learning"](school.city.person.pk) == 1
    row = Credential.objects.get(pk=certificate.pk)
    assert (row.person, row.sealed) == (None, None)
    assert proofs.document_of(row) is None
    with clock.at(AFTER + DAY):
        assert proofs.verdicts_of(file)[0].holds


def test_the_export_holds_courses_days_and_certificates(school: School) -> None:
    certified(school)
    found = proofs.export(school.city.person.pk)
    assert found["courses"][0]["attendance"][0] == {"day": "2026-12-07", "present": True}
    assert found["certificates"][0]["name"] == "ทอผ้าไหมมัดหมี่"


def test_a_certificate_with_a_wrong_name_is_issued_anew_and_the_old_one_stays_revoked(school: School) -> None:
    old = certified(school)
    with pytest.raises(LearningError) as refused:
        actions.issue_anew(certificate=old, by=school.teacher)
    assert refused.value.code == "holds"
    with clock.at(AFTER + DAY):
        person = Person.objects.get(pk=school.city.person.pk)
        update_person(person=person, changes={"family": "ใจดีมาก"}, version=person.version, by=school.city.worker)
        actions.revoke(certificate=old, reason="wrong_name", by=school.teacher)
        (new,) = actions.issue(
            opportunity=school.course, by=school.teacher
        )  # the button of the course, after COMPLETED
    held, gone = verdict(new), verdict(old)
    assert (held.holds, gone.code) == (True, "revoked")
    assert held.award is not None
    assert held.award.learner.endswith("ใจดีมาก")
    assert str(old.pk) in held.award.criteria
    assert (new.replaces, new.valid_until, held.award.ended_at) == (old, old.valid_until, old.issued_at)
    for once_more in (lambda: actions.issue(opportunity=school.course, by=school.teacher), lambda: anew(school, old)):
        with pytest.raises(LearningError):
            once_more()
    with clock.at(AFTER + 2 * DAY):  # and a third one, which names the second alone
        actions.revoke(certificate=new, reason="wrong_name", by=school.teacher)
        third = verdict(anew(school, new))
    assert third.award is not None
    assert (str(new.pk) in third.award.criteria, str(old.pk) in third.award.criteria) == (True, False)


def anew(school: School, old: Credential) -> Credential:
    return actions.issue_anew(certificate=old, by=school.teacher)


def test_what_was_not_earned_is_not_issued_anew(school: School) -> None:
    old = certified(school)
    actions.revoke(certificate=old, reason="fraud", by=school.teacher)
    with pytest.raises(LearningError):
        actions.issue(opportunity=school.course, by=school.teacher)
    with clock.at(AFTER):
        for session in school.sessions[:2]:
            actions.mark(session=session, present=[], by=school.teacher)
    Attendance.objects.update(present=False)
    with pytest.raises(LearningError) as refused:
        anew(school, old)
    assert refused.value.code == "nobody"
