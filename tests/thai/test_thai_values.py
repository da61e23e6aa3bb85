"""Numbers, identity numbers, telephones, names, areas."""

import contextlib
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.th import pin as stdnum_pin

from okat.thai.areas import AreaCode, area_name, find_subdistricts, parse_area_code
from okat.thai.errors import ThaiValueError
from okat.thai.names import normal_title, split_name
from okat.thai.numbers import (
    Amount,
    Span,
    format_baht,
    is_unlimited,
    parse_amount,
    parse_baht,
    parse_count,
    parse_hours,
    parse_percent,
    parse_span,
)
from okat.thai.phone import parse_phone, parse_phones
from okat.thai.pin import parse_pin


@pytest.mark.parametrize(
    ("text", "baht"),
    [
        ("1,500 บาท", 1500), ("๑,๕๐๐.-", 1500), ("1500.-", 1500), ("1,500.00", 1500), ("฿1,500", 1500),
        ("2 หมื่นบาท", 20000),
        ("1.5 ล้านบาท", 1500000), ("ฟรี", 0), ("ไม่มีค่าใช้จ่าย", 0), ("ไม่เสียค่าใช้จ่าย", 0), ("Free",
        0), ("เรียนฟรี", 0), (1500, 1500),
        (1500.0, 1500), ("1,500 บาทถ้วน", 1500), ("300.50", "300.50"), (0.1, "0.1"), ("1,500บาท", 1500),
    ],
)  # fmt: skip
def test_baht(text: object, baht: object) -> None:
    assert parse_baht(text) == Decimal(str(baht))


@pytest.mark.parametrize("blank", ["", "-", "–", None, "  ", "ไม่ระบุ"])
def test_nothing_stated_is_not_free(blank: object) -> None:
    assert parse_amount(blank) is None
    assert parse_count(blank) is None
    assert parse_hours(blank) is None
    assert parse_span(blank) is None
    assert parse_percent(blank) is None


def test_an_amount_keeps_what_it_is_for() -> None:
    assert parse_amount("100 บาท/วัน") == Amount(Decimal(100), "day")
    assert parse_amount("3,000 บาทต่อเดือน") == Amount(Decimal(3000), "month")


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (parse_amount, "500-1,000 บาท", "number_range"),
        (parse_amount, "ติดต่อสอบถาม", "number_unreadable"),
        (parse_amount, "-500", "number_negative"),
        (parse_amount, "1,50", "number_unreadable"),
        (parse_amount, "9" * 20, "number_too_large"),
        (parse_amount, float("nan"), "number_unreadable"),
        (parse_amount, True, "number_unreadable"),
        (parse_count, "2.5 คน", "number_not_whole"),
        (parse_count, "20-30 คน", "number_range"),
        (parse_hours, "ห้าชั่วโมง", "number_unreadable"),
        (parse_span, "60-18", "span_reversed"),
        (parse_span, "ผู้ใหญ่", "number_unreadable"),
    ],
)
def test_numbers_that_cannot_be_read(read: Callable[[object], object], text: object, code: str) -> None:
    with pytest.raises(ThaiValueError) as caught:
        read(text)
    assert caught.value.code == code


def test_counts_hours_percentages_and_spans() -> None:
    assert [parse_count(t) for t in ("30 คน", 30, 30.0, "๓๐ ราย", "จำนวน 30 คน", "1,200 คน")] == [
        30,
        30,
        30,
        30,
        30,
        1200,
    ]
    assert [parse_hours(t) for t in ("30 ชม.", "30 ชั่วโมง", 30, "90 นาที", "1 ชม. 30 นาที", "๓๐ ชม")] == [
        30, 30, 30, Decimal("1.5"), Decimal("1.5"), 30,
    ]  # fmt: skip
    assert [parse_percent(t) for t in ("80%", "ร้อยละ 80", "๘๐ %", 80)] == [80] * 4
    assert parse_span("18-60 ปี") == Span(18, 60)
    assert parse_span("อายุ ๑๘ ปี ถึง 60 ปี") == Span(18, 60)
    assert parse_span("60 ปีขึ้นไป") == parse_span("อายุ 60 ปีบริบูรณ์ขึ้นไป") == parse_span("60+") == Span(60, None)
    assert parse_span("ไม่เกิน 35 ปี") == Span(None, 35)
    assert parse_span("ไม่จำกัด") == Span(None, None)
    assert parse_span(18) == Span(18, 18)
    assert is_unlimited("ไม่จำกัดจำนวน")
    assert not is_unlimited("30")


@given(st.decimals(0, 10**9, places=2))
@settings(deadline=None)
def test_baht_go_there_and_back(amount: Decimal) -> None:
    assert parse_baht(format_baht(amount)) == amount
    assert parse_baht(format_baht(amount, thai_digits=True)) == amount
    assert parse_baht(format_baht(amount, "en")) == amount


READERS: tuple[Callable[[object], object], ...] = (
    parse_amount,
    parse_count,
    parse_hours,
    parse_percent,
    parse_span,
    parse_pin,
    parse_phone,
    parse_phones,
    parse_area_code,
)


@given(
    st.text(max_size=40) | st.text("0123456789,.- บาทคนชม/", max_size=25) | st.floats() | st.integers() | st.booleans()
)
@settings(deadline=None, max_examples=300)
def test_readers_never_crash(value: object) -> None:
    for read in READERS:
        with contextlib.suppress(ThaiValueError):
            read(value)


def valid_pin(first: str = "1") -> str:
    body = f"{first}40990001234"
    return body + str(stdnum_pin.calc_check_digit(body + "0"))


def test_identity_numbers_and_their_flags() -> None:
    good = valid_pin()
    wrong = good[:-1] + str((int(good[-1]) + 1) % 10)
    assert parse_pin(good).flags == frozenset()
    assert parse_pin(wrong).flags == {"check_digit"}
    assert parse_pin(valid_pin("0")).flags == {"first_digit_0"}
    assert parse_pin(int(good)).digits == parse_pin(float(good)).digits == good
    dashed = parse_pin(good).formatted()
    assert parse_pin(dashed).digits == good
    assert parse_pin(good).masked() == f"x-xxxx-xxxxx-{good[10:12]}-{good[12]}"


@pytest.mark.parametrize(
    ("value", "code"),
    [("123", "pin_length"), ("1.2346E+12", "pin_scientific"), ("abc", "pin_characters"), (1.5,
    "pin_characters"), ("", "pin_length")],
)  # fmt: skip
def test_malformed_identity_numbers(value: object, code: str) -> None:
    with pytest.raises(ThaiValueError) as caught:
        parse_pin(value)
    assert caught.value.code == code
    assert str(value) not in str(caught.value) or not value


@given(st.from_regex(r"(?!(.)\1{12})[0-9]{13}", fullmatch=True))
@settings(deadline=None)
def test_the_check_digit_agrees_with_stdnum(digits: str) -> None:
    assert (not parse_pin(digits).flags - {"zeros"}) == stdnum_pin.is_valid(digits)


@pytest.mark.parametrize(
    ("text", "number", "shown"),
    [
        ("081-234-5678", "0812345678", "081-234-5678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "0812345678", "081-234-5678"),
        ("+66 81 234 5678", "0812345678", "081-234-5678"),
        ("+66 (0)81 234 5678", "0812345678", "081-234-5678"),
        (812345678, "0812345678", "081-234-5678"),
        (812345678.0, "0812345678", "081-234-5678"),
        ("โทร. 043-123456 ต่อ 12", "043123456", "043-123-456 ต่อ 12"),
        ("0-2123-4567", "021234567", "02-123-4567"),
        ("1300", "1300", "1300"),
    ],
)
def test_telephones(text: object, number: str, shown: str) -> None:
    phone = parse_phone(text)
    assert (phone.number, phone.formatted()) == (number, shown)
    assert phone.zero_added == (not isinstance(text, str))
    assert phone.e164 == (None if number == "1300" else f"+66{number[1:]}")


def test_several_telephones_in_one_cell() -> None:
    found = parse_phones("081-234-5678, 043-123456 หรือ 0898765432")
    assert [p.number for p in found] == ["0812345678", "043123456", "0898765432"]
    for bad in ("12345", "081-234-567", "ไม่มี"):
        with pytest.raises(ThaiValueError, match="telephone"):
            parse_phones(bad)


@pytest.mark.parametrize(
    ("text", "title", "given", "family"),
    [
        ("นายสมชาย ใจดี", "นาย", "สมชาย", "ใจดี"),
        ("น.ส. มาลี  ศรีสุข", "นางสาว", "มาลี", "ศรีสุข"),
        ("นางสาวมาลี ศรีสุข", "นางสาว", "มาลี", "ศรีสุข"),
        ("นาง มาลี", "นาง", "มาลี", ""),
        ("ด.ช.ก้อง ทองดี", "เด็กชาย", "ก้อง", "ทองดี"),
        ("พ.ต.ท.หญิง มาลี ศรีสุข", "พ.ต.ท.หญิง", "มาลี", "ศรีสุข"),
        ("ว่าที่ ร.ต. สมชาย ใจดี", "ว่าที่ร.ต.", "สมชาย", "ใจดี"),
        ("ผศ.ดร.สมชาย ใจดี", "ผศ.ดร.", "สมชาย", "ใจดี"),
        ("พระครูสมุห์ สมชาย", "พระครูสมุห์", "สมชาย", ""),
        ("พระพาย ลมดี", "", "พระพาย", "ลมดี"),
        ("นางาม ดีจริง", "", "นางาม", "ดีจริง"),
        ("นายิกา แก้วใส", "", "นายิกา", "แก้วใส"),
        ("สมชาย ณ อยุธยา", "", "สมชาย", "ณ อยุธยา"),
        ("Mr. John Smith", "Mr.", "John", "Smith"),
        ("นายแพทย์สมชาย ใจดี", "นพ.", "สมชาย", "ใจดี"),
        ("นายแพ ทองดี", "นาย", "แพ", "ทองดี"),
    ],
)
def test_names(text: str, title: str, given: str, family: str) -> None:
    name = split_name(text)
    assert (name.title, name.given, name.family, name.doubtful) == (title, given, family, False)


def test_names_that_a_person_should_look_at() -> None:
    assert split_name("นาย สมชาย ใจดี มีสุข").doubtful
    assert not split_name("สมชาย ศรีสุข ณ นคร").doubtful
    assert split_name("น.ส. มาลี ศรีสุข").full() == "นางสาวมาลี ศรีสุข"
    assert normal_title("ด.ญ") == "เด็กหญิง"
    assert normal_title("ท้าว") == "ท้าว"
    with pytest.raises(ThaiValueError, match="no name"):
        split_name("  ")


@given(st.text(max_size=40) | st.text("นายงสาว. ด.ญ.()กข ", max_size=20))
@settings(deadline=None)
def test_a_name_has_a_given_name_or_is_refused(text: str) -> None:
    with contextlib.suppress(ThaiValueError):
        assert split_name(text).given


def test_area_codes() -> None:
    village = parse_area_code("40010105")
    assert village.level == "village"
    assert village.parent == AreaCode("400101")
    assert village.within(AreaCode("40"))
    assert AreaCode("40").parent is None
    assert parse_area_code("TH4001").code == parse_area_code(4001.0).code == "4001"
    for bad in ("4", "400", "ก1", "４0", ""):
        with pytest.raises(ThaiValueError, match="area code"):
            parse_area_code(bad)


def test_area_names_come_from_the_official_list() -> None:
    assert area_name(AreaCode("40")) == "ขอนแก่น"
    assert area_name(AreaCode("40"), "en") == "Khon Kaen"
    assert area_name(AreaCode("99")) is None
    assert area_name(AreaCode("40010105")) is None
    sila = find_subdistricts("ต.ศิลา", district="เมืองขอนแก่น", province="ขอนแก่น")
    assert [area_name(code) for code in sila] == ["ศิลา"]
    assert sila[0].within(AreaCode("4001"))
    assert find_subdistricts("ไม่มีตำบลนี้") == []


@pytest.mark.parametrize("typed", [1234500000000.0, 1234500000000, "1-2345-00000-00-0", "๑๒๓๔๕๐๐๐๐๐๐๐๐"])
def test_a_number_whose_last_digits_a_spreadsheet_lost_is_flagged(typed: object) -> None:
    assert "zeros" in parse_pin(typed).flags
    assert not {"zeros"} & parse_pin("1-1001-00000-01-0").flags


@pytest.mark.parametrize("digit", range(10))
def test_one_digit_thirteen_times_is_nobodys_number(digit: int) -> None:
    with pytest.raises(ThaiValueError) as refused:
        parse_pin(str(digit) * 13)
    assert refused.value.code == "pin_one_digit"
