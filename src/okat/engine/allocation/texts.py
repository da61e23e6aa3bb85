"""What people read: each code's sentence and how to mend it, in English and Thai."""

from typing import Any, NamedTuple


class Text(NamedTuple):
    en: str
    th: str
    mend_en: str = ""
    mend_th: str = ""


PROBLEM = {
    "empty": Text("there is no identifier", "ไม่มีรหัส", "give every row an identifier", "ใส่รหัสให้ครบทุกแถว"),
    "too-long": Text(
        "the identifier is longer than {limit} characters",
        "รหัสยาวเกิน {limit} ตัวอักษร",
        "use a shorter identifier",
        "ใช้รหัสที่สั้นกว่านี้",
    ),
    "invisible": Text(
        "{value!r} has a space at its edge or a character that nobody can see",
        "{value!r} มีช่องว่างที่หัวหรือท้าย หรือมีอักขระที่มองไม่เห็น",
        "remove it, so that two identifiers that look equal are equal",
        "ลบออก เพื่อให้รหัสที่เห็นว่าเหมือนกันเป็นรหัสเดียวกันจริง",
    ),
    "not-normal": Text(
        "{value!r} writes its marks in an unusual order (it is not in Unicode form NFC)",
        "{value!r} เรียงสระหรือวรรณยุกต์ผิดรูปแบบมาตรฐาน (ไม่ใช่ Unicode NFC)",
        "type the identifier again",
        "พิมพ์รหัสใหม่",
    ),
    "duplicate-id": Text(
        "{value!r} stands here a second time",
        "รหัส {value!r} ซ้ำกับแถวก่อนหน้า",
        "remove one of the two rows or correct its identifier",
        "ลบแถวใดแถวหนึ่ง หรือแก้รหัสให้ถูกต้อง",
    ),
    "capacity-range": Text(
        "the capacity {value} is not between 0 and {limit}",
        "จำนวนที่รับ {value} ไม่อยู่ระหว่าง 0 ถึง {limit}",
        "give the number of places",
        "ใส่จำนวนที่นั่งที่ถูกต้อง",
    ),
    "reserve-twice": Text(
        "the group {value!r} is reserved twice",
        "กันที่นั่งให้กลุ่ม {value!r} สองครั้ง",
        "write each group once, with all its seats",
        "เขียนแต่ละกลุ่มครั้งเดียว โดยรวมที่นั่งทั้งหมด",
    ),
    "reserve-negative": Text(
        "the group {group!r} has {value} seats",
        "กลุ่ม {group!r} มีที่นั่ง {value}",
        "give 0 or more seats",
        "ใส่จำนวนตั้งแต่ 0 ขึ้นไป",
    ),
    "reserves-above-capacity": Text(
        "{total} reserved seats are more than the {capacity} places",
        "ที่นั่งที่กันไว้ {total} มากกว่าจำนวนที่รับ {capacity}",
        "reserve fewer seats or raise the capacity",
        "ลดที่นั่งที่กันไว้ หรือเพิ่มจำนวนที่รับ",
    ),
    "group-named-open": Text(
        "'open' is the name of the seats for everyone, so no group can bear it",
        "'open' เป็นชื่อที่นั่งสำหรับทุกคน จึงใช้เป็นชื่อกลุ่มไม่ได้",
        "give the group another name",
        "ตั้งชื่อกลุ่มเป็นอย่างอื่น",
    ),
    "group-name": Text(
        "{value!r} cannot be a group's name",
        "{value!r} ใช้เป็นชื่อกลุ่มไม่ได้",
        "use visible letters without spaces, commas, ':' or '|'",
        "ใช้ตัวอักษรที่มองเห็น ไม่มีช่องว่าง จุลภาค ':' หรือ '|'",
    ),
    "unknown-applicant-id": Text(
        "the applicant {value!r} is not in the table of applicants",
        "ไม่มีผู้สมัคร {value!r} ในตารางผู้สมัคร",
        "add the applicant or correct the identifier",
        "เพิ่มผู้สมัคร หรือแก้รหัสให้ถูกต้อง",
    ),
    "unknown-opportunity-id": Text(
        "the opportunity {value!r} is not in the table of opportunities",
        "ไม่มีโอกาส {value!r} ในตารางโอกาส",
        "add the opportunity or correct the identifier",
        "เพิ่มโอกาส หรือแก้รหัสให้ถูกต้อง",
    ),
    "wish-twice": Text(
        "{applicant} lists {opportunity} a second time",
        "{applicant} เลือก {opportunity} ซ้ำ",
        "keep one of the two rows",
        "เก็บไว้แถวเดียว",
    ),
    "rank-twice": Text(
        "{applicant} uses the rank {rank} a second time",
        "{applicant} ใช้ลำดับ {rank} ซ้ำ",
        "give each wish of one applicant its own rank",
        "ให้ลำดับของแต่ละคนไม่ซ้ำกัน",
    ),
    "rank-range": Text(
        "the rank {value} is not a whole number from 1",
        "ลำดับ {value} ไม่ใช่จำนวนเต็มตั้งแต่ 1",
        "number the wishes 1, 2, 3 ... (gaps are allowed)",
        "ใส่ลำดับ 1, 2, 3 ... (เว้นเลขได้)",
    ),
    "priority-range": Text(
        "the priority {value} is not an exact number of at most 15 digits and 6 decimals",
        "คะแนน {value} ไม่ใช่ตัวเลขที่มีไม่เกิน 15 หลักและทศนิยม 6 ตำแหน่ง",
        "round the scores before the round, by a published rule",
        "ปัดคะแนนตามกติกาที่ประกาศไว้ก่อนเริ่มรอบ",
    ),
}

VIOLATION = {
    "missing-applicant": Text("{applicant} applied but has no row in the outcome", "{applicant} สมัครไว้แต่ไม่มีแถวในผล"),
    "unknown-applicant": Text("{applicant} is in the outcome but did not apply", "{applicant} อยู่ในผลแต่ไม่ได้สมัคร"),
    "unknown-opportunity": Text(
        "{applicant} is placed at {opportunity}, which is not part of the round",
        "{applicant} ได้ที่ {opportunity} ซึ่งไม่อยู่ในรอบนี้",
    ),
    "capacity": Text(
        "{opportunity} seats {seated} people on {capacity} places",
        "{opportunity} มีคนได้ที่ {seated} คน แต่รับได้ {capacity} คน",
    ),
    "off-list": Text(
        "{applicant} is placed at {opportunity}, which is not on their list",
        "{applicant} ได้ที่ {opportunity} ซึ่งไม่ได้เลือกไว้",
    ),
    "seat-class": Text(
        "{applicant} sits at {opportunity} as {seat_class}; by the rules of choice it is {right}",
        "{applicant} ได้ที่ {opportunity} ในประเภท {seat_class} แต่ตามกติกาต้องเป็น {right}",
    ),
    "reserved-seat-empty": Text(
        "{applicant} prefers {opportunity}, belongs to {seat_class}, "
        "and a seat reserved for {seat_class} has none of its members on it",
        "{applicant} อยากได้ {opportunity} มากกว่าและอยู่ในกลุ่ม {seat_class} แต่ที่นั่งที่กันไว้ให้กลุ่มนี้ยังไม่มีคนของกลุ่มนั่ง",
    ),
    "empty-seat-wanted": Text(
        "{applicant} prefers {opportunity}, which has an empty seat",
        "{applicant} อยากได้ {opportunity} มากกว่า และที่นั่นยังมีที่ว่าง",
    ),
    "justified-envy": Text(
        "{applicant} prefers {opportunity} and stands above {holder}, who has its last {seat_class} seat",
        "{applicant} อยากได้ {opportunity} มากกว่า และอยู่เหนือ {holder} ซึ่งได้ที่นั่ง {seat_class} คนสุดท้าย",
    ),
    "cut-off": Text(
        "the cut-off of {opportunity}, {seat_class}, reads {claimed}; its seats say {right}",
        "เกณฑ์ตัดของ {opportunity} ประเภท {seat_class} เขียนว่า {claimed} แต่ผู้ที่ได้ที่นั่งแสดงว่าเป็น {right}",
    ),
    "lottery": Text(
        "the lottery number at the cut-off of {opportunity}, {seat_class}, is {claimed}; "
        "the seed and the last holder give {right}",
        "เลขสลากที่เกณฑ์ตัดของ {opportunity} ประเภท {seat_class} คือ {claimed} แต่คำนวณจากรหัสสุ่มและผู้ได้ที่คนสุดท้ายเป็น {right}",
    ),
    "swapped-seats": Text(
        "{applicant} and {other} hold each other's seats: {applicant} should have {right}, {other} {claimed}",
        "{applicant} กับ {other} ถูกสลับที่นั่งกัน: {applicant} ต้องได้ {right} และ {other} ต้องได้ {claimed}",
    ),
    "not-applicant-optimal": Text(
        "{applicant} has {claimed}; the recount gives {right}: nobody's right is broken, "
        "but the rules promise every applicant the best that a stable outcome can give",
        "{applicant} ได้ {claimed} แต่การนับซ้ำให้ {right}: ไม่มีใครถูกละเมิดสิทธิ แต่กติกาสัญญาผลที่ดีที่สุดต่อผู้สมัครทุกคน",
    ),
    "recount-differs": Text(
        "{applicant} has {claimed}; the recount gives {right}",
        "{applicant} ได้ {claimed} แต่การนับซ้ำให้ {right}",
    ),
    "release": Text(
        "in version {version} {applicant} is said to have {kind} a seat at {opportunity!r}, but holds {held}",
        "ในฉบับที่ {version} ระบุว่า {applicant} {kind} ที่ {opportunity!r} แต่ผู้นี้ถือ {held}",
    ),
    "release-versions": Text(
        "the releases lead to the versions {found}, one after another; the bundle says it is version {version}",
        "บันทึกการคืนที่นั่งนำไปสู่ฉบับ {found} ตามลำดับ แต่ชุดผลระบุว่าเป็นฉบับที่ {version}",
    ),
    "waiting-list-differs": Text(
        "{applicant} has {claimed}; from the first run on, the waiting lists give {right}",
        "{applicant} ได้ {claimed} แต่เมื่อไล่รายการรอตั้งแต่การจัดสรรครั้งแรก ต้องได้ {right}",
    ),
}

_ALL = {**PROBLEM, **VIOLATION}


def sentence(code: str, language: str, **params: Any) -> str:
    """What is wrong, in `language` (`en` or `th`)."""
    text = _ALL[code]
    return (text.th if language == "th" else text.en).format(**params)


def mend(code: str, language: str) -> str:
    """How to mend it, in `language` (`en` or `th`); empty where there is nothing to mend."""
    text = _ALL[code]
    return text.mend_th if language == "th" else text.mend_en
