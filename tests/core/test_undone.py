"""What an action of another app refuses is a sentence on a page, never a page that broke."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection
from django.forms import Form
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver, reverse
from django.utils import translation
from tests.signing import make_user

import okat.city
from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit, clock, form_again, planned
from okat.city.core.action import action
from okat.city.core.middleware import AccessMiddleware
from okat.city.core.models import WeeklyFigures
from okat.city.core.refusals import GoneError, UndoneError
from okat.city.jobs.rules.talks import How
from okat.city.notices.models import Notice
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


def _as_committed() -> None:
    """References are checked at the end of a transaction; what a test prepared was one of its own."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate; set constraints all deferred")


@action
def _name_again(*, user: User, by: User) -> None:
    User.objects.select_for_update().get(pk=user.pk)
    audit.record(by=by, verb="test.named")


@action
def _tell_of(*, user: User, by: User) -> None:
    Notice.objects.create(user_id=user.pk, kind="x", params={}, url="/", made_at=clock.now())
    audit.record(by=by, verb="test.told")
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


@action
def _save(*, user: User, by: User) -> None:
    user.save(update_fields=["name"])
    audit.record(by=by, verb="test.saved")


@action
def _write(*, user: User, by: User) -> None:
    planned.update(user, "name")
    audit.record(by=by, verb="test.written")


@pytest.mark.django_db
@pytest.mark.parametrize("do", [_name_again, _tell_of, _save, _write])
def test_a_row_that_is_gone_is_refused_by_every_action(do: Callable[..., None]) -> None:
    by, user = make_user("by"), make_user("gone")
    User.objects.filter(pk=user.pk).delete()
    _as_committed()
    with pytest.raises(GoneError) as raised:
        do(user=user, by=by)
    with translation.override("en"):
        assert "Look for it again" in str(raised.value)


@action
def _take_away(*, user: User, by: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from accounts_user where id = %s", [user.pk])
        audit.record(by=by, verb="test.taken")
        cursor.execute("set constraints all immediate")


@pytest.mark.django_db
def test_what_cannot_go_because_something_hangs_on_it_is_not_said_to_be_gone() -> None:
    by, user = make_user("by"), make_user("held")
    Notice.objects.create(user=user, kind="x", params={}, url="/", made_at=clock.now())
    _as_committed()
    with pytest.raises(IntegrityError) as raised:
        _take_away(user=user, by=by)
    assert "still referenced" in str(raised.value)


@action
def _look(*, user: User, by: User) -> None:
    WeeklyFigures.objects.get()  # what the site itself should have, and nobody gave
    audit.record(by=by, verb="test.looked")


@action
def _join(*, user: User, by: User) -> None:
    audit.record(by=by, verb="test.joined", reason=str(Opportunity(pk=0).work))


@action
def _by_number(*, notice_id: int, by: User) -> None:
    Notice.objects.get(pk=notice_id)
    audit.record(by=by, verb="test.numbered")


@action
def _owner(*, notice: Notice, by: User) -> None:
    User.objects.get(pk=0)
    audit.record(by=by, verb="test.owned")


@pytest.mark.django_db
@pytest.mark.parametrize("do", [_look, _join])
def test_a_row_that_no_action_was_given_stays_a_fault(do: Callable[..., None]) -> None:
    """So does its page: it broke, and the log says so."""
    with pytest.raises(ObjectDoesNotExist) as raised:
        do(user=make_user("one"), by=make_user("by"))
    request = RequestFactory().post("/people/")
    request.user = AnonymousUser()
    middle = AccessMiddleware(lambda _request: HttpResponse())
    assert isinstance(raised.value, Exception)
    assert middle.process_exception(request, raised.value) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("do", "given"), [(_by_number, {"notice_id": 0}), (_owner, {"notice": Notice(user_id=0)})])
def test_what_an_action_is_given_by_number_or_belongs_to_may_go(do: Callable[..., None], given: dict[str, Any]) -> None:
    with pytest.raises(GoneError):
        do(**given, by=make_user("by"))


@pytest.mark.django_db
def test_what_the_database_refuses_otherwise_stays_a_fault() -> None:
    @action
    def twice(*, user: User, by: User) -> None:
        User.objects.create(login=user.login, name="x")
        audit.record(by=by, verb="test.twice")

    with pytest.raises(IntegrityError):
        twice(user=make_user("one"), by=make_user("by"))


@pytest.mark.django_db
def test_what_is_found_gone_where_all_is_stored_is_said_with_what_was_written() -> None:
    typed = {"note": "ไปเยี่ยมแล้ว", "word": "somchai", "pay": "15000"}
    request = RequestFactory().post(
        "/people/", {**typed, "kind": next(iter(How)), "partner": "7", "once": str(uuid4())}
    )
    request.user = AnonymousUser()
    request.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    page = AccessMiddleware(lambda _request: HttpResponse()).process_exception(request, User.DoesNotExist())
    assert page is not None
    assert page.status_code == 409
    shown = page.content.decode()
    assert "<li>ไปเยี่ยมแล้ว</li>" in shown
    assert "<li>somchai</li>" in shown
    assert "<li>15000</li>" in shown
    assert not [each for each in (next(iter(How)), "7") if f"<li>{each}</li>" in shown]


def test_no_secret_is_said_again() -> None:
    """Neither by its name, nor anything of a page where one gets into an account."""
    sent = {"old": "ความลับเก่า 1", "password": "ความลับใหม่ 2", "again": "ความลับใหม่ 2", "note": "ไปแล้ว"}
    said = {page: form_again.words(RequestFactory().post(reverse(page), sent)) for page in SAID}
    assert said == SAID


SAID = {"accounts:password": [], "people:emergency": ["ไปแล้ว"]}


def test_every_field_of_a_secret_is_known_by_name() -> None:
    get_resolver().url_patterns  # noqa: B018 - reads all views, and with them their forms
    kinds, found = [Form], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        for name, field in getattr(kind, "base_fields", {}).items() if kind.__module__.startswith("okat.") else ():
            secret = field.widget.attrs.get("autocomplete") == "one-time-code"
            if secret or getattr(field.widget, "input_type", "") == "password":
                found.add(name)
    assert {"password", "old", "again", "proof", "code"} <= found <= form_again.NEVER
