"""A no to the record, in whatever words: not a list of wordings but how such a sentence is built. A no of somebody's
will (ไม่ให้, ห้าม, ยกเลิก, ขอลบ) that reaches the data, the name, the list, the project, publishing or passing on, with
nothing between but words that connect, is a refusal. What people refuse of life (ไม่ยอมกินยา) reaches none of these."""

from __future__ import annotations

import re

from okat.files.office.grid import Cell
from okat.thai.text import fold, normalise

# Thai without tone marks and spaces (`fold`), but for words that a tone mark makes another word: ย้อม, ถ่อน.
_AGREES = (
    "(?:ยินยอม|อนุญาต(?!ทำงาน|ขับ|ประกอบ|คาขาย|กอสราง)|สมัครใจ|เตมใจ|ตกลง|"
    "เปิดเผย|เผยแพร|ยินดี|เหนดวย|เหนชอบ|ใหขอมูล|ใหเกบ|ใหใช|เกบขอมูล|ใชขอมูล|เซน|ลงนาม|ลงชือ)"
)
_BETWEEN = "(?:ได|ขอ|ประสงค|ตองการ|อยาก|สะดวก|พรอม|จะ|ให|ที|เคย|มี|ความ|การ|ยอม|รับ|หนังสือ|ใบ|เปน|ผู)*"
# What people refuse in notes that has nothing to do with their record.
_OF_LIFE = (
    "(?:ไป|กิน|ทาน|เรียน|รักษา|ทำงาน|นอน|ออก|พูด|อาบ|กลับ|เขา|หยุด|เลิก|ลุก|เดิน|มา|พบ|เจอ|ฟัง|แพ|โรค|เจบ|ปวย|ผาตัด|ดืม|สูบ|ยา|อาหาร|"
    "รับเบีย|รับเงิน|รับประทาน|รับวา|ฝึก|ยาย|ยอมแพ|ใหหมอ|ใหพยาบาล|ใหใครชวย|ใชไม|ใชรถ|ใชแวน|ใชเครือง|ใชหอง|สารเสพ|บุหรี|เหลา)"
)
_WILL = "(?:ให|ยอม|ขอ|ประสงค|ตองการ|ตอง|อยาก|สะดวก|พรอม|ควร|เอา|ชอบ|สบายใจ|พอใจ|เหนดวย)"
_STOPS = "(?:หาม|งด|อยา(?!ก|ง)|ยกเลิก|เลิก|หยุด|ระงับ|ยุติ|ปฏิเสธ)"
_CONNECTS = (
    "(?:ที|จะ|ได|มี|การ|ความ|ขอ|ให|นำ|เอา|เกบ|ใช|ใส|สง|ลง|บอก|แจง|แสดง|ประกาศ|เปิด|เผย|ขึน|ติด|เขา|รวม|รับ|อยู|ใน|ตอ|ไป|มา|ไว|"
    "ออก|ราย|แก|กับ|ของ|ตัวเอง|ตัว|ตน|ฉัน|ผม|เรา|ใคร|คนอืน|หนวยงาน|อืน|ๆ|ถูก|ทุก|ทัง|หมด|นี|เปน|สวนตัว|สวนบุคคล|อีก|จัด|ถาย|แลว)*"
)
_NAMED = "(?:ขอมูล|ชือ(?!เลน|เสียง)|รูป|ภาพ|ประวัติ(?!การ?แพ|แพ|โรค))"
_KEPT_IN = (
    "(?:โครงการ|รายชือ|ฐานขอมูล|กลุมเปาหมาย|ทะเบียน(?!บาน|ราษ|สมรส|หยา|รถ|พาณิช)|ระบบ(?!การศึกษา|โรงเรียน|ประกัน|ราง|หายใจ))"
)
_DONE_WITH = (
    "(?:เผยแพร|เปิดเผย|ประชาสัมพันธ|โพสต|แชร|ลง(?:เฟซ|เฟส|ไลน|เวบ|สือ|ขาว)|สงตอ(?!ไปรักษา|ไปโรง|ไปรพ|โรง|รพ|แพทย|รักษา|คนไข)|"
    "บันทึก|เกบ(?:ไว|ตอ|อีก)*$)"
)
_RECORD = f"(?:{_NAMED}|{_KEPT_IN}|{_DONE_WITH})"
_AFTER = r"(?:แลว|ไป|ทิง|ออก|ดวย|หมด|วันที|เมือ|ตังแต|\d.*)*$"
_ASKED = "(?:โทร|มา|ได|ขอ|แจง|ประสงค|ตองการ|อยาก|ไป|แลว|จะ|ให)"
_REFUSES = re.compile(
    f"(?:ไม|มิ){_BETWEEN}{_AGREES}"
    f"|ไมยอม(?!{_OF_LIFE})|(?:ไม|มิ)(?:มีความ)?ประสงค(?!(?:จะ|ที)*(?:รับเบีย|รับเงิน|เรียน|ทำงาน|ฝึก))|ปฏิเสธ(?!(?:การ|ประวัติ|วา)*{_OF_LIFE})"
    "|คัดคาน|สงวนสิทธ|เพิกถอน|ขอยกเลิก|ยกเลิก(?:ความ|การ)*(?:ยินยอม|อนุญาต)"
    f"|(?:ไม|มิ)(?:ได|เคย)*{_WILL}+{_CONNECTS}{_RECORD}|{_STOPS}{_CONNECTS}{_RECORD}"
    f"|(?:ไม|มิ)ให(?:นำ|เอา|ไป)*(?:ใช|เกบ)?(?:ตอ|อีก|ได|ไว)*$|(?:หาม|อยา)(?:นำ|เอา|ไป|ให)*(?:ใช|เกบ)(?:ตอ|อีก|ไว)*$"
    f"|(?:ลบ|ตัด|ถอด|ขีด(?:ฆา)?|ปลด|ดึง|ทำลาย)(?:เอา|ราย|สิทธิ|ของ)*(?:{_NAMED}|เอกสาร)(?!ซำ)"
    f"|(?:เอา|นำ|คัด)(?:ราย)?{_NAMED}{_CONNECTS}ออก|สงวน(?:ราย)?{_NAMED}"
    f"|{_NAMED}{_CONNECTS}(?:(?<=ขอ|ให)ลบ|ลบออก|ตัดออก|(?<=ขอ|ให)(?:เอา|นำ)ออก|หาม|อยา(?!ก|ง)|ไมตอง|ไมให|ไมเอา)"
    f"|(?:ไม|มิ)(?:เขา|รวม)+(?:โครงการ|(?:แลว)?$)|(?:ปฏิเสธ|ขอไม|ไมขอ)(?:การ|ที|จะ)*(?:เขา)?รวม(?!กิจกรรม|งาน|มือ)"
    "|(?:หาม|อยา)(?:ไป|ให|เอา|นำ)*(?:บอก|แจง)"
    f"|(?:ขอ|ให|แจง)+ลบ{_AFTER}|^{_ASKED}*(?:ลบ|ตัด|เอา|นำ|ขีด|คัด)(?:ทิง|ออก){_AFTER}|ออกจาก(?:การ|ราย|บัญชี)*{_KEPT_IN}|^{_ASKED}+(?:ยกเลิก|ระงับ|ถอนตัว){_AFTER}|^ยกเลิก{_AFTER}"
)
_WITHDRAWS = re.compile("ถอน(?!ฟัน|เงิน|หญ้า|พิษ|ขน|ต้น|ราก|กล้า|หายใจ|พยาธิ|สาย|เข็ม|ตะปู|ไหม|ฟ้อง|สมอ|แจ้ง|หมั้น|ไข้|ทุน)")
_OF_DATA = (
    r"(?:data|names?|lists?|listed|projects?|program(?:me)?s?|records?|recorded|information|photos?|pictures?|publish\w*|"
    r"register|database|stor(?:e|ed|ing)|pass(?:ed)?\W+on|shar(?:e|ed|ing)(?=\W*$|\W+(?:with|it|on|further|the|my|his|her|their)))"
)
_CONNECTS_ENGLISH = (
    r"(?:(?:want\w*|wish\w*|like|to|be|the|a|his|her|their|my|our|this|any|in|on|into|of|for|from|us(?:e|ed|ing)|keep\w*|"
    r"sav(?:e|ing)|shar(?:e|ing)|publish\w*|put\w*|show\w*|send\w*|giv(?:e|ing)|hold\w*|record\w*|join\w*|part|taking|me|him|"
    r"them|personal|all|others?|out|off)\W+)*"
)
_REFUSES_ENGLISH = re.compile(
    r"\b(?:no|not|non|never|without|cannot|\w+n['’]?t)\b[\s\-]*(?:\w+\s+){0,3}?(?:consent|agree|permi|allow|disclos|willing)"
    r"|nonconsent|consent\w*\W+(?:is\W+|was\W+)?(?:no|not|denied|none)\b|disagree|withdr[ae]w|withdrawn"
    r"|refus(?!\w*\W+(?:treatment|medic\w+|surgery|food|to\W+(?:eat|drink|walk|speak|sleep|wash)))"
    r"|\bopt(?:s|ed|ing)?[\s\-]*out|revok|declin(?!\w*[\s\-]+(?:health|income|memory|vision|sight|hearing))|\bobject(?:s|ed|ing|ions?)?\b|unwilling|\bdenied\b|\bdenies\b|\breject"
    r"|\b(?:do(?:es)?\W+not|don['’]?t|doesn['’]?t|must\W+not|may\W+not|should\W+not|never|not\W+to|not\W+be|stop|cease)\W+"
    rf"{_CONNECTS_ENGLISH}{_OF_DATA}\b"
    r"|\b(?:remov|delet|eras|cancel|strik|unsubscrib|wip)\w*\W+"
    rf"{_CONNECTS_ENGLISH}{_OF_DATA}\b|\b(?:take|drop|strike)\W+{_CONNECTS_ENGLISH}(?:off|out|from)\W+{_CONNECTS_ENGLISH}{_OF_DATA}\b"
    r"|\bnot\W+(?:want|wish|like)\w*\W+to\W+(?:take\W+part|participate)|\bno\W+(?:sharing|publi\w+|storing|storage)"
    r"|\bno\W+(?:photos?|pictures?)\W*$|^\W*(?:delet|remov|cancel|eras)\w*\W*$|\bremov\w*\W+(?:me|him|her|them|us)\b"
    r"|\b(?:leav(?:e|es|ing)|left|quit|out\W+of|off)\W+(?:the\W+|our\W+|this\W+)?(?:list|project|program(?:me)?|register|database)\b"
    rf"|\b{_OF_DATA}\W+(?:is\W+|are\W+)?(?:not\W+to\b|must\W+not|never\W+to)"
    r"|\b(?:asks?|asked|please|wants?|wish\w*)\W+(?:\w+\W+){0,2}?(?:remov|delet|eras|unsubscrib)"
)
# A no of these, written out, is about something else: it is remarked with every other no, and refuses nothing.
_OTHER_THINGS = re.compile(
    "(?:ไม|มิ)(?:ได)?(?:ลงชือ|เซน(?:ชือ)?|ลงนาม)รับ(?:เงิน|ของ|เบีย|ถุง)"
    "|(?:ไม|มิ)(?:ยอม|ให|อยากให)(?:ให)?(?:ลูก|หลาน|เดก)?(?:ไป)?(?:เรียน|โรงเรียน|ทำงาน)"
    "|(?:ไม|มิ)ประสงค(?:จะ|ขอ|ที)*(?:รับ(?:รถเขน|ของ|ถุง|ขาว|อาหาร|เงิน|เบีย|ผาออม|ไมเทา|กายอุปกรณ)|ทำบัตร|รักษา|ผาตัด)"
    "|ปฏิเสธ(?:ไม)?(?:ยอม)?(?:ไป(?:โรง|รพ|หา|รักษา|เรียน)|ความรับผิดชอบ|รับผิดชอบ)"
    "|(?:ไม|มิ)อนุญาต(?:ให)?(?:ขับ|ลา|เขาเรียน)"
    "|(?:ไม|มิ)(?:ยอม)?(?:เปิดเผย|บอก|แจง)(?:เรือง)?(?:รายได|หนีสิน|เงินเดือน)"
    "|ออกจากโครงการ(?:พัก|บาน|กอสราง|เงิน)"
    "|(?:ไม|มิ)ยินยอม(?:ให|เขารับการ|รับการ)?(?:ผาตัด|รักษา|ฉีด|ตัดขา|ตัดแขน|ทำหมัน|หยา)"
    "|(?:ไม|มิ)ตกลงราคา|งดสงชือซำ"
)
# What papers say of themselves: it keeps the paper secret, and is nobody's no.
_SECRET_PAPER = re.compile(
    "หามเผยแพร(?:เอกสาร|ขอมูล|รายชือ|นี|ตอ|สู|บุคคล|ภายนอก|สาธารณะ)*"
    "|(?:ไม|หาม)เปิดเผยตอ(?:สาธารณะ|สาธารณชน|บุคคล(?:ภายนอก|อืน)|ผูอืน|ภายนอก)"
    "|หามนำ(?:ขอมูล|เอกสาร)(?:นี|ไป|ใช|เผยแพร)*โดยไมไดรับอนุญาต"
)
# Misspellings of which offices write many, and what they are.
_SLIPS = (("ป[ฎฏ]ิเส[ธทษ]", "ปฏิเสธ"), ("ยิมยอม", "ยินยอม"), ("อนุยา[ดต]", "อนุญาต"), ("ไห้", "ให้"), ("ข้อมูน", "ข้อมูล"))
_MISSPELT = re.compile("|".join(wrong for wrong, _right in _SLIPS))
# Nearly no cell holds any of these; the rest is only asked of those that do.
_MAY = re.compile(
    r"ไม|มิ|ป[ฎฏ]ิ|คัดค|สงวน|ถอ|เลิก|งด|ห้าม|หาม|อย่า|อยา|ลบ|ตัด|ขีด|ปลด|ดึง|ออก|ทำลาย|หยุด|ระงับ|ยุติ|[a-z]{4}|off|\bopt|n['’]t|\bno\b",
    re.I,
)
_NO = re.compile(
    r"ไม่|ไม(?=ได|ให|ยอม|มี|เอา|ขอ)|มิ(?:ได้|ให้|ใช่|ต้อง|ประสงค์|ยอม|ยินยอม)|ม่ยิน|ห้าม|(?<![ก-๙])งด|งดเว้น|อย่า(?!ง)|เลิก|ถอน|ลบ|ตัด(?!เย็บ|ผม|ขา|แขน)|ออกจาก|ขอออก|"
    r"ลาออก|ป[ฎฏ]ิเส|คัดค้าน|ขอคืน|ฉีก|เปลี่ยนใจ|บอกปัด|ขอเป็นส่วนตัว|หยุด|ระงับ|ยุติ|(?:เอา|นำ|ขีด|คัด).{0,20}ออก|ทำลาย|สงวน|สละสิทธ|ปกปิด|ความลับ|พ้นจาก|"
    r"\b(?:no|not|never|nobody|none|cannot|without|off|stop\w*|remov\w*|delet\w*|eras\w*|cancel\w*|withdr\w*|leav\w*|left|quit\w*|"
    r"wants?\W+out|refus\w*|declin\w*|reject\w*|object(?:s|ed)|den(?:y|ies|ied)|\w+n['’]t)\b",
    re.I,
)


def refuses(cell: Cell) -> bool:
    """Whether a cell reads as a refusal or a withdrawal, whatever its column is about."""
    if not isinstance(cell, str) or not _MAY.search(text := normalise(cell).casefold()):
        return False
    if _MISSPELT.search(text):
        text = normalise(_spelt(text))
    return bool(
        _REFUSES.search(_OTHER_THINGS.sub(" ", fold(text)))
        or _WITHDRAWS.search(text.replace(" ", ""))
        or _REFUSES_ENGLISH.search(text)
    )


def keeps_secret(text: str) -> bool:
    """Whether the no of a title or a note is only about the paper itself."""
    return not refuses(_SECRET_PAPER.sub(" ", fold(text)))


def _spelt(text: str) -> str:
    for wrong, right in _SLIPS:
        text = re.sub(wrong, right, text)
    return text


def holds_a_no(cell: Cell) -> bool:
    """Whether a text holds a no of any kind: of what, only a person can see."""
    return isinstance(cell, str) and bool(_NO.search(normalise(cell)))
