"""The printed certificate, read by PDFium (the reader inside Chromium), which shares nothing with what wrote it."""

import ctypes
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from okat.files.papers import Both, Sheet, certificate_pdf

LINK = "https://okat.example/learning/verify/"
SHEET = Sheet(
    heading=Both("ใบรับรองการเรียน", "Learning certificate"), learner="น้ำผึ้ง ปั้นดินเผา",
    completed=Both("เรียนจบ", "completed"),
    title=Both("ทอผ้าไหม “มัดหมี่” #ตำบลน้ำพอง 60 ชั่วโมง", "Silk *weaving*"), provider=Both("ศูนย์ส่งเสริมการเรียนรู้", "Centre"),
    facts=((Both("เกณฑ์", "Rule"), Both("ครั้งที่จัด ร้อยละ 80")),), check=Both("สแกนภาพนี้", "Scan this"), alt="คิวอาร์โค้ด",
    link=f"{LINK}?number=7", shown=LINK, at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
)  # fmt: skip
# Each consonant of Thai that takes marks, with each vowel sign and each tone: where a mark is raised, a run may break.
SYLLABLES = [
    f"{c}{v}{t}" for c in "กขชญฎฐนปผฝฟรศส" for v in ("", "ิ", "ี", "ึ", "ื", "ั", "ุ", "ู") for t in ("", "่", "้", "๊", "๋", "์")
]


@pytest.fixture
def read() -> Iterator[Any]:
    opened: list[Any] = []

    def reading(sheet: Sheet) -> Any:
        opened.append(pypdfium2.PdfDocument(certificate_pdf(sheet)))
        return opened[-1]

    yield reading
    for document in opened:
        document.close()


def text(document: Any) -> str:
    return str(document[0].get_textpage().get_text_range())


def tags(document: Any) -> list[tuple[str, str]]:
    """(type, words for whoever cannot see it) of each part, in the order of reading."""
    page = document[0]  # while it is held, the tree stands
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    found: list[tuple[str, str]] = []

    def said(ask: Any, part: Any) -> str:
        room = ctypes.create_string_buffer(1000)
        length = ask(part, room, 1000)
        return room.raw[: max(0, length - 2)].decode("utf-16-le")

    def walk(part: Any) -> None:
        found.append((said(pdfium.FPDF_StructElement_GetType, part), said(pdfium.FPDF_StructElement_GetAltText, part)))
        for number in range(pdfium.FPDF_StructElement_CountChildren(part)):
            child = pdfium.FPDF_StructElement_GetChildAtIndex(part, number)
            if child:
                walk(child)

    for number in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        walk(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number))
    pdfium.FPDF_StructTree_Close(tree)
    return found


def test_it_is_tagged_with_a_heading_and_words_for_the_picture(read: Any) -> None:
    document = read(SHEET)
    assert pdfium.FPDFCatalog_IsTagged(document.raw)
    assert len(document) == 1
    assert document.get_metadata_dict()["Title"] == "ใบรับรองการเรียน: น้ำผึ้ง ปั้นดินเผา"
    found = tags(document)
    assert ("H1", "") in found
    assert ("Figure", "คิวอาร์โค้ด") in found


def test_its_thai_is_read_out_as_it_was_written(read: Any) -> None:
    said = text(read(SHEET))
    for words in (SHEET.learner, SHEET.title.th, SHEET.title.en, SHEET.provider.th, "ครั้งที่จัด ร้อยละ 80", LINK):
        assert words in said


def test_no_syllable_is_lost_or_said_twice(read: Any) -> None:
    said = text(read(Sheet(**{**SHEET.__dict__, "title": Both(" ".join(SYLLABLES))})))
    assert "".join(SYLLABLES) in "".join(said.split())  # this reader guesses the spaces from where the marks stand


def test_the_same_certificate_gives_the_same_file() -> None:
    assert certificate_pdf(SHEET) == certificate_pdf(SHEET)
