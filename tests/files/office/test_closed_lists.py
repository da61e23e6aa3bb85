"""What stands beside a word of a closed list makes another thing of it: no word of any list is read through it."""

from collections.abc import Iterator
from typing import Any

import pytest

from okat.files.office import KINDS, Field, OfficeError, vocabulary
from okat.files.office.closed import code_of
from okat.files.office.headings import sure
from okat.files.office.values import READERS, Context, read_cell

CLOSED = {"choice", "choices", "tick", "yesno", "consent", "refusal"}
BEFORE = [
    "ไม่", "ไม่มี", "ไม่ได้", "ไม่ใช่", "มิใช่", "ไร้", "แม่", "พ่อ", "ลูก", "บิดา", "สามี", "ญาติ", "เคย", "อาจ", "สงสัย", "น่าจะ",
    "รอ", "ยังไม่", "?", "✗", "✘", "☐", "□", "❌", "[ ]", "( )", "not", "no ", "mother ", "~", "<", "≠", "-", "x ", "0 ",
]  # fmt: skip
BEHIND = [
    "?", "??", "…", " ✗", "❌", "☐", "□", "[ ]", "( )", "(?)", " ไม่", "ไม่ได้", " ไม่มี", "(ไม่)", "(แม่)", " ของลูก", " รอ",
    " หรือไม่", "มั้ง", " not", " no", "/ไม่ใช่", " - ไม่ใช่", ", ไม่มี", ": ไม่", "=0", "!?", " ไม่แน่ใจ",
]  # fmt: skip
CELLS_OF_CONSENT = [
    "☐ ยินยอม", "( ) ยินยอม", "✗ ยินยอม", "ยินยอม ❌", "□ ยินยอม", "ยินยอม ?", "[ ] ยินยอม", "ใช่?", "yes?", "1?", "☐ใช่",
    "ยินยอม✗", "ยินยอม!", "ยินยอม/", "“ยินยอม”", "o ยินยอม", "○ ยินยอม", "◯ยินยอม", "⬜ ยินยอม", "🚫ยินยอม", "~ใช่~", "ok?",
]  # fmt: skip


def closed() -> Iterator[tuple[str, Field]]:
    for kind in KINDS:
        for field in vocabulary(kind).fields.values():
            if field.type in CLOSED:
                yield kind, field


def read(field: Field, cell: Any) -> Any:
    """What the cell fills in: None where it is refused."""
    try:
        return read_cell(cell, field, Context())
    except OfficeError:
        return None


def words_of(field: Field) -> dict[str, Any]:
    """Every word that the field understands, with what it says."""
    if field.choices is not None:
        read_as = {word: read(field, word) for word in field.choices.said}
        return {word: said for word, said in read_as.items() if said and any(said.values())}
    terms = ["ใช่", "มี", "ได้", "yes", "y", "true", "1", "ยินยอม", "ให้ความยินยอม", "อนุญาต", "ตกลง", "agree", "✓", "/", "☑"]
    return {word: said for word in terms if (said := read(field, word))}


@pytest.mark.parametrize(("kind", "field"), [pytest.param(*each, id=f"{each[0]}-{each[1].name}") for each in closed()])
def test_no_word_of_a_closed_list_is_read_through_what_stands_beside_it(kind: str, field: Field) -> None:
    words = words_of(field)
    assert words, kind
    for word, said in words.items():
        beside = [before + word for before in BEFORE] + [word + behind for behind in BEHIND]
        for cell in beside:
            got = read(field, cell)
            listed = field.choices is not None and code_of(cell, field.choices) not in (None, "?")
            assert not got or listed or got != said, (field.name, cell, got)
            if listed and field.choices is not None and cell not in field.choices.said:
                raise AssertionError((field.name, cell))  # known only by what is alike


def test_every_type_of_field_is_looked_at() -> None:
    """A new type that reads from a closed list belongs into the walk above."""
    free = set(READERS) - CLOSED
    assert not {field.type for kind in KINDS for field in vocabulary(kind).fields.values() if field.choices} & free


@pytest.mark.parametrize("cell", CELLS_OF_CONSENT)
@pytest.mark.parametrize("name", ["consent", "consent_sensitive"])
def test_a_yes_is_only_what_stands_in_the_list(name: str, cell: str) -> None:
    with pytest.raises(OfficeError) as unclear:
        read_cell(cell, vocabulary("people").field(name), Context())
    assert unclear.value.code == "consent_unclear"


@pytest.mark.parametrize("cell", ["ยินยอม.", " ยินยอม ", "ยิน ยอม", "ยินยอม\u200b", "YES", "Yes.", "ให้ความยินยอม", "๑"])
def test_spaces_and_a_full_stop_change_nothing(cell: str) -> None:
    assert read_cell(cell, vocabulary("people").field("consent"), Context()) == {"consent": True}


@pytest.mark.parametrize(
    "cell",
    ["ไม่รองรับรถเข็น", "รถเข็นเข้าถึงไม่ได้", "ไม่มีล่ามภาษามือ", "ไม่มีคำบรรยายเป็นตัวหนังสือ", "ไม่มีคนดูแลเด็ก", "ไม่มีเสียงให้ฟัง",
     "เอกสารไม่อ่านง่าย", "มิลิฟต์", "ทางลาด: ไม่มี", "☐ ทางลาด", "ทางลาด ✗"],
)  # fmt: skip
def test_what_cannot_be_used_is_never_published_as_usable(cell: str) -> None:
    with pytest.raises(OfficeError) as refused:
        read_cell(cell, vocabulary("opportunities").field("formats"), Context())
    assert refused.value.code in {"choice_like", "choice_unknown"}


@pytest.mark.parametrize(
    ("cell", "may_be"),
    [("ไม่พิการทางการเห็น", "ทางการเห็น"), ("แม่พิการทางการเห็น", "ทางการเห็น"), ("ลูกพิการทางสติปัญญา", "ทางสติปัญญา"),
     ("พิการทางสติปัญา", "ทางสติปัญญา"), ("ออทิสติค", "ออทิสติก"), ("หูหนวด", "ทางการได้ยินหรือสื่อความหมาย")],
)  # fmt: skip
def test_a_disability_is_never_guessed_and_the_word_is_named(cell: str, may_be: str) -> None:
    with pytest.raises(OfficeError) as refused:
        read_cell(cell, vocabulary("people").field("disabilities"), Context())
    assert (refused.value.code, may_be in refused.value.message("th")) == ("choice_like", True)


@pytest.mark.parametrize("cell", ["ทางการเห็น, ไม่มี", "ไม่พิการ / ทางการเห็น", "ทางการเห็น - ไม่ใช่"])
def test_a_word_and_that_there_is_none(cell: str) -> None:
    with pytest.raises(OfficeError) as refused:
        read_cell(cell, vocabulary("people").field("disabilities"), Context())
    assert refused.value.code == "choice_torn"


@pytest.mark.parametrize(
    ("kind", "name", "cell", "code"),
    [("people", "education", "ปริญาตรี", "bachelor"), ("people", "education", "มัธยมศึกษาตอนตัน", "lower_secondary"),
     ("people", "education", "ปริญญษตรี", "bachelor"), ("opportunities", "kind", "เงินกุ้ยืม", "loan"),
     ("opportunities", "kind", "หลักสูตรอาชืพ", "occupational_course"), ("opportunities", "kind", "จ้างงน", None),
     ("people", "education", "ประถมศึกษาปีที่ 5", None), ("people", "education", "มัธยมศึกษาปีที่ 4", None)],
)  # fmt: skip
def test_one_letter_may_slip_but_no_number(kind: str, name: str, cell: str, code: str | None) -> None:
    choices = vocabulary(kind).field(name).choices
    assert choices is not None
    assert code_of(cell, choices) in ({code} if code else {None, "job"})


@pytest.mark.parametrize("heading", ["ทางลาด ✗", "❌ มีลิฟต์", "ทางลาด (×)", "ไม่มีลิฟต์", "ไม่มีคำบรรยาย", "รถเข็นเข้าถึงไม่ได้"])
def test_a_heading_with_a_no_is_no_column_of_ticks(heading: str) -> None:
    ticks = [field for field in vocabulary("opportunities").fields.values() if field.type == "tick"]
    assert [field.name for field in ticks if sure(heading, field) > 0.9] == []
