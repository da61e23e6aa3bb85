"""What joining two records does, and what a joined record says beside, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from okat.city.core.registries import MERGE
from okat.city.core.templatetags.okat import baht
from okat.city.people.forms.fields import in_words
from okat.city.people.models import Person
from okat.city.people.queries.joining import differing, joined_of
from okat.city.people.queries.plain import codes_told
from okat.city.people.rules.told import FACTS, FIELDS
from okat.city.people.views.say import born
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import words

_LABELS = {
    "name": FACTS["given"], "nickname": FACTS["nickname"], "sex": FACTS["sex"], "birth": FACTS["birth"],
    "phone": FACTS["phone"], "pin": FACTS["pin"], "household": FACTS["house"], "papers": FIELDS["papers"],
    "education": FIELDS["education"], "occupation": FACTS["occupation"], "income": FIELDS["income"],
    "situations": FACTS["situations"],
}  # fmt: skip
_TERMS = {"education": Vocabulary.EDUCATION, "occupation": Vocabulary.OCCUPATION, "situations": Vocabulary.SITUATION}


@dataclass(frozen=True)
class Foretold:
    """Of one choice: the record that is kept, what it takes on, what stays beside, and what else follows."""

    keep: Person
    number: int
    added: list[str]
    second: list[str]
    follows: list[str]


def foretold(keep: Person, gone: Person, number: int, *, deep: bool) -> Foretold:
    """`deep`: whoever decides may see what is sensitive of both."""
    found = joined_of(keep, gone)
    follows = [line for _name, handler in MERGE for line in handler.foretell(gone.pk, keep.pk, deep=deep)]
    return Foretold(keep, number, _lines(gone, found.added), _lines(gone, found.second), follows)


def _lines(person: Person, facts: Iterable[str]) -> list[str]:
    """What is sensitive is not even named: whoever decides may not be one who may see it."""
    told = [(fact, _value(person, fact)) for fact in facts if fact != "disability"]
    return [f"{_LABELS[fact]}: {value}" for fact, value in told if value]


def beside(person: Person, joined: Iterable[Person]) -> list[tuple[str, str]]:
    """What joined records say otherwise than the record itself: label and value, each once. What is sensitive and the
    house are left to the record."""
    found = {
        (str(_LABELS[fact]), _value(other, fact))
        for other in joined
        for fact in differing(person, other)
        if fact != "household"
    }
    return sorted(found)


def _value(person: Person, fact: str) -> str:
    """As people read it. Of an identity number only that it is known."""
    if fact == "name":
        return person.full_name
    if fact == "birth":
        return born(person)
    if fact == "pin":
        return _("known, kept sealed")
    if fact == "income":
        return str(baht(person.income))
    if fact == "household":
        house = person.household
        return house.house if house is not None and house.house else _("the household of the other record")
    if fact in _TERMS:
        kept = getattr(person, fact)
        plain = codes_told(_TERMS[fact], kept, deep=False) if isinstance(kept, list) else [kept]
        known = words().called(_TERMS[fact], plain)
        return ", ".join(in_words(term) for term in known)
    shown = getattr(person, f"get_{fact}_display", None)
    return str(shown() if shown else getattr(person, fact))
