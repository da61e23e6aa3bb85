"""Every word of the city that a page shows is read back as itself, alone and in a list, whatever stands in it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.catalogue.conftest import SmallCity
from tests.catalogue.test_import_opportunities import workbook

from okat.city.core.kept import forget
from okat.city.partners.models import Partner
from okat.city.people.queries.imports import check
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import KEPT, Words, wording_key, words
from okat.files.office import guess_columns, listed, parse_rows, read_table

ODD = (
    ("odd-comma", "ตัด, เย็บ และปัก", "Cut, sew and embroider"),
    ("odd-slash", "ช่างไฟ/ช่างประปา", "Electrician / plumber"),
)


@pytest.fixture
def known(city: SmallCity) -> Words:
    for number, (code, th, en) in enumerate(ODD):
        Term.objects.create(vocabulary=Vocabulary.NEED, code=code, th=th, en=en, order=900 + number)
    Term.objects.create(vocabulary=Vocabulary.NEED, code="sew", th="เย็บ", en="sew", order=990, synonyms=["ฝึกอาชีพ"])
    forget(KEPT)
    return words()


def finder(known: Words, vocabulary: Vocabulary) -> Callable[[str], str | None]:
    found = known.by_wording(vocabulary)
    return lambda text: found.get(wording_key(text))


def read(text: str) -> tuple[str, ...]:
    """What the reader of tables hands on of one cell."""
    said = text.replace('"', '""')
    table = read_table(f'ชื่อ-สกุล,ความต้องการ\nนายสมชาย ใจดี,"{said}"\n'.encode(), "a.csv")
    (row,) = parse_rows(table, guess_columns(table, "people"), "people").rows
    return cast("tuple[str, ...]", row.values["needs"])


@pytest.mark.parametrize("vocabulary", [Vocabulary.NEED, Vocabulary.FORMAT, Vocabulary.SKILL, Vocabulary.OCCUPATION])
def test_every_word_is_itself_alone_and_in_lists(known: Words, vocabulary: Vocabulary) -> None:
    terms = [term for term in known.by_id.values() if term.vocabulary == vocabulary and term.active]
    assert len(terms) > 2
    find = finder(known, vocabulary)
    for place, term in enumerate(terms):
        for name, other in ((term.th, terms[place - 1].th), (term.en, terms[place - 1].en)):
            code, beside = term.code, terms[place - 1].code
            assert list(listed(read(name), find).values()) == [code], name
            for sign in (", ", "\n", "; ", " / ", " และ "):
                assert list(listed(read(f"{other}{sign}{name}"), find).values()) == [beside, code], (other, sign, name)


def test_a_name_goes_before_anothers_synonym_in_whatever_order(known: Words) -> None:
    def term(code: str, th: str, *synonyms: str) -> Any:
        return SimpleNamespace(vocabulary="need", active=True, code=code, th=th, en=code, synonyms=synonyms)

    both = [term("group", "อาชีพ", "ฝึกอาชีพ"), term("leaf", "ฝึกอาชีพ", "อาชีพ")]
    for order in (both, both[::-1]):
        said = Words(dict(enumerate(order)), {}).by_wording("need")
        assert (said["ฝึกอาชีพ"], said["อาชีพ"]) == ("leaf", "group")


def test_what_nobody_knows_stands_by_itself(known: Words) -> None:
    find = finder(known, Vocabulary.NEED)
    assert listed(["หางาน, อะไรก็ได้ และแก้หนี้"], find) == {"หางาน": "job", "อะไรก็ได้": None, "แก้หนี้": "debt"}


def test_the_reported_words_go_in_by_the_table(city: SmallCity) -> None:
    said = ["ฝึกอาชีพ", "ใช้มือถือและอินเทอร์เน็ตเป็น", "เบี้ยและสวัสดิการที่มีสิทธิ, หางาน"]
    rows = [[f"ทอผ้า {n}", "ในเมือง", need, "พูดและเขียนให้เข้าใจง่าย (ถามก่อน)", ""] for n, need in enumerate(said)]
    head = ["หลักสูตร", "ตำบล", "ตอบความต้องการด้าน", "การเข้าถึง: สื่อและเอกสาร", "หมายเหตุ"]
    done = check(
        workbook(rows, head), "ก.xlsx", "opportunities", Partner.objects.select_related("area").get(code="nfe")
    )
    assert [row.needs for row in done.ready] == [("skill-work",), ("digital",), ("allowance", "job")]
    assert not {"format_unknown", "need_unknown"} & {each.code for each in done.warnings}


TURNED = ["☐ {}", "✗ {}", "{} ❌", "{} ?", "ไม่มี{}", "[ ] {}", "{}: ✗", "{} (✗)", "{} (?)", "({})", "{} ไม่", "แม่{}"]


@pytest.mark.parametrize("vocabulary", [Vocabulary.NEED, Vocabulary.FORMAT, Vocabulary.SKILL, Vocabulary.OCCUPATION])
def test_no_word_is_read_through_what_stands_beside_it(known: Words, vocabulary: Vocabulary) -> None:
    find = finder(known, vocabulary)
    codes = known.by_wording(vocabulary)
    for term in known.by_id.values():
        for turned in TURNED if term.vocabulary == vocabulary and term.active else ():
            said = turned.format(term.th)
            if wording_key(said) not in codes:  # another word of the city may be called so
                assert find(said) is None, said
                parts = listed(read(said), find)
                assert len(parts) > 1 or term.code not in parts.values(), said


@pytest.mark.parametrize(
    "cell", ["☐ {}", "{} ✗", "✗ {}", "{}: ✗", "{} ?", "{} (✗)", "{} (?)", "ไม่มีลิฟต์และ{}", "{} และเบรลล์ไม่มี"]
)
def test_a_marked_format_is_no_answer_that_it_is_there(city: SmallCity, cell: str) -> None:
    head = ["หลักสูตร", "ตำบล", "การเข้าถึง: สื่อและเอกสาร", "หมายเหตุ", "วิทยากร"]
    said = "พูดและเขียนให้เข้าใจง่าย"
    partner = Partner.objects.select_related("area").get(code="nfe")
    plain, marked = (
        check(workbook([["ทอผ้า", "ในเมือง", each, "", ""]], head), "ก.xlsx", "opportunities", partner)
        for each in (said, cell.format(said))
    )
    assert plain.ready[0].access != marked.ready[0].access
    assert "format_unknown" in {each.code for each in marked.warnings}
