"""The learner's certificate as a sheet to print."""

from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from tests.learning.conftest import AFTER, DAY, School
from tests.learning.test_learning import certified

from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.learning import actions
from okat.city.learning.models import Credential

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(school: School) -> Client:
    client = Client()
    client.force_login(school.learner, backend="okat.city.partners.queries.Accounts")
    return client


def text(answer: Any) -> str:
    document = pypdfium2.PdfDocument(answer.content)
    said = str(document[0].get_textpage().get_text_range())
    document.close()
    return said


def sheet(certificate: Credential) -> str:
    return reverse("learning:paper", args=[certificate.pk])


def test_a_learner_prints_the_certificate_in_two_languages(school: School, learner: Client) -> None:
    certificate = certified(school)
    with clock.at(AFTER + DAY):
        assert sheet(certificate) in learner.get(reverse("learning:own", args=[certificate.pk])).content.decode()
        answer = learner.get(sheet(certificate))
    assert answer.headers["Content-Type"] == "application/pdf"
    said = text(answer)
    for words in (
        "สมหญิง ใจดี",
        "ทอผ้าไหมมัดหมี่",
        "Silk",
        "ร้อยละ 80",
        "12 ธันวาคม 2569",
        "12 December 2026",
        str(certificate.pk),
    ):
        assert words in said, words
    assert f"/learning/verify/?number={certificate.pk}".encode() in answer.content
    assert AuditEntry.objects.filter(verb="learning.download").count() == 1


def test_one_that_was_taken_back_is_not_printed_and_says_why(school: School, learner: Client) -> None:
    certificate = certified(school)
    actions.revoke(certificate=certificate, reason="mistake", by=school.teacher)
    answer = learner.get(sheet(certificate), follow=True)
    assert answer.redirect_chain == [(reverse("learning:own", args=[certificate.pk]), 302)]
    page = answer.content.decode()
    assert "ถูกเพิกถอนแล้ว" in page
    assert sheet(certificate) not in page
