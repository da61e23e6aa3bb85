"""What opens an account is changed only after the password, or a code, was shown again: at every address, and in every
action, so that a new one cannot forget to ask."""

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse
from django_otp.plugins.otp_static.models import StaticToken
from tests import small_city
from tests.access.objects import makers
from tests.access.walk import Address, addresses
from tests.signing import PASSWORD, code_for, sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts import actions
from okat.city.accounts.models import Address as Reached
from okat.city.accounts.models import Totp, User
from okat.city.accounts.views.again import MEMBERS, OFFICE, OWN, RECORD
from okat.city.core import clock
from okat.city.core.access import signed_in
from okat.city.core.fresh import NotShownError
from okat.city.core.models import RateCount
from okat.city.partners.models import Invitation, Membership
from okat.city.partners.rules import Role

pytestmark = pytest.mark.django_db
CITY = Path(__file__).resolve().parents[2] / "src" / "okat" / "city"
# Names in an action that say that it changes what opens an account.
TOUCHED = {"Totp", "StaticDevice", "StaticToken", "Address", "Membership", "Invitation", "set_password"}
# What is a proof itself, or opens nothing.
ELSEWHERE = {
    "ask_owner": "sends a proof to the address; nothing counts by it",
    "confirm_address": "called with the proof: a link, a code, or by a guarded action",
    "confirm_by_code": "the code is the proof",
    "link_line": "the code is the proof; it was shown by a guarded action",
    "lose_line": "LINE itself says that the owner blocked the city's account; it is only taken away",
    "try_second_factor": "the code is the proof",
    "decline_invitation": "takes nothing",
    "add_user": "makes an account; changes none",
}


def bare(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    actions.renew_recovery_codes(user=request.user, by=request.user)
    return HttpResponse("forgot to ask")


urlpatterns = [path("planted/", signed_in(bare), name="planted")]


@pytest.fixture
def city() -> SmallCity:
    return small_city.build()


# What each says is about to be done; the others are about one's own account.
WHY = {
    **dict.fromkeys((
        "partners:invite", "partners:member-areas", "partners:member-end", "partners:member-reset",
        "partners:invitation-answer", "partners:invitation-again", "partners:invitation-recall",
        "partners:name-manager",
    ), MEMBERS),
    **dict.fromkeys(("partners:leave", "partners:settle"), OFFICE),
    **dict.fromkeys(("people:link", "people:mine-links", "people:mine-unlink"), RECORD),
}  # fmt: skip


def asking() -> list[Address]:
    return [a for a in addresses() if getattr(a.view, "okat_asks_again", False)]


def everything() -> list[object]:
    """All that opens accounts, as it stands."""
    return [
        sorted(User.objects.values_list("pk", "login", "password", "second_factor", "is_active")),
        sorted(Reached.objects.values_list("pk", "value", "confirmed_at", "how"), key=str),
        sorted(Totp.objects.values_list("pk", "key")),
        sorted(StaticToken.objects.values_list("pk", "token")),
        sorted(Membership.objects.values_list("pk", "role", "ended_on", "areas"), key=str),
        sorted(Invitation.objects.values_list("pk", "answer", "expires_at"), key=str),
    ]


def test_each_address_that_asks_does_nothing_before_it_is_answered(city: SmallCity) -> None:
    known, seen = makers(), set()
    for address in asking():
        thing = known[address.name](city) if address.arguments else None
        mark = address.mark
        user = thing.owner if thing is not None and thing.owner else city.users[Role.MANAGER]
        assert mark is not None
        assert mark.signed_in, f"{address.name} asks nobody"
        client = Client()
        sign_in_fully(client, user, recently=False)
        RateCount.objects.all().delete()
        before = everything()
        sent = {"value": "new@example.org", "name": "x", "email": "x@example.org", "role": "officer", "code": "there"}
        page = client.post(reverse(address.name, kwargs=thing.arguments if thing else {}), sent)
        assert "accounts/again.html" in [t.name for t in page.templates], address.name
        assert str(page.context["why"]) == str(WHY.get(address.name, OWN)), address.name
        assert everything() == before, address.name
        wrong = client.post(reverse(address.name, kwargs=thing.arguments if thing else {}), {**sent, "proof": "wrong"})
        assert "accounts/again.html" in [t.name for t in wrong.templates], address.name
        assert everything() == before, address.name
        seen.add(address.name)
    assert {
        "accounts:address", "accounts:address-drop", "accounts:recovery-codes", "accounts:second-factor-drop",
        "accounts:second-factor-set-up", "partners:invite", "partners:member-areas", "partners:member-end",
        "partners:member-reset", "partners:invitation-answer", "partners:invitation-recall", "partners:leave",
    } <= seen  # fmt: skip


def test_the_answer_does_at_once_what_was_sent(city: SmallCity) -> None:
    client, manager = Client(), city.users[Role.MANAGER]
    sign_in_fully(client, manager, recently=False)
    wish = {"name": "ครู", "email": "kru@example.org", "role": "officer", "areas": [city.here.area_id]}
    page = client.post("/partners/mine/members/invite/", wish)
    assert ("email", "kru@example.org") in page.context["kept"]
    assert not Invitation.objects.exists()
    assert client.post("/partners/mine/members/invite/", {**wish, "proof": PASSWORD}).status_code == 302
    assert [area.pk for area in Invitation.objects.get().areas.all()] == [city.here.area_id]
    # Within five minutes nobody is asked again; later they are.
    more = {**wish, "email": "another@example.org"}
    assert client.post("/partners/mine/members/invite/", more).status_code == 302
    with clock.at(clock.now() + dt.timedelta(minutes=6)):
        late = client.post("/partners/mine/members/invite/", {**wish, "email": "third@example.org"})
    assert "accounts/again.html" in [t.name for t in late.templates]


def test_a_code_of_the_app_is_an_answer_too_and_counts_once(city: SmallCity) -> None:
    client, user = Client(), city.users[Role.MANAGER]
    sign_in_fully(client, user, recently=False)
    code = code_for(user)
    where = reverse("accounts:recovery-codes")
    assert client.post(where, {"proof": code}).context["codes"]
    other = Client()
    sign_in_fully(other, user, recently=False)
    assert "accounts/again.html" in [t.name for t in other.post(where, {"proof": code}).templates]


def test_guessing_is_stopped_even_with_the_right_one(city: SmallCity) -> None:
    client = Client()
    sign_in_fully(client, city.resident, recently=False)
    where = reverse("accounts:recovery-codes")
    for _ in range(10):
        assert client.post(where, {"proof": "wrong"}).status_code == 200
    assert client.post(where, {"proof": PASSWORD}).status_code == 429


def test_a_forgotten_question_is_a_fault_and_changes_nothing(city: SmallCity) -> None:
    client = Client(raise_request_exception=True)
    sign_in_fully(client, city.resident)  # even right after signing in
    before = everything()
    with override_settings(ROOT_URLCONF=__name__), pytest.raises(NotShownError):
        client.post("/planted/")
    assert everything() == before


def touching(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Actions that change what opens an account, and whether each is guarded."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        names |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
        if names & TOUCHED:
            yield node.name, any("guarded" in ast.dump(one) for one in node.decorator_list)


def test_every_action_that_opens_an_account_is_guarded() -> None:
    found = {
        name: guarded
        for app in ("accounts", "partners")
        for file in sorted((CITY / app / "actions").glob("[!_]*.py"))
        for name, guarded in touching(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert {name for name, guarded in found.items() if not guarded} == ELSEWHERE.keys() & found.keys()
    assert sum(found.values()) >= 10


def test_a_planted_unguarded_action_is_found() -> None:
    planted = "@action\ndef promote(*, user, by):\n    Membership(user=user).save()\n"
    assert list(touching(ast.parse(planted))) == [("promote", False)]
