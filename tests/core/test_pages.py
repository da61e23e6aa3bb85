"""The frame of a page, the components, the error pages and what a phone may keep."""

import html
import re

import html5lib
import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from okat.city.core import pages, show
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.components import whole

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_living_page_draws_every_component_in_both_languages(client: Client, language: str) -> None:
    answer = client.get("/style/", {"lang": language})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in text
    assert ("1,284 people wait" in text) == (language == "en")
    html5lib.HTMLParser(strict=True).parse(text)


def test_no_page_part_needs_what_the_content_policy_forbids(client: Client) -> None:
    text = client.get("/style/").content.decode()
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*src=)", text)


def test_a_failed_form_keeps_what_was_typed_and_says_what_is_wrong(client: Client) -> None:
    text = client.post("/style/?lang=en", {"title": "Weaving", "starts": "someday", "places": "๑๒"}).content.decode()
    assert 'value="Weaving"' in text
    assert 'value="๑๒"' in text
    assert 'id="errors" tabindex="-1" autofocus' in text
    assert 'href="#id_starts"' in text
    assert 'aria-describedby="id_starts_helptext id_starts_error"' in text


def test_the_reader_chooses_language_and_text_size(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/style/"})
    assert answer["Location"] == "/style/"
    client.post("/text-size/", {"size": "large", "next": "//elsewhere.example"})
    text = client.get("/style/").content.decode()
    assert '<html lang="en" data-text="large">' in text


@pytest.mark.parametrize("language", ["th", "en"])
def test_errors_say_what_why_and_how_to_go_on(client: Client, language: str) -> None:
    request: HttpRequest = RequestFactory().get("/x")
    request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
    with translation.override(language):
        answers = [
            client.get("/nowhere/", {"lang": language}),
            pages.bad_request(request),
            pages.forbidden(request, PermissionDenied("SEE_PERSON")),
            pages.server_error(request),
        ]
    for answer, status in zip(answers, (404, 400, 403, 500), strict=True):
        text = answer.content.decode()
        assert answer.status_code == status
        assert text.count("<p>") >= 2
        assert 'class="btn" href="/"' in text
    assert b"It is not your fault" in answers[3].content
    assert "ไม่ใช่ความผิดของคุณ".encode() in answers[3].content


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("right", Permission)
def test_who_is_refused_reads_what_they_lack_in_words(right: Permission, language: str) -> None:
    request: HttpRequest = RequestFactory().get("/x")
    with translation.override(language):
        text = pages.forbidden(request, PermissionDenied(right.name)).content.decode()
        assert html.escape(right.said) in text
        assert (right.said == right.value) is (language == "en")
    assert right.name not in text


def test_what_only_a_programmer_understands_is_not_shown() -> None:
    request: HttpRequest = RequestFactory().get("/x")
    assert "undeclared" not in pages.forbidden(request, PermissionDenied("undeclared")).content.decode()


def test_a_phone_gets_manifest_worker_and_the_page_without_signal(client: Client) -> None:
    manifest, worker = client.get("/manifest.webmanifest"), client.get("/sw.js")
    assert manifest["Content-Type"] == "application/manifest+json"
    assert manifest.json()["icons"][0]["src"] == "/static/okat/icon.svg"
    assert worker["Service-Worker-Allowed"] == "/"
    assert worker["Content-Type"].startswith("text/javascript")
    assert "/static/okat/tokens.css" in worker.content.decode()
    assert client.get("/offline/").status_code == 200


def test_a_table_has_at_most_seven_columns() -> None:
    with pytest.raises(ValueError, match="at most 7"):
        show.Table([show.Column(str(n)) for n in range(8)], [])
    with pytest.raises(ValueError, match="2 cells"):
        show.Table([show.Column("a"), show.Column("b")], [["only one"]])


def test_bars_stay_inside_their_frame() -> None:
    draw = Template("{% bar 150 'x' -3 %}{% bar 1 'y' most=0 %}").render(Context())
    assert 'width="100.0%"' in draw
    assert 'x="0.0%"' in draw
    assert "nan" not in draw


def test_glossary_words_and_figures_with_units_stay_whole_and_escaped() -> None:
    assert whole("<b>ผู้พิการ 45 ชั่วโมง") == (
        '&lt;b&gt;<span class="whole">ผู้พิการ</span> <span class="whole">45 ชั่วโมง</span>'
    )
    assert whole(mark_safe('<b title="ผู้พิการ">')) == '<b title="ผู้พิการ">'
    assert whole("14 คน") == '<span class="whole">14 คน</span>'
    assert whole("เวลา 14 คี่") == "เวลา 14 คี่"
