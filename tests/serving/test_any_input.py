"""No input gives a 500: every parameter of every address with values that nobody thought of, as every reader."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.access.objects import makers
from tests.access.test_access import client_of
from tests.access.walk import Address, addresses
from tests.amounts import amounts
from tests.serving import parameters
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.core import permissions, readable
from okat.city.partners.rules import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NASTY = (
    "a" * 60, "ก" * 200, "-1", "99999999999999999999999", "NaN", "2026-13-45", "9999-12-31", "0001-01-01",
    "'\"<%s%%\\", "00000000-0000-0000-0000-000000000000", "๙๙๙", "1,2,3,1e400", "\U0010ffff", "0001-01", "9999-12",
    "000010" + "9" * 5000,
)  # fmt: skip
# Numbers that int() or float() read otherwise than a person does, or break at: a different one for each name.
NUMBERS = (
    "0" * 5000 + "7", "00012", "²", "1²", "1_000", "inf", "-inf", "1e999", "9" * 400, "٣", "+7", "９", "0x10",
    "9223372036854775808", "2147483648", "32768", "-0", "1.5", "๑๐",
)  # fmt: skip
HEALTH = "/health/"  # its answer is how the site is: without a worker that is "unavailable", for any input
# Sent as they stand: a NUL, halves of letters, a broken escape.
RAW = ("%00", "%ed%a0%80", "%ff%fe", "%zz", "%e0%b8")


def readers(city: SmallCity) -> list[User | None]:
    return [None, city.resident, *(city.users[role] for role in Role)]


def may_open(user: User | None, address: Address) -> bool:
    mark = address.mark
    if mark is None or not mark.signed_in:
        return True
    if user is None:
        return False
    return not mark.permissions or any(permissions.may(user, wish) for wish in mark.permissions)


def faults(client: Client, method: str, url: str, **sent: Any) -> list[str]:
    """The answer may refuse; it may not break. What it wrote is undone."""
    with transaction.atomic():
        try:
            status = getattr(client, method)(url, **sent).status_code
            said = f"answers {status}" if status >= 500 and not (status == 503 and url.startswith(HEALTH)) else ""
        except Exception as error:
            said = f"raises {error!r}"[:160]
        transaction.set_rollback(True)
    return [f"{method} {url[:60]} {sent!s:.90} {said}"] if said else []


@pytest.fixture
def city() -> SmallCity:
    return small_city.build()


@pytest.fixture
def places(city: SmallCity) -> list[tuple[Address, str, User | None]]:
    """Each address with an object of its own where it names one, and that object's owner."""
    known, found = makers(), []
    for address in addresses():
        thing = known[address.name](city) if address.arguments else None
        url = reverse(address.name, kwargs=thing.arguments if thing else None)
        found.append((address, url, thing.owner if thing else None))
    return found


@amounts("each", 2, 1000)
def test_no_parameter_of_any_address_breaks_it(
    each: int, city: SmallCity, places: list[tuple[Address, str, User | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readable, "LONGEST", 10**9)  # so that a long value reaches every page, for all names at once
    found = list(_asked(city, places, each))
    assert found == [], "\n".join(found[:40])


def _asked(city: SmallCity, places: list[tuple[Address, str, User | None]], each: int) -> Iterator[str]:
    """At most so many at each address; the values and the readers go on from one address to the next."""
    clients: dict[int | None, Client] = {}
    turn = count()
    for address, url, owner in places:
        own, of_app = parameters.of_view(address.view)
        allowed = [user for user in [*readers(city), owner] if may_open(user, address)]
        for user in allowed:
            clients.setdefault(user.pk if user else None, client_of(user))
        # Each value for all names together, each name by itself, by the readers in turn, each of whom asks something.
        asks = [(of_app, value) for value in NASTY] + [([name], "") for name in own]
        asks += [(of_app, "1") for _more in range(len(allowed) - len(asks))]
        sent = [dict.fromkeys(names, value or NASTY[next(turn) % len(NASTY)]) for names, value in asks]
        sent += [{name: NUMBERS[next(turn) % len(NUMBERS)] for name in of_app} for _each in range(4)]
        first = next(turn)
        for number in range(first, first + min(each, len(sent))):
            data, user = sent[number % len(sent)], allowed[number % len(allowed)]
            yield from faults(clients[user.pk if user else None], "get", url, data=data)


@amounts("each", 1, 4)
def test_no_form_breaks(each: int, city: SmallCity, places: list[tuple[Address, str, User | None]]) -> None:
    found: list[str] = []
    turn, every = count(), NASTY + NUMBERS
    for address, url, owner in places:
        if address.name == "accounts:sign-out":
            continue
        user = owner if owner is not None and may_open(owner, address) else None
        user = user or next(u for u in reversed(readers(city)) if may_open(u, address))
        client = client_of(user)
        names = parameters.of_view(address.view)[1]
        for _each in range(each):
            values = {name: every[next(turn) % len(every)] for name in names}
            found += faults(client, "post", url, data=values)
    assert found == [], "\n".join(found[:40])


def test_letters_that_cannot_be_kept_are_refused_or_replaced_everywhere(city: SmallCity) -> None:
    client, found, turn = client_of(city.users[Role.OFFICER]), [], count()
    for address in addresses():
        if not address.arguments:
            names = parameters.of_view(address.view)[0] or ["q"]
            broken = "&".join(f"{name}={RAW[1 + next(turn) % 4]}" for name in names)
            found += faults(client, "get", f"{reverse(address.name)}?{broken}")
            nul = client.get(f"{reverse(address.name)}?{names[0]}={RAW[0]}")
            found += [] if nul.status_code == 400 else [f"{address.name} takes a NUL: {nul.status_code}"]
    assert found == []


def test_the_walker_finds_names_and_a_planted_fault() -> None:
    source = 'def v(sent):\n    sent.get("q"); sent["kind"]; "one" in sent\nclass F(Form):\n    title = CharField()'
    assert {"q", "kind", "one", "title"} <= parameters.names_in(source)
    assert "q" in parameters.of_app("catalogue")
    assert "subject" in parameters.of_app("catalogue")

    class Broken(Client):
        def get(self, *args: Any, **kwargs: Any) -> Any:
            raise ValueError("planted")

    assert "planted" in faults(Broken(), "get", "/")[0]
