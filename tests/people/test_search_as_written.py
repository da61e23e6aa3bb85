"""Somebody is found by the name as a page writes it, and as people say it: with every title, however it is spelt."""

import re
from pathlib import Path

import pytest
from tests.people.conftest import City

import okat
from okat.city.people.models import Person
from okat.city.people.queries import search
from okat.thai.names import TITLES, untitled

SPELT = sorted({*TITLES, *(title.replace(".", "") for title in TITLES if len(title) > 2)})


@pytest.mark.parametrize("part", range(6))
def test_a_title_before_the_name_finds_nobody_less(city: City, part: int) -> None:
    person = city.pin("กล่องเปล่า", "ช่องว่าง")
    for title in SPELT[part::6]:
        for wish in (f"{title} กล่องเปล่า ช่องว่าง", f"{title} กล่อง"):
            assert search(city.teacher, wish) == [person], wish
        if title in TITLES and not title.isascii():
            assert search(city.teacher, f"{title}กล่องเปล่า") == [person], title


def test_as_the_page_writes_it_whatever_the_title(city: City) -> None:
    for title in sorted({*TITLES.values(), "ว่าที่ร.ต.", "ร.ต.หญิง", "ผศ.ดร.", "ผู้ใหญ่บ้าน", "กำนัน", "Sir"}):
        person = city.pin("กล่องเปล่า", "ช่องว่าง", title=title)
        for wish in (person.full_name, person.full_name.split(" ")[0]):
            assert person in search(city.teacher, wish), wish
        Person.objects.filter(pk=person.pk).delete()


def test_a_title_that_was_typed_into_the_name_hides_nobody(city: City) -> None:
    for given in ("นายกล่องเปล่า", "ด.ช.กล่องเปล่า", "นาย กล่องเปล่า"):
        person = city.pin(given, "ช่องว่าง")
        for wish in ("กล่องเปล่า", "นายกล่องเปล่า ช่องว่าง", "ด.ช. กล่องเปล่า", "ด. ช. กล่องเปล่า", "กล่องเปล่า ช่อง"):
            assert search(city.teacher, wish) == [person], (given, wish)
        Person.objects.filter(pk=person.pk).delete()


def test_a_name_that_begins_like_a_title_is_found_and_a_title_alone_opens_no_list(city: City) -> None:
    like = [city.pin(given, "ดี") for given in ("นางนวล", "คุณากร", "พระพาย", "นายิกา", "อาจารี")]
    city.pin("สมหมาย", "ดี", title="นาย")
    for person in like:
        assert search(city.teacher, person.given) == [person]
    for title in ("นาย", "นางสาว", "คุณ", "ด.ช."):
        assert not {person.given for person in search(city.teacher, title)} & {"สมหมาย"}
    assert untitled("สมชาย ใจดี") == []


def test_names_are_looked_up_in_one_place() -> None:
    """Every page that looks for a person by name asks `queries.search`; none looks through names by itself."""
    root = Path(okat.__file__).parent
    own = re.compile(r"\b(find|given|family|nickname|full_name)__(i?contains|i?startswith|i?regex|trigram\w*|search)\b")
    found = [path for path in root.rglob("*.py") if own.search(path.read_text())]
    assert [path.relative_to(root).as_posix() for path in found] == ["city/people/queries/search.py"]
