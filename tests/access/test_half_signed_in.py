"""Between the password and the second factor nothing is told of the account: every page is a stranger's."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.access.test_access import client_of
from tests.access.walk import addresses
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.notices.actions import notify
from okat.city.notices.models import Notice
from okat.city.partners.rules import Role

pytestmark = pytest.mark.django_db
NAME = "ชื่อที่ไม่ควรเห็น"


def test_a_password_alone_shows_no_name_no_menu_and_no_messages() -> None:
    user = small_city.build().users[Role.COORDINATOR]
    sign_in_fully(Client(), user)  # sets up the second factor
    User.objects.filter(pk=user.pk).update(name=NAME)
    notify(users=[user], kind="partners.left", params={"code": "x"}, by=None)
    assert Notice.objects.filter(user=user).exists()
    user.refresh_from_db()
    half, whole, stranger = client_of(user, verified=False), client_of(user), Client()
    seen = 0
    for address in addresses():
        if address.arguments or address.mark is None:
            continue
        if address.mark.signed_in and not address.mark.unfinished:
            continue
        page: Any = half.get(reverse(address.name))
        if page.status_code != 200 or not page.headers.get("Content-Type", "").startswith("text/html"):
            continue
        text, seen = page.content.decode(), seen + 1
        assert NAME not in text, address.name
        for link in ("desk:today", "notices:list", "accounts:account", "people:mine"):
            assert f'href="{reverse(link)}"' not in text, (address.name, link)
        assert f'href="{reverse("accounts:second-factor")}"' in text or "<header" not in text, address.name
    assert seen > 10
    first = whole.get("/", follow=True).content.decode()
    assert NAME in first
    assert NAME not in stranger.get("/").content.decode()
