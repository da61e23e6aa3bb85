"""What an action of another app refuses is a sentence on a page, never a page that broke."""

import ast
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

import okat.city
from okat.city.core.middleware import AccessMiddleware
from okat.city.core.refusals import UndoneError
from okat.city.people.rules import PeopleError

CITY = Path(okat.city.__file__).parent


def test_every_app_refuses_by_one_kind_of_error() -> None:
    """A class that rules make for themselves would be caught by those views alone that know it."""
    files = [*CITY.glob("*/rules.py"), *CITY.glob("*/rules/**/*.py")]
    assert len(files) > 20
    made = [one for file in files for one in ast.walk(ast.parse(file.read_text())) if isinstance(one, ast.ClassDef)]
    assert [one.name for one in made if "Exception" in [ast.unparse(base) for base in one.bases]] == []
    assert len(UndoneError.__subclasses__()) >= 6


@pytest.mark.django_db
def test_what_no_view_says_is_said_on_its_own_page() -> None:
    request = RequestFactory().get("/people/")
    request.user = AnonymousUser()
    request.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    middle = AccessMiddleware(lambda _request: HttpResponse())
    page = middle.process_exception(request, PeopleError("slip", "The bridge is closed."))
    assert page is not None
    assert page.status_code == 409
    assert "The bridge is closed." in page.content.decode()
    assert middle.process_exception(request, ValueError("a fault of ours")) is None
