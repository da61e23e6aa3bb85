"""Every address of rounds, as everybody: the score, its parts, its order, the group of a place set aside, places that
tell of a disability by their kind, and sealed words show to nobody beside a person but the person, whoever may see what
is sensitive of them, and whoever answers their request for review."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.access.walk import Address, addresses
from tests.rounds.conftest import DRAWN, City, _groups, make_member
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Family
from okat.city.core import clock
from okat.city.notices.models import Notice
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, record_consent
from okat.city.people.models import Person
from okat.city.people.rules import Purpose
from okat.city.rounds import actions
from okat.city.rounds.models import Appeal, Application, Result, Round
from okat.city.rounds.rules import RoundError
from okat.city.rounds.rules.policy import Policy
from okat.city.taxonomy.models import Term

PART, KIND, WORDS, GROUP, POINTS = "ส่วนที่บอกความลับ", "เรียนกับคนตาบอด", "คำขอเรื่องสุขภาพ", "คนพิการ", 777
SCORE = re.compile(rf"(?<![\w-]){POINTS}(?![\w-])")
SOURCE = {"text": "ประกาศ", "ref": "ประกาศรับสมัคร", "verified": True}
BLIND = {"has_any": "disability_types", "values": ["seeing"], "source": SOURCE}
DISABLED = {"exists": "disability_types", "source": SOURCE}
# By duty: named auditors have everything but names.
AUDITED = "rounds:audit-bundle"
# What a round publishes of its places and groups, beside nobody.
OF_PLACES = {
    "rounds:public", "rounds:index", "rounds:list", "rounds:manage", "rounds:places", "rounds:rules", "rounds:edit",
    "rounds:compare", "rounds:bundle", "rounds:cutoffs-csv", "rounds:shares-csv",
}  # fmt: skip


@dataclass
class Told:
    """A published round and one that takes applications, each with three places: one asks for a disability, one gives
    777 points for it and keeps its seat for disabled persons. The person was refused both for a third, has asked for a
    review, and stands in the open round with the same wishes."""

    city: City
    person: Person
    rounds: list[Round]
    rows: list[Application]
    appeals: list[Appeal]

    def urls(self) -> list[tuple[Address, str]]:
        found = []
        for address in addresses():
            if address.name.startswith("rounds:"):
                for pk in self._keys(address):
                    url = reverse(address.name, kwargs=pk)
                    own = [f"?person={self.person.pk}", "?q=คนที่"] if address.name == "rounds:apply" else []
                    found += [(address, url + query) for query in ("", *own)]
        return found

    def _keys(self, address: Address) -> list[dict[str, Any]]:
        if not address.arguments:
            return [{}]
        some: list[Any] = list(self.rounds)
        if "why/" in address.route:
            some = list(self.rows)
        elif "appeals/" in address.route:
            some = list(self.appeals)
        return [{"pk": each.pk} for each in some]


@pytest.fixture
def told(city: City) -> Told:
    """The place that tells of a disability does so by its rule."""
    return _told(city, {"rule": BLIND})


def by_quota(city: City) -> Told:
    """It is a job under the disability quota, without a rule of its own."""
    return _told(city, {"kind": "job_quota"}, "job", family=Family.WORK)


def by_needs(city: City) -> Told:
    """It answers a need that only a disability brings with it."""
    Term(vocabulary="need", code="hear", th="ได้ยิน", en="Hearing", sensitive=True).save()
    return _told(city, {"needs": ("hear",)})


def _told(city: City, telling: dict[str, Any], kind: str = "occupation", **changes: Any) -> Told:
    Partner.objects.create(code="kind", th=f"ที่{KIND}", en="kind", kind="provincial", area=city.team.area)
    own = {"th": PART, "en": PART, "points": POINTS, "rule": DISABLED}
    policy = Policy(score=0, need=0, waiting=0, near=0, grace_hours=0)
    people = city.pin(4)
    for person in people:
        _groups[person.pk] = {"disability_types": frozenset({"seeing"})}
    made, rows = [], []
    for n in (1, 2):
        offers = city.offers(
            {"title_th": f"{KIND} {n}", "provider": "kind", "capacity": 1, "kind": kind, **telling},
            {"title_th": f"ขนมไทย {n}", "capacity": 4, "kind": kind},
            {
                "title_th": f"ทอผ้า {n}", "capacity": 2, "priority": (own,), "kind": kind,
                "reserves": ({"group": "disability", "seats": 1},),
            },
        )  # fmt: skip
        made.append(city.opened(offers, policy, **changes))
        rows += city.applied(made[-1], {person: [offers[0], offers[2], offers[1]] for person in people})
    city.published(made[0])
    lost = Result.objects.select_related("application__person").get(place__opportunity__title_th="ขนมไทย 1").application
    assert lost.person is not None
    with clock.at(DRAWN):
        asked = actions.appeal(application=lost, reason=WORDS, by=city.system)
    return Told(city, lost.person, made, rows, [asked])


def text_of(page: Any) -> str:
    """The words of a page or a file, a bundle's members and all."""
    data = page.content
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as members:
            data = b"".join(members.read(name) for name in members.namelist())
    return str(data.decode("utf-8", "replace"))


def shown(told: Told, user: User | None) -> dict[str, set[str]]:
    """What each address shows a reader, of what is marked."""
    client, found = Client(), {}
    if user is not None:
        sign_in_fully(client, user)
    for address, url in told.urls():
        with clock.at(DRAWN):
            text = text_of(client.get(url))
        beside = address.name not in OF_PLACES
        marks = {
            "part": PART in text, "score": bool(SCORE.search(text)), "words": WORDS in text,
            "kind": beside and KIND in text, "group": beside and GROUP in text,
        }  # fmt: skip
        if any(marks.values()):
            found.setdefault(address.name, set()).update(name for name, there in marks.items() if there)
    return found


def everybody(city: City) -> dict[str, User | None]:
    """Each role in the office that pinned the person with a plain consent, and in the office that runs the round."""
    found: dict[str, User | None] = {"anonymous": None, "lead": city.lead, "officer": city.officer}
    for office, partner in (("school", city.school), ("team", city.team)):
        for role in Role:
            found[f"{office} {role.value}"] = make_member(partner, role, f"{office}.{role.value}")
    return found


def test_nobody_reads_beside_a_person_what_they_may_not(told: Told) -> None:
    answers = {"team coordinator"}  # and did not run it
    for name, user in everybody(told.city).items():
        seen = shown(told, user)
        if user == told.city.auditor or name == "team auditor":
            seen.pop(AUDITED, None)
        if name in answers:
            assert seen.pop("rounds:appeal-answer") == {"part", "score", "words", "kind"}, name
        assert seen == {}, name


@pytest.mark.parametrize("made", [by_quota, by_needs])
def test_places_that_tell_by_more_than_their_rule_are_named_to_the_same_readers(
    city: City, made: Callable[[City], Told]
) -> None:
    told = made(city)
    Application.objects.update(entered_by=city.officer)
    assert "kind" not in {mark for marks in shown(told, city.officer).values() for mark in marks}
    assert "kind" in shown(told, city.account(told.person, "me"))["rounds:why"]
    offer = Opportunity.objects.get(title_th=f"{KIND} 1")
    told.rows.append(Result.objects.get(place__opportunity=offer).application)
    with clock.at(DRAWN):
        catalogue.cancel(opportunity=offer, reason="ไม่จัด", by=city.system, version=offer.version)
    heard = Notice.objects.filter(user=city.officer, kind__startswith="rounds.cancelled").values_list(
        "params", flat=True
    )
    assert heard
    assert KIND not in str(list(heard))
    assert "ไม่จัด" not in str(list(heard))  # the reason stands beside the name in the catalogue
    assert "kind" not in {mark for marks in shown(told, city.officer).values() for mark in marks}


def test_the_person_and_whoever_has_the_explicit_consent_read_it_all(told: Told) -> None:
    city = told.city
    own = shown(told, city.account(told.person, "me"))
    assert own["rounds:why"] >= {"part", "score", "words", "kind"}
    assert {"score", "kind"} <= own["rounds:apply"]
    assert own["rounds:row"] >= {"score"}
    with clock.at(DRAWN):
        record_consent(person=told.person, given=ConsentRow(Purpose.CARE, city.school, sensitive=True), by=city.officer)
    deep = shown(told, city.officer)
    assert deep["rounds:why"] == own["rounds:why"]
    assert "rounds:row" not in deep
    assert "rounds:row-published" not in deep


def test_the_order_in_which_places_are_suggested_tells_nothing(told: Told) -> None:
    """One place gives 777 points; without explicit consent it stands where it would stand without them."""
    city = told.city
    (person,) = city.pin(1)
    (plain,) = city.pin(1)
    _groups[person.pk] = {"disability_types": frozenset({"seeing"})}
    _groups[plain.pk] = {"disability_types": frozenset()}
    client = Client()
    sign_in_fully(client, city.officer)

    def order(who: Person) -> list[str]:
        with clock.at(DRAWN):
            page = client.get(f"/rounds/{told.rounds[1].pk}/apply/?person={who.pk}").content.decode()
        return re.findall(r"add:([0-9a-f-]{36})", page)

    assert order(person) == order(plain)
    assert len(order(person)) == 2  # the one that tells by its kind is not offered
    with clock.at(DRAWN):
        record_consent(person=person, given=ConsentRow(Purpose.CARE, city.school, sensitive=True), by=city.officer)
    assert len(order(person)) == 3
    assert order(person)[0] != order(plain)[0]


def test_whoever_may_not_see_a_hidden_place_neither_moves_it_nor_takes_it_out(told: Told) -> None:
    city, row = told.city, next(r for r in told.rows if r.round_id == told.rounds[1].pk)
    client = Client()
    sign_in_fully(client, city.officer)
    url = f"/rounds/{row.round_id}/apply/?person={row.person_id}"
    before = list(row.choices.order_by("rank").values_list("place", flat=True))
    with clock.at(DRAWN):
        keys = re.findall(r'name="choice" value="([^"]+)"', client.get(url).content.decode())
    assert keys[0] == "hidden-1"
    assert len(keys) == len(before)
    with clock.at(row.at):
        page = client.post(url, {"choice": keys, "move": "out:hidden-1"}).content.decode()
        assert 'value="hidden-1"' in page
        assert "down:hidden-1" not in page
        for sent in (list(reversed(keys)), keys[:0:-1]):  # moved down, and taken out
            assert client.post(url, {"choice": sent, "save": "1"}).status_code == 302
            after = list(row.choices.order_by("rank").values_list("place", flat=True))
            assert after == [before[0], *reversed(before[1:])]


def test_a_refusal_names_no_hidden_place(told: Told) -> None:
    """The person's facts changed since: the place's own rule says no now, to the list and to the place given."""
    city, row = told.city, next(r for r in told.rows if r.round_id == told.rounds[1].pk)
    held = Result.objects.select_related("application__person").get(place__opportunity__title_th=f"{KIND} 1")
    for one in (row.person, held.application.person):
        assert one is not None
        _groups[one.pk] = {"disability_types": frozenset({"hearing"})}
    client = Client()
    sign_in_fully(client, city.officer)
    places = list(row.choices.order_by("rank").values_list("place__opportunity", flat=True))
    url = f"/rounds/{row.round_id}/apply/?person={row.person_id}"
    with clock.at(row.at):
        page = client.post(url, {"choice": [str(key) for key in (places[2], places[1])], "save": "1"})
    text = page.content.decode()
    assert 'id="errors"' in text
    assert KIND not in text
    with clock.at(DRAWN), pytest.raises(RoundError) as refused:
        actions.accept_place(application=held.application, by=city.officer)
    assert refused.value.code == "not_eligible"
    assert KIND not in str(refused.value)
