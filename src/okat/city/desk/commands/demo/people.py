"""Made-up people of the demo: households with shared names and houses, deterministic from the seed.

Ages, sexes, disabilities and incomes follow rough shares that are assumptions of the demo, not statistics.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils import translation

from okat.city.partners.models import Partner
from okat.city.people.actions import tells
from okat.city.people.actions.rows import ConsentRow, HouseRow, PinRow
from okat.city.people.rules import Disability, How, Purpose, wording
from okat.city.places.models import Area, Level
from okat.city.taxonomy.queries import words
from okat.thai.partial import PartialDate

# (from age, to age, share): an ageing province whose young adults have left for work; an assumption.
AGES = ((0, 5, 5), (6, 14, 10), (15, 24, 11), (25, 39, 17), (40, 59, 29), (60, 74, 20), (75, 94, 8))
NEEDS_BY_AGE = {
    "child": ("child-school", "care-child", "health"),
    "young": ("learn-basic", "skill-work", "job", "digital"),
    "adult": ("skill-work", "job", "capital", "debt", "sell", "living-cost", "learn-basic"),
    "old": ("allowance", "care-older", "company", "capital", "literacy", "digital"),
}
DISABILITY_CODES = ("movement", "hearing", "seeing", "mind", "intellect", "learning", "autism")
DISABILITY_WEIGHTS = (50, 18, 9, 8, 7, 5, 3)
NOTIFICATION = "2555"  # version of the seven types
TEAM = "kktt"  # runs the rounds, so that the consent to take part names it
URBAN_SITUATIONS = ("renter", "informal-worker", "street-vendor", "no-registration")


@dataclass(frozen=True)
class Made:
    """A row to pin, and what the demo's round needs to know of it."""

    row: PinRow
    age: int
    urban_poor: bool


@dataclass(frozen=True)
class Names:
    female: Sequence[str]
    male: Sequence[str]
    family: Sequence[str]

    @classmethod
    def thai(cls) -> "Names":
        from pythainlp.corpus import thai_family_names, thai_female_names, thai_male_names

        return cls(sorted(thai_female_names()), sorted(thai_male_names()), sorted(thai_family_names()))


class Maker:
    """Makes households until enough people are made."""

    def __init__(self, seed: int, partner: Partner, today: dt.date) -> None:
        # A demo must be the same every time; nothing here is secret.
        self.dice = random.Random(seed)  # noqa: S311
        self.partner, self.today, self.names = partner, today, Names.thai()
        self.areas = list(Area.objects.filter(level__in=[Level.SUBDISTRICT, Level.COMMUNITY]).order_by("code"))
        self.weights = [_weight(area) for area in self.areas]
        team = Partner.objects.get(code=TEAM)
        self.consents = tuple(
            _agreed(purpose, team if purpose is Purpose.ROUND else partner)
            for purpose in (Purpose.CARE, Purpose.REFER, Purpose.ROUND)
        )

    def households(self, people: int) -> Iterator[list[Made]]:
        made = number = 0
        while made < people:
            number += 1
            members = self._household(number)
            made += len(members)
            yield members

    def _household(self, number: int) -> list[Made]:
        dice = self.dice
        area = dice.choices(self.areas, self.weights)[0]
        poor = area.level == Level.COMMUNITY and dice.random() < 0.6
        size = dice.choices((1, 2, 3, 4, 5, 6), (16, 26, 25, 19, 9, 5))[0]
        lat, lon = (area.lat or 0) + dice.gauss(0, 0.006), (area.lon or 0) + dice.gauss(0, 0.006)
        tenure = "rent" if poor and dice.random() < 0.6 else dice.choices(("own", "free", "land"), (80, 14, 6))[0]
        house = HouseRow(f"h{number}", None, f"{dice.randint(1, 299)}/{dice.randint(1, 40)}", tenure, lat, lon)
        family, income = dice.choice(self.names.family), int(dice.lognormvariate(8.7, 0.6)) // 100 * 100
        return [self._member(area, house, family, place, poor, income) for place in range(size)]

    def _member(self, area: Area, house: HouseRow, family: str, place: int, poor: bool, income: int) -> Made:
        dice = self.dice
        low, high, _ = dice.choices(AGES, [share for *_, share in AGES])[0]
        age = max(dice.randint(low, high), 20 if place == 0 else 0)
        female = dice.random() < 0.52
        born = self.today - dt.timedelta(days=age * 365 + dice.randint(5, 360))
        row = PinRow(
            area=area, given=dice.choice(self.names.female if female else self.names.male), family=family,
            sex="f" if female else "m", birth=_birth(born, dice), household=house,
            household_role="head" if place == 0 else "relative", papers=self._papers(poor),
            education=_education(age, dice), income=income // 2 if age >= 18 else None,
            situations=self._situations(age, poor), needs=self._needs(age, poor), consents=self._consents(age),
            phone=f"08{dice.randint(10_000_000, 99_999_999)}" if age >= 15 and dice.random() < 0.7 else "",
        )  # fmt: skip
        row = self._with_disability(row, age)
        if row.disabilities or tells(words(), needs=row.needs):
            row = replace(row, consents=tuple(map(_explicit, row.consents)))
        return Made(row, age, poor)

    def _papers(self, poor: bool) -> str:
        return self.dice.choices(("elsewhere", "none"), (70, 30))[0] if poor else "registered"

    def _consents(self, age: int) -> tuple[ConsentRow, ...]:
        if age >= 20:
            return self.consents
        return tuple(replace(c, how=How.GUARDIAN, witness="ผู้ปกครอง (สมมติ)") for c in self.consents)

    def _with_disability(self, row: PinRow, age: int) -> PinRow:
        if self.dice.random() > (0.12 if age >= 60 else 0.03):
            return row
        code = self.dice.choices(DISABILITY_CODES, DISABILITY_WEIGHTS)[0]
        needs = (*row.needs[:2], self.dice.choice(("work-disability", "disability-card", "skill-work")))
        return replace(
            row, disabilities=(Disability(code, NOTIFICATION),), disability_card=self.dice.random() < 0.7,
            needs=tuple(dict.fromkeys(needs)),
        )  # fmt: skip

    def _needs(self, age: int, poor: bool) -> tuple[str, ...]:
        pool = NEEDS_BY_AGE["child" if age < 15 else "young" if age < 25 else "adult" if age < 60 else "old"]
        found = self.dice.sample(pool, self.dice.choices((0, 1, 2), (35, 45, 20))[0])
        return (*found, "papers") if poor and self.dice.random() < 0.5 else tuple(found)

    def _situations(self, age: int, poor: bool) -> tuple[str, ...]:
        found = set(self.dice.sample(URBAN_SITUATIONS, 2)) if poor and age >= 18 else set()
        if 6 <= age < 18 and self.dice.random() < 0.06:
            found.add("out-of-school")
        if age >= 60 and self.dice.random() < 0.08:
            found.add("older-alone")
        return tuple(sorted(found))


def _weight(area: Area) -> float:
    if area.level == Level.COMMUNITY:
        return 2.5
    return 3.0 if area.code.startswith("4001") else 1.0


def _agreed(purpose: Purpose, to: Partner, *, sensitive: bool = False) -> ConsentRow:
    """As a worker reads it aloud in Thai."""
    with translation.override("th"):
        explicit = [wording.explicit(to.th)] if sensitive else []
        words = wording.whole([wording.FREELY, wording.sentence(purpose, to.th), *explicit])
    return ConsentRow(purpose, to, How.WITNESS, sensitive=sensitive, witness="อสม. (สมมติ)", words=words)


def _explicit(consent: ConsentRow) -> ConsentRow:
    """The same, with the sentence of what tells of health or a disability."""
    asked = _agreed(consent.purpose, consent.recipient, sensitive=True)
    return replace(asked, how=consent.how, witness=consent.witness)


def _birth(born: dt.date, dice: random.Random) -> PartialDate:
    """Some of the oldest know their year only."""
    if born.year < 1960 and dice.random() < 0.15:
        return PartialDate(born.year, april_year=born.year < 1941)
    return PartialDate.of(born)


def _education(age: int, dice: random.Random) -> str:
    if age < 6:
        return "none"
    if age < 12:
        return "below-primary"
    levels = ("none", "below-primary", "primary", "lower-secondary", "upper-secondary", "diploma", "bachelor")
    weights = (3, 12, 35, 22, 18, 4, 6) if age >= 45 else (1, 3, 15, 32, 33, 7, 9)
    return dice.choices(levels, weights)[0]
