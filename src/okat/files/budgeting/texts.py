"""What people read about Pabulib files: each code's sentence and how to mend it, in English and Thai."""

from typing import Any

from okat.engine.allocation.texts import Text
from okat.files.allocation.texts import BUNDLE

FILE = {
    "missing-file": Text(
        "the file is missing or cannot be read: {reason}",
        "ไม่พบไฟล์หรือเปิดไฟล์ไม่ได้: {reason}",
        "check the name",
        "ตรวจชื่อไฟล์",
    ),
    "too-large": Text(
        "the file is larger than {limit:,} bytes, so it was not read",
        "ไฟล์ใหญ่เกิน {limit:,} ไบต์ จึงไม่ได้อ่าน",
        "give a higher limit if this machine has fifteen times as much memory, or split the file",
        "เพิ่มขีดจำกัดหากเครื่องนี้มีหน่วยความจำถึงสิบห้าเท่าของไฟล์ หรือแบ่งไฟล์",
    ),
    "not-gzip": Text(
        "the file cannot be unpacked: {reason}",
        "คลายไฟล์บีบอัดไม่ได้: {reason}",
        "compress it again with gzip, or give the .pb itself",
        "บีบอัดใหม่ด้วย gzip หรือใช้ไฟล์ .pb โดยตรง",
    ),
    "encoding": Text(
        "the line is not UTF-8 text ({guess})",
        "บรรทัดนี้ไม่ใช่ข้อความ UTF-8 ({guess})",
        "save the file as UTF-8",
        "บันทึกไฟล์เป็น UTF-8",
    ),
    "not-csv": Text(
        "the line cannot be read: {reason}",
        "อ่านบรรทัดนี้ไม่ได้: {reason}",
        "close the quotation marks; a quotation mark inside a quoted text is written twice",
        "ปิดเครื่องหมายคำพูดให้ครบ เครื่องหมายคำพูดในข้อความต้องเขียนสองตัว",
    ),
    "control": Text(
        "the line holds a character that nobody can see",
        "บรรทัดนี้มีอักขระที่มองไม่เห็น",
        "remove it",
        "ลบออก",
    ),
    "before-section": Text(
        "the line stands before the first section",
        "บรรทัดนี้อยู่ก่อนส่วนแรกของไฟล์",
        "begin the file with the line META",
        "เริ่มไฟล์ด้วยบรรทัด META",
    ),
    "section-missing": Text(
        "the section {section} is missing",
        "ไม่มีส่วน {section}",
        "write META, PROJECTS and VOTES, in this order, each on a line of its own",
        "เขียน META, PROJECTS และ VOTES ตามลำดับนี้ แต่ละคำอยู่บรรทัดของตัวเอง",
    ),
    "section-order": Text(
        "the section {section} stands here out of its order or a second time",
        "ส่วน {section} อยู่ผิดลำดับหรือซ้ำ",
        "write META, PROJECTS and VOTES once each, in this order",
        "เขียน META, PROJECTS และ VOTES อย่างละครั้งตามลำดับนี้",
    ),
    "no-header": Text(
        "the section {section} does not begin with a line that names its columns",
        "ส่วน {section} ไม่ได้เริ่มด้วยบรรทัดชื่อคอลัมน์",
        "write {expected} below the line {section}",
        "เขียน {expected} ใต้บรรทัด {section}",
    ),
    "column-missing": Text(
        "the section {section} has no column {column}",
        "ส่วน {section} ไม่มีคอลัมน์ {column}",
        "add the column; its name is written exactly so",
        "เพิ่มคอลัมน์นี้ โดยเขียนชื่อให้ตรงกัน",
    ),
    "column-twice": Text(
        "the column {value!r} stands twice",
        "คอลัมน์ {value!r} ซ้ำ",
        "remove or rename one of them",
        "ลบหรือเปลี่ยนชื่อคอลัมน์หนึ่ง",
    ),
    "cells": Text(
        "the line has {found} cells, the header {expected}",
        "บรรทัดนี้มี {found} ช่อง แต่หัวตารางมี {expected}",
        "check for a missing or an extra semicolon; quote a text that holds one",
        "ตรวจว่าอัฒภาค (;) ขาดหรือเกิน ข้อความที่มี ; ต้องอยู่ในเครื่องหมายคำพูด",
    ),
}

META = {
    "field-missing": Text(
        "the field {field} is missing or empty",
        "ไม่มีค่าของ {field}",
        "add it: without it nothing can be counted",
        "เพิ่มค่านี้ เพราะนับคะแนนไม่ได้ถ้าไม่มี",
    ),
    "key-twice": Text(
        "the field {value!r} stands here a second time",
        "{value!r} มีซ้ำเป็นครั้งที่สอง",
        "keep the line that counts",
        "เก็บไว้เฉพาะบรรทัดที่ใช้จริง",
    ),
    "empty": Text("there is no identifier", "ไม่มีรหัส", "give every line an identifier", "ใส่รหัสให้ครบทุกบรรทัด"),
    "space": Text(
        "{value!r} has a space at its edge or beside a comma",
        "{value!r} มีช่องว่างที่หัวหรือท้าย หรือข้างจุลภาค",
        "remove the space: other programs take it for a part of the identifier",
        "ลบช่องว่างออก เพราะโปรแกรมอื่นถือว่าเป็นส่วนหนึ่งของรหัส",
    ),
    "vote-type": Text(
        "{value!r} is no kind of ballot",
        "{value!r} ไม่ใช่ชนิดบัตรลงคะแนน",
        "write one of: {known}",
        "เขียนคำใดคำหนึ่ง: {known}",
    ),
    "thai-digits": Text(
        "{value!r} is written with digits other than 0-9",
        "{value!r} ไม่ได้เขียนด้วยเลขอารบิก 0-9",
        "these files are for machines: write the digits 0-9",
        "ไฟล์นี้ใช้กับเครื่อง ให้เขียนเลข 0-9",
    ),
    "not-whole": Text(
        "{value!r} is not a whole number",
        "{value!r} ไม่ใช่จำนวนเต็ม",
        "write digits only, such as 20 (no comma, point or unit)",
        "เขียนเฉพาะตัวเลข เช่น 20 (ไม่มีจุลภาค จุด หรือหน่วย)",
    ),
    "not-money": Text(
        "{value!r} is not an amount of money from 0 to 999,999,999,999 with at most 4 decimals",
        "{value!r} ไม่ใช่จำนวนเงินตั้งแต่ 0 ถึง 999,999,999,999 ที่มีทศนิยมไม่เกิน 4 ตำแหน่ง",
        "write digits with a point, such as 4000 or 4000.50",
        "เขียนตัวเลขโดยใช้จุดทศนิยม เช่น 4000 หรือ 4000.50",
    ),
    "number-differs": Text(
        "{field} says {claimed}, the file has {counted}",
        "{field} ระบุ {claimed} แต่ในไฟล์มี {counted}",
        "look for missing or extra lines, or correct the number",
        "ตรวจว่าบรรทัดขาดหรือเกิน หรือแก้ตัวเลขให้ตรง",
    ),
    "limits-cross": Text(
        "{low} is {a}, above {high}, which is {b}",
        "{low} คือ {a} มากกว่า {high} ซึ่งคือ {b}",
        "correct one of the two limits",
        "แก้ขีดจำกัดค่าใดค่าหนึ่ง",
    ),
    "cost-beyond": Text(
        "the cost {found} lies beyond {field}, which is {limit}",
        "ราคา {found} เกินขอบเขต {field} ซึ่งคือ {limit}",
        "correct the cost or the limit",
        "แก้ราคาหรือขีดจำกัด",
    ),
    "rule-unknown": Text(
        "META names the rule {value!r}, whose switches are not known here",
        "META ระบุกติกา {value!r} ซึ่งโปรแกรมนี้ไม่รู้จักรายละเอียด",
        "say which rule counts: --rule equal-shares, greedy ...; META may name one of: {known}",
        "ระบุกติกาที่ใช้ด้วย --rule เช่น equal-shares หรือ greedy ส่วน META ใช้ได้: {known}",
    ),
    "sum-too-large": Text(
        "costs times ballots go beyond what can be counted exactly",
        "ราคาคูณจำนวนบัตรใหญ่เกินกว่าจะนับได้อย่างแม่นยำ",
        "write the amounts in a larger unit, or with fewer decimals",
        "เขียนจำนวนเงินในหน่วยที่ใหญ่ขึ้น หรือใช้ทศนิยมน้อยลง",
    ),
}

VOTES = {
    "too-long": Text(
        "the identifier is longer than {limit} bytes",
        "รหัสยาวเกิน {limit} ไบต์",
        "use a shorter identifier",
        "ใช้รหัสที่สั้นกว่านี้",
    ),
    "duplicate-id": Text(
        "{value!r} stands here a second time",
        "รหัส {value!r} ซ้ำกับบรรทัดก่อนหน้า",
        "remove one of the two lines or correct its identifier",
        "ลบบรรทัดใดบรรทัดหนึ่ง หรือแก้รหัสให้ถูกต้อง",
    ),
    "comma-in-id": Text(
        "{value!r} holds a comma, which divides the projects of a vote",
        "{value!r} มีจุลภาค ซึ่งใช้คั่นโครงการในบัตร",
        "give the project an identifier without commas",
        "ใช้รหัสโครงการที่ไม่มีจุลภาค",
    ),
    "unknown-project": Text(
        "the vote names {value!r}, which is not in PROJECTS",
        "บัตรนี้เลือก {value!r} ซึ่งไม่มีใน PROJECTS",
        "add the project or correct the identifier",
        "เพิ่มโครงการ หรือแก้รหัสให้ถูกต้อง",
    ),
    "project-twice": Text(
        "the vote names {value!r} twice",
        "บัตรนี้เลือก {value!r} สองครั้ง",
        "keep it once",
        "เก็บไว้ครั้งเดียว",
    ),
    "choose-one": Text(
        "the vote names {found} projects; with choose-1 it names exactly one",
        "บัตรนี้เลือก {found} โครงการ แต่แบบ choose-1 ต้องเลือกหนึ่งโครงการ",
        "correct the vote, or vote_type",
        "แก้บัตร หรือแก้ vote_type",
    ),
    "points-missing": Text(
        "the vote has no points; with {kind} each named project has some",
        "บัตรนี้ไม่มีคะแนน แบบ {kind} ต้องให้คะแนนทุกโครงการที่เลือก",
        "add as many points as projects, divided by commas",
        "เพิ่มคะแนนให้ครบจำนวนโครงการ คั่นด้วยจุลภาค",
    ),
    "points-unexpected": Text(
        "the vote has points; with {kind} there are none",
        "บัตรนี้มีคะแนน แต่แบบ {kind} ไม่มีการให้คะแนน",
        "remove the points, or correct vote_type",
        "ลบคะแนน หรือแก้ vote_type",
    ),
    "points-count": Text(
        "the vote has {found} points for {expected} projects",
        "บัตรนี้มี {found} คะแนนสำหรับ {expected} โครงการ",
        "give one number for each named project",
        "ให้คะแนนหนึ่งจำนวนต่อหนึ่งโครงการ",
    ),
    "points-whole": Text(
        "the points {value!r} are not whole numbers of at most 9 digits",
        "คะแนน {value!r} ไม่ใช่จำนวนเต็มที่มีไม่เกิน 9 หลัก",
        "write digits only, divided by commas, such as 3,1",
        "เขียนเฉพาะตัวเลข คั่นด้วยจุลภาค เช่น 3,1",
    ),
    "points-negative": Text(
        "a cumulative vote gives {found} points",
        "บัตรแบบสะสมคะแนนให้คะแนน {found}",
        "give 0 or more points",
        "ให้คะแนนตั้งแต่ 0 ขึ้นไป",
    ),
    "above": Text(
        "the vote has {found}; {field} allows at most {limit}",
        "บัตรนี้มี {found} แต่ {field} ให้ไม่เกิน {limit}",
        "correct the vote, or {field} in META",
        "แก้บัตร หรือแก้ {field} ใน META",
    ),
    "below": Text(
        "the vote has {found}; {field} asks for at least {limit}",
        "บัตรนี้มี {found} แต่ {field} ให้อย่างน้อย {limit}",
        "correct the vote, or {field} in META",
        "แก้บัตร หรือแก้ {field} ใน META",
    ),
    "tally-differs": Text(
        "PROJECTS says {claimed} {field} for {project!r}, the votes add up to {counted}",
        "PROJECTS ระบุ {field} ของ {project!r} เป็น {claimed} แต่นับจากบัตรได้ {counted}",
        "look for missing or extra votes, or correct the number",
        "ตรวจว่าบัตรขาดหรือเกิน หรือแก้ตัวเลขให้ตรง",
    ),
    "more": Text(
        "{count:,} more lines have the same error ({of})",
        "ยังมีอีก {count:,} บรรทัดที่ผิดแบบเดียวกัน ({of})",
        "mend them in the same way",
        "แก้แบบเดียวกัน",
    ),
}

NOTES = {
    "note-unknown": Text(
        "{value!r} is no field of the format; it is kept as it is",
        "{value!r} ไม่ใช่ข้อมูลตามรูปแบบไฟล์ แต่เก็บไว้ตามเดิม",
    ),
    "note-renamed": Text(
        "the format has called 'target' 'beneficiaries' since April 2026",
        "ตั้งแต่เมษายน 2569 รูปแบบไฟล์ใช้ชื่อ 'beneficiaries' แทน 'target'",
    ),
    "note-order": Text("the format puts the fields in the order {expected}", "รูปแบบไฟล์เรียงข้อมูลตามลำดับ {expected}"),
    "note-missing": Text("the format asks for the field {field}", "รูปแบบไฟล์ต้องมี {field}"),
    "note-value": Text("{value!r} is not {expected}", "{value!r} ไม่ใช่ {expected}"),
    "note-blank": Text("{count} empty lines were skipped", "ข้ามบรรทัดว่าง {count} บรรทัด"),
    "note-dropped": Text(
        "{count} points of zero or less support nothing and were left out",
        "คะแนนที่เป็นศูนย์หรือติดลบ {count} รายการไม่นับเป็นการสนับสนุน",
    ),
    "note-no-project": Text(
        "{count} ballots name no project; they still count for everyone's equal share",
        "บัตร {count} ใบไม่เลือกโครงการใด แต่ยังนับในการแบ่งส่วนเท่ากัน",
    ),
    "note-below-threshold": Text(
        "{count} projects have less than min_project_score_threshold ({limit}) and cannot win: {ids}",
        "โครงการ {count} โครงการได้คะแนนไม่ถึงเกณฑ์ขั้นต่ำ ({limit}) จึงไม่มีสิทธิ์ชนะ: {ids}",
    ),
}

COUNT = {
    "explain-unknown": Text(
        "there is no project {value!r} in the file",
        "ไม่มีโครงการ {value!r} ในไฟล์",
        "give the identifier that stands in PROJECTS",
        "ใช้รหัสที่อยู่ใน PROJECTS",
    ),
}

PROOF = {
    "payment": Text(
        "the row says {claimed}; the price and the ballots give {right}",
        "แถวนี้ระบุ {claimed} แต่คำนวณจากราคาและบัตรได้ {right}",
    ),
    "recount-winner": Text(
        "place {place} has {claimed}; the recount gives {right}",
        "ลำดับที่ {place} คือ {claimed} แต่การนับซ้ำได้ {right}",
    ),
    "terms": Text(
        "the bundle says {claimed}; by its own rules it is {right}",
        "ชุดผลระบุ {claimed} แต่ตามกติกาของชุดผลเองต้องเป็น {right}",
    ),
}

LEFT = {
    "left-missing": Text(
        "the properties of the outcome: a file is missing",
        "ผลตรงตามกติกาหรือไม่: ชุดผลขาดไฟล์",
    ),
    "left-inputs": Text(
        "the properties of the outcome: the ballots contradict themselves",
        "ผลตรงตามกติกาหรือไม่: ข้อมูลในบัตรขัดกันเอง",
    ),
    "left-rules": Text(
        "the properties of the outcome: its rules are not known",
        "ผลตรงตามกติกาหรือไม่: ไม่รู้จักกติกาของชุดผลนี้",
    ),
    "left-outcome": Text(
        "the properties of the outcome: it cannot be read",
        "ผลตรงตามกติกาหรือไม่: อ่านผลไม่ได้",
    ),
    "left-recount": Text(
        "the recount by the slow reference: the election is too large for it ({entries:,} ballot entries, {steps:,} "
        "endowments)",
        "การนับซ้ำด้วยวิธีช้า: การเลือกนี้ใหญ่เกินไป ({entries:,} รายการในบัตร {steps:,} ขั้นของส่วนแบ่ง)",
    ),
}

_ALL = {**FILE, **META, **VOTES, **NOTES, **COUNT, **BUNDLE, **PROOF, **LEFT}


def sentence(code: str, language: str, **params: Any) -> str:
    """What is wrong, in `language` (`en` or `th`)."""
    text = _ALL[code]
    return (text.th if language == "th" else text.en).format(**params)


def mend(code: str, language: str, **params: Any) -> str:
    """How to mend it, in `language` (`en` or `th`); empty for a note."""
    text = _ALL[code]
    return (text.mend_th if language == "th" else text.mend_en).format(**params)
