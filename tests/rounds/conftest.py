"""A small city with a learning round, built through the actions."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Family
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import clock
from okat.city.core.registries import FACTS
from okat.city.partners.models import Membership, Partner
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, PinRow, link_account, pin_many
from okat.city.people.models import Person
from okat.city.people.rules import How, Purpose
from okat.city.places.models import Area
from okat.city.rounds import actions
from okat.city.rounds.actions import ApplyRow
from okat.city.rounds.models import Application, Decision, Round
from okat.city.rounds.rules.policy import Policy
from okat.city.taxonomy.models import Term
from okat.thai.partial import PartialDate

BANGKOK = ZoneInfo("Asia/Bangkok")
OPENS = dt.datetime(2026, 11, 1, 9, tzinfo=BANGKOK)
CLOSES = dt.datetime(2026, 11, 15, 16, tzinfo=BANGKOK)
DRAW = dt.date(2026, 11, 16)
BEFORE, DURING = OPENS - dt.timedelta(days=2), OPENS + dt.timedelta(days=1)
AFTER, DRAWN = CLOSES + dt.timedelta(minutes=1), dt.datetime(2026, 11, 17, 9, tzinfo=BANGKOK)

AT_ONCE = Policy(grace_hours=0)  # what is given back goes on at once
_groups: dict[UUID, dict[str, Any]] = {}


def _facts(people: Iterable[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    return {pk: _groups.get(pk, {}) for pk in people}


@pytest.fixture(autouse=True)
def _made_up_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What rules may ask of these people, in place of the record's own facts."""
    _groups.clear()
    monkeypatch.setattr(FACTS, "_items", {"test": _facts})


def make_member(partner: Partner, role: Role, login: str) -> User:
    user = User.objects.make(login, "รหัสผ่านยาวพอ-2569", name=login)
    user.save()
    Membership.objects.create(partner=partner, user=user, role=role, began_on=dt.date(2026, 1, 1))
    return user


@dataclass
class City:
    team: Partner
    school: Partner
    area: Area
    lead: User
    second: User
    officer: User
    auditor: User
    system: User
    people: list[Person] = field(default_factory=list)

    def pin(self, count: int, *, consent: bool = True, **groups: Any) -> list[Person]:
        """Made-up people who agreed to take part."""
        agreed = (ConsentRow(Purpose.ROUND, self.team, How.SIGNATURE),) if consent else ()
        start = len(self.people)
        rows = [
            PinRow(
                area=self.area, given=f"คนที่{start + n}", family="ตัวอย่าง", birth=PartialDate(1970, 1, 1),
                consents=(ConsentRow(Purpose.CARE, self.school, How.SIGNATURE), *agreed),
            )
            for n in range(count)
        ]  # fmt: skip
        with clock.at(BEFORE - dt.timedelta(days=1)):  # a grant counts from the day of the pin
            ids = pin_many(rows=rows, partner=self.school, by=self.system)
        found = {person.pk: person for person in Person.objects.filter(pk__in=ids)}
        people = [found[pk] for pk in ids]
        self.people += people
        return people

    def older(self, *people: Person) -> None:
        for person in people:
            _groups[person.pk] = {"birth_date": dt.date(1950, 1, 1)}

    def younger(self, *people: Person) -> None:
        for person in people:
            _groups[person.pk] = {"birth_date": dt.date(2000, 1, 1)}

    def account(self, person: Person, login: str) -> User:
        user = User.objects.make(login, "รหัสผ่านยาวพอ-2569", name=login)
        user.save()
        link_account(person=person, user=user, by=self.system)
        return user

    def offers(self, *rows: Mapping[str, Any]) -> list[Opportunity]:
        base = {"provider": "school", "area": self.area.code, "kind": "occupation", "title_th": "ทอผ้า"}
        made = publish_many(rows=[OpportunityRow(**{**base, **row}) for row in rows], by=self.system)
        found = {offer.pk: offer for offer in Opportunity.objects.filter(pk__in=made.ids)}
        return [found[pk] for pk in made.ids]

    def draft(self, **changes: Any) -> Round:
        values: dict[str, Any] = {
            "partner": self.team, "family": Family.LEARN, "title_th": "รอบที่เรียน พ.ย. 2569", "by": self.lead,
            "title_en": "Learning round", "opens_at": OPENS, "closes_at": CLOSES, "draw_th": "สลากกินแบ่งรัฐบาล รางวัลที่ 1",
            "draw_on": DRAW, "auditors": [self.auditor],
        }  # fmt: skip
        return actions.create_round(**{**values, **changes})

    def opened(self, offers: Sequence[Opportunity], policy: Policy | None = None, **changes: Any) -> Round:
        with clock.at(BEFORE):
            made = self.draft(**changes)
            actions.set_rules(round=made, policy=policy or AT_ONCE, by=self.lead)
            actions.add_places(round=made, opportunities=offers, by=self.lead)
            actions.freeze_round(round=made, by=self.lead)
        with clock.at(OPENS):
            return actions.open_round(round=made, by=self.system)

    def applied(self, made: Round, lists: Mapping[Person, Sequence[Opportunity]]) -> list[Application]:
        rows = [ApplyRow(person.pk, tuple(o.pk for o in wished)) for person, wished in lists.items()]
        with clock.at(DURING):
            actions.apply_many(round=made, rows=rows, by=self.system)
        found = {a.person_id: a for a in Application.objects.filter(round=made)}
        return [found[person.pk] for person in lists]

    def decided(self, made: Round) -> Decision:
        with clock.at(AFTER):
            actions.close_round(round=made, by=self.system)
        with clock.at(DRAWN):
            self.draw(made)
            return actions.run_round(round=made, by=self.lead)

    def draw(self, made: Round, result: str = "730209") -> None:
        """One person enters it, another confirms it."""
        for by in (self.lead, self.auditor):
            actions.enter_draw(round=made, result=result, by=by)

    def published(self, made: Round) -> Decision:
        decision = self.decided(made)
        with clock.at(DRAWN):
            actions.publish_round(round=made, by=self.lead)
        made.refresh_from_db()
        return decision


@pytest.fixture
def city(db: None) -> City:
    province = Area(code="40", th="ขอนแก่น", en="Khon Kaen", level="province")
    province.save()
    area = Area(code="400107", th="บ้านเป็ด", en="Ban Ped", level="subdistrict", parent=province, lat=16.44, lon=102.79)
    area.save()
    Term.objects.create(vocabulary="need", code="learn", th="เรียนต่อ", en="Learn")
    team, school = (
        Partner.objects.create(code=code, th=code, en=code, kind="provincial", area=province)
        for code in ("team", "school")
    )
    return City(
        team, school, area, make_member(team, Role.COORDINATOR, "lead"), make_member(team, Role.COORDINATOR, "second"),
        make_member(school, Role.OFFICER, "officer"), make_member(team, Role.AUDITOR, "auditor"), system_user(),
    )  # fmt: skip
