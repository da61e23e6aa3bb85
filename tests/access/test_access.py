"""Every address as every role, and every object as a stranger: what is not declared is refused, what is not one's own
is not found."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse
from tests import small_city
from tests.access.objects import makers
from tests.access.thing import Thing
from tests.access.walk import Address, addresses, undeclared
from tests.signing import sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.core.access import Access
from okat.city.partners import actions
from okat.city.partners.rules import PERMISSIONS, Role

pytestmark = pytest.mark.django_db
SIGN_IN, SECOND = "/accounts/sign-in/", "/accounts/second-factor/"
WORD = "add a maker for {name!r} to MAKERS in tests/{app}/access.py: a function of the small city that makes the object"


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [path("planted/", bare, name="planted")]


@pytest.fixture
def city() -> SmallCity:
    return small_city.build()


@pytest.fixture
def things(city: SmallCity) -> dict[str, Thing]:
    """One object for each address that has arguments and a maker."""
    known = makers()
    return {a.name: known[a.name](city) for a in addresses() if a.arguments and a.name in known}


def url_of(address: Address, things: dict[str, Thing]) -> str | None:
    if not address.arguments:
        return reverse(address.name)
    thing = things.get(address.name)
    return reverse(address.name, kwargs=thing.arguments) if thing else None


def client_of(user: User | None, *, verified: bool = True) -> Client:
    client = Client()
    if user is not None and verified:
        sign_in_fully(client, user)
    elif user is not None:
        client.force_login(user, backend="okat.city.partners.queries.Accounts")
    return client


def fault(mark: Access, page: HttpResponse, role: Role | None, *, anonymous: bool, verified: bool) -> str:
    """What is wrong with the answer to a reader, or nothing."""
    leads = page.headers.get("Location", "")
    if not mark.signed_in:
        # A public address may itself lead to signing in, but it never says "forbidden".
        return "forbidden though public" if page.status_code == 403 else ""
    if anonymous:
        return "" if leads.startswith(SIGN_IN) else f"answers {page.status_code} to somebody not signed in"
    held = PERMISSIONS[role] if role else frozenset()
    if mark.permissions and not held & set(mark.permissions):
        return "" if page.status_code == 403 else f"answers {page.status_code} without the permission"
    if mark.permissions and not verified:
        return "" if leads.startswith(SECOND) else f"answers {page.status_code} without the second factor"
    if page.status_code == 403 or leads.startswith((SIGN_IN + "?", SECOND + "?")):
        return f"refuses ({page.status_code} {leads}) what the declaration allows"
    return ""


READERS: list[tuple[str, Role | None]] = [("anonymous", None), ("resident", None), *((r.value, r) for r in Role)]


@pytest.mark.parametrize(("reader", "role"), READERS, ids=[name for name, _ in READERS])
def test_every_address_answers_as_declared(
    reader: str, role: Role | None, city: SmallCity, things: dict[str, Thing]
) -> None:
    user = city.users[role] if role else (city.resident if reader == "resident" else None)
    assert faults(user, role, things) == []


def test_staff_without_the_second_factor_reach_no_staff_page(city: SmallCity, things: dict[str, Thing]) -> None:
    assert faults(city.users[Role.COORDINATOR], Role.COORDINATOR, things, verified=False) == []


def faults(user: User | None, role: Role | None, things: dict[str, Thing], *, verified: bool = True) -> list[str]:
    client, found = client_of(user, verified=verified), []
    for address in addresses():
        url = url_of(address, things)
        # Marks are asked before the method is: a GET tells as much of an address that takes POST alone.
        if url is not None and address.mark is not None:
            page: Any = client.get(url)
            wrong = fault(address.mark, page, role, anonymous=user is None, verified=verified)
            found += [f"{address.name} {wrong}"] if wrong else []
    return found


def test_every_address_is_declared() -> None:
    assert undeclared(addresses()) == []


def test_every_address_with_arguments_has_a_maker() -> None:
    known = makers()
    missing = [a.name for a in addresses() if a.arguments and a.name not in known]
    assert missing == [], "\n".join(WORD.format(name=name, app=name.partition(":")[0]) for name in missing)


def test_no_maker_outlives_its_address() -> None:
    assert set(makers()) <= {a.name for a in addresses() if a.arguments}


@pytest.fixture
def stranger(city: SmallCity) -> User:
    """Somebody with every role of another partner, as long as the role does not reach over the whole network."""
    for role in set(Role) - {Role.COORDINATOR, Role.AUDITOR, Role.MANAGER}:
        actions.add_member(partner=city.there, user=city.stranger, role=role, by=system_user())
    return city.stranger


def test_every_object_of_others_is_refused_and_opens_for_its_owner(
    city: SmallCity, things: dict[str, Thing], stranger: User
) -> None:
    strange, found = client_of(stranger), []
    for address in addresses():
        thing = things.get(address.name)
        if thing is None or thing.public:
            continue
        url = reverse(address.name, kwargs=thing.arguments)
        seen = set(statuses(strange, url)) - {403, 404}
        found += [f"{address.name} answers {seen} to a stranger"] if seen else []
        if thing.owner is None:
            found.append(f"{address.name}: its maker names no owner, so the refusal proves nothing")
        elif statuses(client_of(thing.owner), url)[-1] in {403, 404}:
            found.append(f"{address.name} refuses its owner")
    assert found == []


def statuses(client: Client, url: str) -> list[int]:
    """What GET says and, where only POST is taken, what POST says."""
    first = client.get(url).status_code
    return [first] if first != 405 else [client.post(url).status_code]


@pytest.fixture
def planted() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_a_planted_undeclared_view_is_named_and_refused(city: SmallCity, planted: None) -> None:
    assert undeclared(addresses(__name__)) == ["planted: planted/"]
    from django.core.exceptions import PermissionDenied
    from django.core.handlers.wsgi import WSGIRequest
    from django.test import RequestFactory

    from okat.city.core.middleware import AccessMiddleware

    request: WSGIRequest = RequestFactory().get("/planted/")
    request.user = city.users[Role.COORDINATOR]
    with pytest.raises(PermissionDenied, match="undeclared"):
        AccessMiddleware(bare).process_view(request, bare, (), {})


@pytest.mark.parametrize(
    ("mark", "status", "leads", "role", "wrong"),
    [
        (Access(), 200, "", None, "not signed in"),
        (Access(permissions=tuple(PERMISSIONS[Role.AUDITOR])), 200, "", Role.OFFICER, "without the permission"),
        (Access(permissions=tuple(PERMISSIONS[Role.OFFICER])), 403, "", Role.OFFICER, "refuses"),
        (Access(signed_in=False), 403, "", None, "though public"),
    ],
)
def test_a_planted_wrong_answer_is_a_fault(
    mark: Access, status: int, leads: str, role: Role | None, wrong: str
) -> None:
    page = HttpResponse(status=status)
    assert wrong in fault(mark, page, role, anonymous=role is None, verified=True)
