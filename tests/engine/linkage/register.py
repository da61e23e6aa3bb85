"""A made register of whole households and of the ways in which its persons are typed a second time.

Deterministic from a seed. Rates are assumptions, stated here so that they can be argued with: none is measured
on real people. Names come from the lists of PyThaiNLP, drawn by Zipf's law.
"""

import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from pythainlp.corpus.common import thai_family_names, thai_female_names, thai_male_names

from okat.engine.linkage import UNKNOWN, Birth, PersonKey

THIS_YEAR = 2026
HOUSEHOLD_SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9)
SIZE_WEIGHTS = (20, 22, 20, 16, 10, 6, 3, 2, 1)
WITHOUT_PIN = 0.35
HOMOPHONES = ("ณน", "ศษสซ", "ฎด", "ฏต", "ฐถ", "ฑทธฒ", "ภพ", "ญย", "ฬล", "ฌช", "ฆคข", "รล", "ผพ", "ใไ")
VOWELS = ("ิี", "ึื", "ุู", "ะา", "เแ")
TONES = "่้็์"
CONSONANTS = "กขคงจชดตทนบปพมยรลวสหอ"


@dataclass(frozen=True)
class Register:
    """`people[i]` lives in household `home[i]`; people of one household stand together."""

    people: tuple[PersonKey, ...]
    home: tuple[int, ...]


class Names:
    """Draws names by Zipf's law: the k-th most common name is drawn in proportion to 1 / (k + shift)."""

    def __init__(self, rng: random.Random, shift: int = 8) -> None:
        self.rng = rng
        self.lists = {}
        self.sorted = {}
        for kind, found in (
            ("m", thai_male_names()),
            ("f", thai_female_names()),
            ("family", thai_family_names()),
        ):
            names = sorted(found)
            self.sorted[kind] = list(names)
            rng.shuffle(names)
            self.lists[kind] = (names, list(accumulate(1 / (k + shift) for k in range(1, len(names) + 1))))

    def draw(self, kind: str) -> str:
        names, heaped = self.lists[kind]
        return self.rng.choices(names, cum_weights=heaped)[0]

    def starting(self, kind: str, opening: str) -> list[str]:
        names = self.sorted[kind]
        return names[bisect_left(names, opening) : bisect_left(names, opening + "\U0010ffff")]


def make_register(persons: int, seed: int) -> Register:
    """Households of one to nine that share family name, house and telephone, until there are `persons`."""
    rng = random.Random(seed)
    names = Names(rng)
    people: list[PersonKey] = []
    home: list[int] = []
    number = 0
    while len(people) < persons:
        members = list(_household(rng, names, number))[: persons - len(people)]
        people.extend(members)
        home.extend([number] * len(members))
        number += 1
    return Register(tuple(people), tuple(home))


def _household(rng: random.Random, names: Names, number: int) -> Iterator[PersonKey]:
    size = rng.choices(HOUSEHOLD_SIZES, SIZE_WEIGHTS)[0]
    family = names.draw("family")
    house = "" if rng.random() < 0.1 else f"{4000 + number % 199}-{number // 199}/{rng.randint(1, 99)}"
    phone = "" if rng.random() < 0.25 else f"08{rng.randint(0, 99_999_999):08d}"
    head = THIS_YEAR - rng.randint(24, 88)
    siblings: list[PersonKey] = []
    for place in range(size):
        sex = rng.choice("mf")
        if place == 1 and siblings:
            sex = "f" if siblings[0].sex == "m" else "m"
        year = _year(rng, place, head)
        twin = place > 2 and rng.random() < 0.012
        born = siblings[-1].birth if twin else _birth(rng, year)
        given = _given(rng, names, sex, siblings if place > 2 else [])
        shares_name = place != 1 or rng.random() < 0.85
        person = PersonKey(
            given=given,
            family=family if shares_name and rng.random() < 0.93 else names.draw("family"),
            birth=born,
            sex=sex,
            house=house,
            phone=phone if rng.random() < 0.85 else f"09{rng.randint(0, 99_999_999):08d}",
            pin="" if rng.random() < WITHOUT_PIN else f"{rng.getrandbits(64):016x}",
        )
        siblings.append(person)
        yield person


def _year(rng: random.Random, place: int, head: int) -> int:
    if place == 0:
        return head
    if place == 1:
        return head + rng.randint(-5, 8)
    if rng.random() < 0.12:
        return max(1925, head - rng.randint(19, 38))
    return min(THIS_YEAR, head + rng.randint(18, 42))


def _birth(rng: random.Random, year: int) -> Birth:
    luck = rng.random()
    if luck < 0.06:
        return Birth(year)
    if luck < 0.09:
        return Birth(year, 1, 1)
    return Birth(year, rng.randint(1, 12), rng.randint(1, 28))


def _given(rng: random.Random, names: Names, sex: str, siblings: list[PersonKey]) -> str:
    """One child in six is given the opening of a sibling's name, as many families do."""
    drawn = names.draw(sex)
    if not siblings or rng.random() > 0.16:
        return drawn
    model = siblings[-1].given
    opening = model[: max(2, len(model) // 2)]
    alike = [name for name in names.starting(sex, opening) if name != model]
    return rng.choice(alike) if alike else drawn


def slip(rng: random.Random, name: str) -> str:
    """One misspelling: a homophone, a vowel sign, a tone mark, a letter lost, wrong or too early."""
    kinds = [_homophone, _vowel, _tone, _homophone, _vowel, _tone, _lost, _wrong, _early]
    for kind in rng.sample(kinds, len(kinds)):
        changed = kind(rng, name)
        if changed != name and changed:
            return changed
    return name


def _swap(rng: random.Random, name: str, groups: tuple[str, ...]) -> str:
    places = [(i, group) for i, c in enumerate(name) for group in groups if c in group]
    if not places:
        return name
    i, group = rng.choice(places)
    return name[:i] + rng.choice([c for c in group if c != name[i]]) + name[i + 1 :]


def _homophone(rng: random.Random, name: str) -> str:
    return _swap(rng, name, HOMOPHONES)


def _vowel(rng: random.Random, name: str) -> str:
    return _swap(rng, name, VOWELS)


def _tone(rng: random.Random, name: str) -> str:
    marks = [i for i, c in enumerate(name) if c in TONES]
    if marks:
        i = rng.choice(marks)
        return name[:i] + name[i + 1 :]
    stems = [i for i, c in enumerate(name) if "ก" <= c <= "ฮ"]
    if not stems:
        return name
    i = rng.choice(stems)
    return name[: i + 1] + rng.choice(TONES) + name[i + 1 :]


def _lost(rng: random.Random, name: str) -> str:
    i = rng.randrange(len(name)) if name else 0
    return name[:i] + name[i + 1 :]


def _wrong(rng: random.Random, name: str) -> str:
    stems = [i for i, c in enumerate(name) if "ก" <= c <= "ฮ"]
    if not stems:
        return name
    i = rng.choice(stems)
    return name[:i] + rng.choice(CONSONANTS) + name[i + 1 :]


def _early(rng: random.Random, name: str) -> str:
    if len(name) < 3:
        return name
    i = rng.randrange(1, len(name) - 1)
    return name[:i] + name[i + 1] + name[i] + name[i + 2 :]


def misspell(rng: random.Random, name: str, rate: float) -> str:
    """With `rate`, one slip; in a quarter of those, two."""
    if rng.random() >= rate:
        return name
    name = slip(rng, name)
    return slip(rng, name) if rng.random() < 0.25 else name


def retype(rng: random.Random, names: Names, person: PersonKey, *, pin: bool = True) -> PersonKey:
    """The person as another worker types them some years later."""
    given, family = misspell(rng, person.given, 0.35), misspell(rng, person.family, 0.3)
    if rng.random() < 0.05:
        given = names.draw(person.sex)
    married = rng.random() < (0.12 if person.sex == "f" else 0.01)
    if married:
        family = names.draw("family")
    if rng.random() < 0.005:
        given, family = family, given
    moved = rng.random() < (0.5 if married else 0.1)
    return replace(
        person,
        given=given,
        family="" if rng.random() < 0.01 else family,
        birth=_rebirth(rng, person.birth),
        sex=person.sex if rng.random() > 0.005 else "mf"[person.sex == "m"],
        house="" if rng.random() < 0.2 else f"moved-{rng.getrandbits(32)}" if moved else person.house,
        phone=_rephone(rng, person.phone, moved),
        pin=person.pin if pin and rng.random() > 0.15 else "",
    )


def _rebirth(rng: random.Random, birth: Birth) -> Birth:
    luck = rng.random()
    if birth.year is None or luck < 0.03:
        return UNKNOWN
    if luck < 0.13:
        return Birth(birth.year)
    if luck < 0.16:
        return Birth(birth.year + rng.choice((-1, 1)), birth.month, birth.day)
    if birth.month is None or birth.day is None:
        return birth
    if luck < 0.2 and birth.day <= 12:
        return Birth(birth.year, birth.day, birth.month)
    if luck < 0.23:
        return Birth(birth.year, birth.month, rng.randint(1, 28))
    return birth


def _rephone(rng: random.Random, phone: str, moved: bool) -> str:
    luck = rng.random()
    if luck < 0.3:
        return ""
    return f"06{rng.randint(0, 99_999_999):08d}" if luck < 0.45 or moved else phone


def newcomer(rng: random.Random, names: Names, relative: PersonKey) -> PersonKey:
    """A person who is not in the register but lives with someone who is: a brother, sister or cousin."""
    sex = rng.choice("mf")
    year = (relative.birth.year or 1990) + rng.randint(-8, 8)
    return replace(
        relative,
        given=_given(rng, names, sex, [relative]),
        sex=sex,
        birth=_birth(rng, min(THIS_YEAR, year)),
        pin="" if rng.random() < WITHOUT_PIN else f"{rng.getrandbits(64):016x}",
    )
