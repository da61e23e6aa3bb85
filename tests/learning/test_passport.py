"""The learner's passport: one signed file, and links by which others see it for a time."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.learning.conftest import AFTER, DAY, School
from tests.learning.test_learning import certified
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.core.registries import ERASE
from okat.city.learning import actions
from okat.city.learning.models import PassportLink, PassportOpening
from okat.city.learning.queries import proofs
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.passport import MOST_LINKS
from okat.city.people import actions as people
from okat.city.people.models import Merge, Person

pytestmark = pytest.mark.django_db
SHARE, FILE = "/learning/mine/share/", "/learning/mine/passport.json"


@pytest.fixture
def learner(school: School) -> Client:
    client = Client()
    client.force_login(school.learner, backend="okat.city.partners.queries.Accounts")
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def made(learner: Client, **data: str) -> str:
    """The address of a new link, as the page tells it."""
    page = text(learner.post(SHARE, {"days": "7", **data}))
    found = re.search(r"/learning/passport/[\w-]+/", page)
    assert found is not None, page
    return found[0]


def test_a_link_shows_name_and_certificates_after_a_button_and_counts_who_looked(
    school: School, learner: Client
) -> None:
    certificate = certified(school)
    with clock.at(AFTER + DAY):
        address = made(learner)
        door = Client().get(address)
        assert "สมหญิง" not in text(door)
        assert "เปิดดูแล้ว 0 ครั้ง" in text(learner.get(SHARE))
        page = Client().post(address)
        assert "สมหญิง ใจดี" in text(page)
        assert str(certificate.pk) in text(page)
        for answer in (door, page):
            assert "noindex" in answer.headers["X-Robots-Tag"]
            assert 'name="robots" content="noindex' in text(answer)
            assert "no-store" in answer.headers["Cache-Control"]
        teacher = Client()
        sign_in_fully(teacher, school.teacher)
        teacher.post(address)
        mine = text(learner.get(SHARE))
    assert "เปิดดูแล้ว 2 ครั้ง" in mine
    assert school.teacher.name in mine
    assert "คนที่ไม่มีบัญชี" in mine
    assert AuditEntry.objects.filter(verb="learning.open_passport").count() == 2


def test_only_a_hash_of_the_address_is_kept_and_it_is_told_once(school: School, learner: Client) -> None:
    once = "0192f3a4-0000-7000-8000-0000000000bb"
    address = made(learner, once=once)
    token = address.split("/")[-2]
    row = PassportLink.objects.get()
    assert token not in str(list(PassportLink.objects.values())) + str(list(AuditEntry.objects.values()))
    assert row.digest != token
    again = learner.post(SHARE, {"days": "7", "once": once}, follow=True)
    assert "ทำลิงก์นี้ไปแล้ว" in text(again)
    assert token not in text(again)
    assert PassportLink.objects.count() == 1


def test_a_link_ends_with_its_time_by_withdrawal_and_with_the_record(school: School, learner: Client) -> None:
    certified(school)
    address, other = made(learner), made(learner)
    assert Client().post(address).status_code == 200
    link = PassportLink.objects.order_by("made_at")[0]
    with clock.at(link.until - dt.timedelta(seconds=1)):
        assert Client().post(address).status_code == 200
    with clock.at(link.until):
        gone = Client().post(address)
    assert gone.status_code == 404
    assert "สมหญิง" not in text(gone)
    for one in PassportLink.objects.all():
        learner.post(reverse("learning:withdraw-link", args=[one.pk]), {"sure": "1"})
    assert {Client().get(a).status_code for a in (address, other, address[:-3] + "xx/")} == {404}
    assert "ปิดเมื่อ" in text(learner.get(SHARE))
    kept = made(learner)
    assert dict(ERASE)["learning"](school.city.person.pk)
    assert Client().post(kept).status_code == 404
    assert not PassportLink.objects.exists()
    assert not PassportOpening.objects.exists()


def test_nobody_withdraws_somebody_else_s_link_and_odd_wishes_are_refused(school: School, learner: Client) -> None:
    made(learner)
    link, strange = PassportLink.objects.get(), Client()
    sign_in_fully(strange, school.city.stranger)
    assert strange.post(reverse("learning:withdraw-link", args=[link.pk])).status_code == 404
    assert "บัญชีของคุณยังไม่ได้" in text(strange.get(SHARE))
    assert learner.post(SHARE, {"days": "9000"}).status_code == 200
    for _ in range(MOST_LINKS - 1):
        made(learner)
    assert "ปิดอันที่ไม่ใช้ก่อน" in text(learner.post(SHARE, {"days": "7"}))
    with pytest.raises(LearningError, match="นานเท่าไร"):
        actions.share_passport(person=school.city.person, days=8, by=school.learner)
    assert PassportLink.objects.count() == MOST_LINKS


def test_the_passport_is_one_signed_file_that_the_public_page_checks(school: School, learner: Client) -> None:
    assert "ยังไม่มีใบรับรองที่จะรวมเป็นไฟล์ได้" in text(learner.get(FILE, follow=True))
    certificate = certified(school)
    with clock.at(AFTER + DAY):
        data = learner.get(FILE).content
        document = json.loads(data)
        assert document["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
        assert [verdict.code for verdict in proofs.verdicts_of(data)] == [""]
        by_link = Client().post(made(learner), {"as": "file"})
        assert json.loads(by_link.content)["verifiableCredential"] == document["verifiableCredential"]
        page = text(Client().post("/learning/verify/", {"file": SimpleUploadedFile("p.json", data)}))
        assert "ใบรับรองนี้ใช้ได้" in page
        assert "สมหญิง ใจดี" in page
        document["verifiableCredential"][0]["id"] += "0"
        changed = json.dumps(document).encode()
        assert [verdict.code for verdict in proofs.verdicts_of(changed)] == ["signature"]
        document["verifiableCredential"] *= 2
        assert [verdict.code for verdict in proofs.verdicts_of(json.dumps(document).encode())] == ["signature"]
        actions.revoke(certificate=certificate, reason="mistake", by=school.teacher)
        assert [verdict.code for verdict in proofs.verdicts_of(data)] == ["revoked"]
        assert str(certificate.pk) not in text(Client().post(made(learner)))


def test_of_a_merged_person_certificate_file_and_paper_are_still_there(school: School, learner: Client) -> None:
    """The certificate was sealed with the key of the record that is gone."""
    certificate, gone = certified(school), school.city.person
    address = made(learner)
    with clock.at(AFTER + DAY):
        kept = school.city.pin("สมหญิงคนเดิม")
        proposal = people.propose_merge(one=gone, other=kept, by=system_user())
        people.merge(proposal=proposal, keep=kept, by=school.city.worker)
        certificate.refresh_from_db()
        assert certificate.person_id == kept.pk
        assert Person.objects.get(pk=gone.pk).status == "merged"
        assert proofs.verdicts_of(learner.get(FILE).content)[0].holds
        assert learner.get(reverse("learning:paper", args=[certificate.pk])).status_code == 200
        assert str(certificate.pk) in text(Client().post(address))
        people.undo_merge(merge=Merge.objects.get(), by=school.city.worker)
        assert proofs.verdicts_of(learner.get(FILE).content)[0].holds
        assert {Person.objects.get(pk=p.pk).user_id for p in (gone, kept)} == {school.learner.pk, None}
