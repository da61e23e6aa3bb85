"""A form whose first sending takes away the right to send it is sent twice: it goes where the first went."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client, override_settings
from django.urls import include, path
from tests.signing import make_user

from okat.city.core.access import signed_in
from okat.city.core.models import OnceToken
from okat.city.core.once import once

pytestmark = pytest.mark.django_db
ENDED = {"missing": Http404("ended"), "denied": PermissionDenied("ended")}


def ends(request: HttpRequest, how: str) -> HttpResponse:
    """As a page does whose scope no longer holds what it was sent for."""
    if OnceToken.objects.exists():
        raise ENDED[how]
    return HttpResponseRedirect(once(user=request.user, token=request.POST.get("once", ""), do=lambda: "/after/"))


urlpatterns = [path("planted/<str:how>/", signed_in(ends)), path("", include("okat.config.urls"))]
handler403, handler404 = "okat.city.core.pages.forbidden", "okat.city.core.pages.not_found"


def signed(login: str) -> Client:
    client = Client()
    client.force_login(make_user(login), backend="okat.city.partners.queries.Accounts")
    return client


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(("how", "status"), [("missing", 404), ("denied", 403)])
def test_the_second_sending_goes_where_the_first_went(how: str, status: int) -> None:
    client, other, sent = signed("one"), signed("other"), {"once": str(uuid.uuid4())}
    url = f"/planted/{how}/"
    for _ in range(3):
        answer = client.post(url, sent)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/after/")
    assert OnceToken.objects.count() == 1
    for refused in (
        client.get(url), client.post(url, {"once": str(uuid.uuid4())}), client.post(url, {"once": "nothing"}),
        client.post(url), other.post(url, sent),
    ):  # fmt: skip
        assert refused.status_code == status
    assert Client().post(url, sent).status_code == 302  # to sign in
    assert Client().post("/nowhere/", sent).status_code == 404
