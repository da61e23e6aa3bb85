"""Consent stored is consent asked, word for word: every form that asks for one, as a reader sees it."""

import ast
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import small_city
from tests.access.test_writes import client_of, tried
from tests.catalogue.access import holder
from tests.learning.making import resident_of
from tests.read_aloud import shown, words_of
from tests.rounds.conftest import DURING
from tests.rounds.conftest import City as RoundCity
from tests.small_city import SmallCity

import okat.city
from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.forms.wisdom import AgreedForm, NewHolderForm
from okat.city.catalogue.models import Opportunity, Wisdom
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import clock
from okat.city.core.refusals import LANGUAGE_COOKIE
from okat.city.learning import actions as learning
from okat.city.learning.forms.line import PlaceForm
from okat.city.partners import actions as partners
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people.forms.asking import AsksConsent
from okat.city.people.forms.consent import ConsentForm, OwnConsentForm
from okat.city.people.forms.household import HouseForm
from okat.city.people.forms.pin import PinForm
from okat.city.people.models import Consent, Person, Wording
from okat.city.people.rules import Purpose, wording
from okat.city.rounds.forms import ConsentForm as RoundForm
from okat.city.taxonomy.models import Term

pytestmark = pytest.mark.django_db
CITY = Path(okat.city.__file__).parent
WRITTEN = ("2569-2", "ceaaa5e06679f8e5")
PINNED = {
    "where": "ในเมือง", "papers": "none", "care": "on", "sensitive": "on", "contact": "on", "refer": ["there"],
    "refer_sensitive": "on", "how": "verbal", "sure": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Flow:
    """Where a form is shown and sent, by whom, with what; the purposes that it stores; what was typed beside it."""

    form: type[AsksConsent]
    url: str
    by: Any
    sent: dict[str, Any]
    stores: set[str]
    typed: str = ""
    shown_at: str = ""  # where it is sent to another address

    def read(self, client: Client) -> str:
        return client.get(self.shown_at or self.url).content.decode()


def pinning(city: SmallCity) -> list[Flow]:
    worker, stores = city.users[Role.FIELD_WORKER], {"care", "contact", "refer"}
    house = {**PINNED, "lines": "2", "m0-given": "มาลี", "m0-family": "สมมติ", "tenure": "own"}
    return [
        Flow(PinForm, reverse("people:pin"), worker, {**PINNED, "given": "มาลี"}, stores, 'value="มาลี"'),
        Flow(HouseForm, reverse("people:pin-household"), worker, house, stores, 'value="มาลี"'),
    ]


def recording(city: SmallCity) -> list[Flow]:
    worker, person = city.users[Role.FIELD_WORKER], resident_of(city)
    one = {"purpose": "contact", "recipient": "there", "sensitive": "on"}
    spoken = {**one, "purpose": "refer", "how": "witness", "witness": "อสม. ศรี"}
    return [
        Flow(ConsentForm, reverse("people:consent", args=[person.pk]), worker, spoken, {"refer"}, "อสม. ศรี"),
        Flow(OwnConsentForm, reverse("people:mine-allow"), city.resident, one, {"contact"}),
    ]


def learners(city: SmallCity) -> list[Flow]:
    row = OpportunityRow(provider="there", area=city.there.area.code, kind="interest", title_th="ทำขนม", capacity=3)
    course = Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])
    learning.set_first_come(opportunity=course, on=True, by=city.stranger)
    here, person, spoken = reverse("learning:place", args=[course.pk]), resident_of(city), {"how": "verbal"}
    sent = {"do": "take", "agreed": "on"}
    own = Flow(PlaceForm, here, city.resident, sent, {"enrol"})
    for_them = Flow(
        PlaceForm, f"{here}?person={person.pk}", city.users[Role.FIELD_WORKER], {**sent, **spoken}, {"enrol"}
    )
    return [own, for_them]


def applicants(city: SmallCity) -> list[Flow]:
    Term.objects.get_or_create(vocabulary="need", code="learn", defaults={"th": "เรียนต่อ", "en": "Learn"})
    lead = city.users[Role.COORDINATOR]
    rounds = RoundCity(
        city.here, city.here, city.here.area, lead, lead, city.users[Role.OFFICER], city.users[Role.AUDITOR],
        system_user(),
    )  # fmt: skip
    offers = rounds.offers({"provider": city.here.code, "capacity": 1})
    here, person = reverse("rounds:apply", args=[rounds.opened(offers).pk]), resident_of(city)
    sent = {"save": "1", "agreed": "on", "choice": [str(offers[0].pk)]}
    worker = city.users[Role.FIELD_WORKER]
    return [
        Flow(RoundForm, here, city.resident, sent, {"round"}, str(offers[0].pk)),
        Flow(RoundForm, f"{here}?person={person.pk}", worker, {**sent, "how": "verbal"}, {"round"}, str(offers[0].pk)),
    ]


def holders(city: SmallCity) -> list[Flow]:
    """Of local wisdom: their consent stands beside the name."""
    found, officer = holder(city), city.users[Role.OFFICER]
    known = Wisdom.objects.get(pk=found.arguments["pk"])
    new = {
        "name": "ยายเงียบ", "subject": str(known.subject_id), "area": str(known.area_id), "teaches_th": "ทอเสื่อ",
        "agreed": "on", "how": "verbal",
    }  # fmt: skip
    page, sent = reverse("catalogue:holder", kwargs=found.arguments), {"agreed": "on", "how": "witness"}
    there = reverse("catalogue:holder-name", kwargs=found.arguments)
    return [
        Flow(NewHolderForm, reverse("catalogue:holder-new"), officer, new, {"named"}, "ยายเงียบ"),
        Flow(AgreedForm, there, officer, sent, {"named"}, shown_at=page),
    ]


MAKE: list[Callable[[SmallCity], list[Flow]]] = [pinning, recording, learners, applicants, holders]


@dataclass(frozen=True)
class Kept:
    """What is stored of one yes, wherever that is."""

    purpose: str
    words: Wording | None
    terms: str
    office: Partner
    sensitive: bool


def kept() -> dict[Any, Kept]:
    found = {
        one.pk: Kept(one.purpose, one.words, one.terms, one.recipient, one.sensitive)
        for one in Consent.objects.select_related("words", "recipient")
    }
    public = Wisdom.objects.public().select_related("words", "partner")
    return found | {one.pk: Kept("named", one.words, one.terms, one.partner, False) for one in public}


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with clock.at(DURING):
        found = small_city.build()
        partners.add_member(
            partner=found.here, user=found.users[Role.OFFICER], role=Role.FIELD_WORKER, by=system_user()
        )
        yield found


def forms() -> set[type[AsksConsent]]:
    """Every form that asks; those between are shown by none."""
    found, last = set(), [AsksConsent]
    while last:
        last = [each for form in last for each in form.__subclasses__()]
        found |= set(last)
    return {form for form in found if form.__name__ not in {"HowMixin", "AsksToBeNamed"}}


def test_every_form_that_asks_is_walked_here(city: SmallCity) -> None:
    assert {flow.form for make in MAKE for flow in make(city)} == forms()


def test_a_consent_is_made_by_those_forms_alone_and_always_with_its_words() -> None:
    """Beside them: an office's own table, whose paper has words of its own, and the made-up people of the demo."""
    bare, made = [], set()
    for file in sorted(CITY.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ConsentRow":
                name = str(file.relative_to(CITY))
                made.add(name)
                bare += [] if any(one.arg == "words" for one in node.keywords) else [name]
    assert bare == ["people/actions/_office.py"]
    asking = {Path(sys.modules[form.__module__].__file__ or "").relative_to(CITY) for form in forms()}
    rows = {"people/actions/_office.py", "desk/commands/demo/people.py"}
    assert made - rows <= {str(path) for path in asking}


def each(city: SmallCity, make: Any, language: str = "th") -> Iterator[tuple[Flow, Client]]:
    """One after the other, each as if the others had not been."""
    for flow in make(city):
        with tried():
            client = client_of(User.objects.get(pk=flow.by.pk))
            client.cookies[LANGUAGE_COOKIE] = language
            yield flow, client


@pytest.mark.parametrize("make", MAKE, ids=lambda make: make.__name__)
@pytest.mark.parametrize("language", ["th", "en"])
def test_what_is_stored_is_what_the_page_said(city: SmallCity, make: Any, language: str) -> None:
    for flow, client in each(city, make, language):
        before, page = kept(), flow.read(client)
        answer = client.post(flow.url, {**flow.sent, **words_of(page)})
        assert answer.status_code == 302, shown(answer.content.decode())
        made = [one for key, one in kept().items() if key not in before]
        assert {one.purpose for one in made} == flow.stores
        for one in made:
            assert one.words is not None
            assert (one.words.language, one.terms) == (language, wording.VERSION)
            seen, lines = shown(page), one.words.text.split("\n")
            assert [line for line in lines if line not in seen] == []
            assert sorted(lines, key=seen.find) == lines  # from above to below, as they were read
            assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == one.words.digest
            assert any((one.office.th if language == "th" else one.office.en) in line for line in lines), lines
            assert one.sensitive == any("สุขภาพ" in line or "health" in line for line in lines)


@pytest.mark.parametrize("make", MAKE, ids=lambda make: make.__name__)
def test_a_form_that_was_opened_before_the_words_changed_asks_again_and_loses_nothing(
    city: SmallCity, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for flow, client in each(city, make):
        counted, people_now, opened = kept(), Person.objects.count(), words_of(flow.read(client))
        with monkeypatch.context() as patched:
            patched.setattr(wording, "VERSION", "2570-1")
            for purpose in Purpose:
                patched.setitem(wording.SAID, purpose, f"{wording.SAID[purpose]} ไม่เกินหนึ่งปี")
            patched.setattr(wording, "NAMED", f"{wording.NAMED} ไม่เกินหนึ่งปี")
            answer = client.post(flow.url, {**flow.sent, **opened})
            assert answer.status_code == 200
            assert (kept(), Person.objects.count()) == (counted, people_now)
            page = answer.content.decode()
            assert "ไม่เหมือนตอนที่เปิดหน้านี้แล้ว" in shown(page)
            assert flow.typed in page
            assert "ไม่เกินหนึ่งปี" in shown(page)
            for box in ("agreed", "care", "sensitive", "refer_sensitive"):
                assert f'name="{box}" checked' not in re.sub(r' (id|value|aria-[a-z]+)="[^"]*"', "", page)
            again = client.post(flow.url, {**flow.sent, **words_of(page)})
            assert again.status_code == 302, shown(again.content.decode())
            texts = [one.words.text for one in kept().values() if one.terms == "2570-1" and one.words]
            assert texts
            assert all("ไม่เกินหนึ่งปี" in text for text in texts)


def test_without_the_mark_nothing_is_taken(city: SmallCity) -> None:
    for make in MAKE:
        for flow, client in each(city, make):
            before = kept()
            assert client.post(flow.url, flow.sent).status_code == 200
            assert kept() == before


def test_one_reads_later_what_was_agreed_to_also_after_the_words_and_the_office_changed(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    (flow, _worker) = learners(city)
    client = client_of(flow.by)
    client.post(flow.url, {**flow.sent, **words_of(client.get(flow.url).content.decode())})
    said = Consent.objects.get(purpose="enrol").words
    assert said is not None
    for purpose in Purpose:
        monkeypatch.setitem(wording.SAID, purpose, "อย่างอื่น %(office)s")
    type(city.there).objects.filter(pk=city.there.pk).update(th="ชื่อใหม่")
    for url in (reverse("people:mine"), reverse("people:person", args=[resident_of(city).pk])):
        who = client if "mine" in url else client_of(city.users[Role.FIELD_WORKER])
        assert said.text in shown(who.get(url).content.decode())
    kept = client.get(reverse("people:mine-data")).json()
    told = next(one for one in json.loads(json.dumps(kept))["people"]["consents"] if one["purpose"] == "enrol")
    assert (told["words"], told["language"], told["sha256"]) == (said.text, "th", said.digest)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Wording.objects.update(text="x")
    with pytest.raises(ProtectedError):
        Wording.objects.filter(pk=said.pk).delete()


def test_other_words_are_another_version() -> None:
    """Whoever changes a sentence, in Thai or in English, gives it a new version and writes its digest here."""
    texts = []
    for language in ("th", "en"):
        with translation.override(language):
            sentences = [wording.RECORD, wording.FREELY, *wording.SAID.values(), wording.EXPLICIT, wording.CHOSEN]
            sentences += [wording.PUBLICLY, wording.NAMED]
            texts += [str(one) for one in sentences]
    assert (wording.VERSION, hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]) == WRITTEN
