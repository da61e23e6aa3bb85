"""A date that is known comes back in a form as its reader would write it."""

import datetime as dt

import pytest
from django import forms
from django.test import Client
from django.utils import translation
from tests.signing import sign_in_fully
from tests.small_city import build

from okat.city.core import clock
from okat.city.core.forms import OkatForm, ThaiDateField, ThaiPartialDateField
from okat.city.partners.actions import note_absence
from okat.city.partners.rules import Role
from okat.thai.partial import PartialDate

DAY = dt.date(2026, 12, 2)


def every() -> set[type[ThaiPartialDateField]]:
    found, more = set(), {ThaiPartialDateField}
    while more:
        found |= more
        more = {kind for one in more for kind in one.__subclasses__()} - found
    return found


@pytest.mark.parametrize("kind", sorted(every(), key=lambda kind: kind.__name__))
@pytest.mark.parametrize(("lang", "written"), [("th", "2 ธ.ค. 2569"), ("en", "2 Dec 2026")])
@pytest.mark.parametrize("known", [DAY, PartialDate(2026, 12, 2)])
def test_what_a_field_gives_back_is_what_it_takes(
    kind: type[ThaiPartialDateField], lang: str, written: str, known: object
) -> None:
    form = type("One", (OkatForm,), {"day": kind()})(initial={"day": known})
    with translation.override(lang):
        assert f'value="{written}"' in str(form["day"])
        back = type("One", (OkatForm,), {"day": kind()})({"day": written})
        assert isinstance(back, forms.Form)
        if kind is ThaiDateField:
            assert back.is_valid()
            assert back.cleaned_data["day"] == DAY


@pytest.mark.django_db
def test_days_away_come_back_as_they_were_written(client: Client) -> None:
    city = build()
    user = city.users[Role.OFFICER]
    today = clock.today()
    note_absence(user=user, since=today, until=today.replace(year=today.year + 1), by=user)
    sign_in_fully(client, user)
    page = client.get("/partners/mine/away/").content.decode()
    assert str(today.year + 544) in page
    assert today.isoformat() not in page
