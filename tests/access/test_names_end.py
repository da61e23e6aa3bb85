"""A person's name shows to nobody who may not see the record: every address, with every object that there is, as every
role; as things stand, after all that was agreed to is withdrawn, and after a death. What is excepted is named, with the
sentence by which privacy.md says so."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.access.objects import makers
from tests.access.thing import Thing
from tests.access.walk import Address, addresses
from tests.learning.access import recognition
from tests.read_aloud import shown
from tests.signing import make_user, sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.core import clock
from okat.city.core.models import RateCount
from okat.city.learning import actions as learning
from okat.city.learning.models import Recognition
from okat.city.learning.queries import recognising
from okat.city.learning.rules.recognising import State
from okat.city.partners import actions as partners
from okat.city.partners.models import Membership
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.models import Basis, BreakGlass, Consent, Grant, ImportBatch, Person
from okat.city.people.queries import visible_to
from okat.city.people.rules import LIVING, OPEN_STATUSES, Status


@dataclass(frozen=True)
class Excepted:
    """`said` is the sentence of privacy.md; `holds` whether it is true of what an address shows."""

    said: str
    holds: Callable[[dict[str, Any]], bool]


def waits(arguments: dict[str, Any]) -> bool:
    return Recognition.objects.filter(pk=arguments["pk"], state=State.ASKED, person__status__in=LIVING).exists()


def not_in_yet(arguments: dict[str, Any]) -> bool:
    return ImportBatch.objects.filter(pk=arguments["pk"], done_at=None).exists()


FILE = "A file that waits to be imported shows its own rows to the office that sent it"
# Addresses that show a name without the right to the record.
EXCEPTED = {
    "learning:sign": Excepted("reads its words and pictures, with the name, until it is decided or withdrawn", waits),
    "people:import-batch": Excepted(FILE, not_in_yet),
    "people:import-mend": Excepted(FILE, not_in_yet),
}
PRIVACY = Path("docs/explanation/privacy.md")
MOST = 6  # objects of one kind that are put into an address: they are of few makers


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city.build()


@pytest.fixture
def things(city: SmallCity) -> dict[str, Thing]:
    known = makers()
    made = {a.name: known[a.name](city) for a in addresses() if a.arguments}
    decided(city)
    people.run_import(batch=ImportBatch.objects.get(pk=made["people:import-undo"].arguments["pk"]), by=system_user())
    return made


def decided(city: SmallCity) -> None:
    """A request for recognition on which two have come to the same, beside those that wait."""
    row = recognition(city)
    for login in ("signs-first", "signs-second"):
        teacher = make_user(login, name=login)
        partners.add_member(partner=row.partner, user=teacher, role=Role.OFFICER, by=system_user())
        learning.sign_recognition(request=row, given=1, reason="ดูรูปแล้ว", by=teacher)
    assert Recognition.objects.filter(state=State.GRANTED).exists()


def readers(city: SmallCity) -> dict[str, User | None]:
    """One for each role here, one who has all of them, and one with every role elsewhere."""
    every = {"everybody": (city.here, make_user("everybody", name="ทุกบทบาท")), "elsewhere": (city.there, city.stranger)}
    for role, (partner, user) in product(Role, every.values()):
        if not Membership.objects.filter(partner=partner, user=user, role=role).exists():
            partners.add_member(partner=partner, user=user, role=role, by=system_user())
    return {"anonymous": None, **{name: user for name, (_partner, user) in every.items()}}


def arguments_of(address: Address, things: dict[str, Thing]) -> Iterator[dict[str, Any]]:
    """Each object that there is of the kinds that the address takes."""
    if not address.arguments:
        yield {}
        return
    asked = things[address.name].arguments
    choices = {name: _all_of(value) for name, value in asked.items()}
    for values in product(*choices.values()):
        yield dict(zip(choices, values, strict=True))


def _all_of(value: Any) -> list[Any]:
    """All objects of the models that know this id; numbers and words stay."""
    if isinstance(value, str | int):
        return [value]
    found = {value: None}
    for model in _models():
        try:
            known = model._base_manager.filter(pk=value).exists()
        except (ValueError, ValidationError, TypeError):
            continue
        if known:
            found |= dict.fromkeys(model._base_manager.order_by("pk").values_list("pk", flat=True)[:MOST])
    return list(found)


def _models() -> list[type[models.Model]]:
    return [one for one in apps.get_models() if isinstance(one._meta.pk, models.UUIDField)]


def names() -> dict[str, set[Any]]:
    """The full names of persons and whose they are, but for those that an account has too."""
    found: dict[str, set[Any]] = {}
    for person in Person.objects.all():
        found.setdefault(person.full_name, set()).add(person.pk)
    for user in User.objects.all():
        found.pop(user.name, None)
    return found


def walk(user: User | None, things: dict[str, Thing], only: str = "") -> dict[str, set[str]]:
    """By address, the names that this reader sees of people whose records they may not."""
    client, found = Client(), {}
    if user is not None:
        sign_in_fully(client, user)
    seen = set(visible_to(user).values_list("pk", flat=True)) if user is not None else set()
    strange = [name for name, whose in names().items() if not whose & seen]
    for address in addresses():
        if address.name == "accounts:sign-out" or only not in address.name:
            continue
        for arguments in arguments_of(address, things):
            if address.name in EXCEPTED and EXCEPTED[address.name].holds(arguments):
                continue
            RateCount.objects.all().delete()
            text = read(client.get(reverse(address.name, kwargs=arguments)))
            if told := {name for name in strange if name in text}:
                found.setdefault(address.name, set()).update(told)
    return found


def read(page: Any) -> str:
    """What stands on the page or in the file; of a packed one in each of its parts."""
    data = b"".join(page.streaming_content) if getattr(page, "streaming", False) else page.content
    if data[:2] == b"PK":
        packed = zipfile.ZipFile(io.BytesIO(data))
        data = b"\n".join(packed.read(name) for name in packed.namelist())
    return shown(data.decode("utf-8", "replace"))


def as_it_is(city: SmallCity) -> None:
    """Each reads what their own offices may."""


def withdrawn(city: SmallCity) -> None:
    for consent in Consent.objects.filter(withdrawn_at=None):
        people.withdraw_consent(consent=consent, by=system_user())
    yesterday = clock.now()
    Basis.objects.update(until=yesterday)
    BreakGlass.objects.update(until=yesterday)
    assert not Grant.objects.in_force().exists()


def died(city: SmallCity) -> None:
    for person in Person.objects.filter(status=Status.ACTIVE):
        people.set_status(person=person, status=Status.DIED, by=system_user())
    withdrawn(city)
    assert set(Person.objects.values_list("status", flat=True)) & set(OPEN_STATUSES) == {Status.DIED}


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize(
    ("reader", "then"),
    [
        ("anonymous", as_it_is), ("elsewhere", as_it_is), ("everybody", as_it_is), ("everybody", withdrawn),
        ("everybody", died),
    ],
)  # fmt: skip
def test_no_name_shows_without_the_right_to_the_record(
    city: SmallCity, things: dict[str, Thing], reader: str, then: Callable[[SmallCity], None]
) -> None:
    user = readers(city)[reader]
    then(city)
    assert walk(user, things) == {}


def test_privacy_says_each_exception() -> None:
    said = re.sub(r"\s+", " ", PRIVACY.read_text(encoding="utf-8"))
    assert [one.said for one in EXCEPTED.values() if one.said not in said] == []


def test_a_planted_fault_is_found(city: SmallCity, things: dict[str, Thing], monkeypatch: pytest.MonkeyPatch) -> None:
    user = readers(city)["everybody"]
    withdrawn(city)
    monkeypatch.setattr(recognising, "open_to", lambda _user: Recognition.objects.all())
    assert walk(user, things, "learning:sign").keys() == {"learning:sign"}
