"""What people read about files: each code's sentence and how to mend it, in English and Thai."""

from typing import Any

from okat.engine.allocation import texts as engine
from okat.engine.allocation.texts import Text

INPUT = {
    "missing-file": Text(
        "the file is missing",
        "ไม่พบไฟล์",
        "put {file} into the folder",
        "ใส่ไฟล์ {file} ในโฟลเดอร์",
    ),
    "two-files": Text(
        "preferences stand in two files, .csv and .parquet",
        "มีไฟล์ preferences สองไฟล์ ทั้ง .csv และ .parquet",
        "keep the one that counts",
        "เก็บไว้เฉพาะไฟล์ที่ใช้จริง",
    ),
    "too-large": Text(
        "the file is larger than {limit:,} bytes or {rows:,} rows",
        "ไฟล์ใหญ่เกิน {limit:,} ไบต์ หรือเกิน {rows:,} แถว",
        "split the round, or call the engine on arrays",
        "แบ่งรอบ หรือเรียกเครื่องคำนวณด้วยข้อมูลแบบอาร์เรย์",
    ),
    "empty-file": Text(
        "the file is empty",
        "ไฟล์ว่าง",
        "its first line names the columns: {columns}",
        "บรรทัดแรกต้องเป็นชื่อคอลัมน์: {columns}",
    ),
    "no-rows": Text(
        "the file names its columns but has no row",
        "ไฟล์มีชื่อคอลัมน์แต่ไม่มีข้อมูล",
        "add the rows",
        "เพิ่มแถวข้อมูล",
    ),
    "encoding": Text(
        "the line is not UTF-8 text ({guess})",
        "บรรทัดนี้ไม่ใช่ข้อความ UTF-8 ({guess})",
        "save the file as 'CSV UTF-8'",
        "บันทึกไฟล์เป็น 'CSV UTF-8'",
    ),
    "not-csv": Text(
        "the line cannot be read as CSV: {reason}",
        "อ่านบรรทัดนี้เป็น CSV ไม่ได้: {reason}",
        "close the quotation marks and remove control characters",
        "ปิดเครื่องหมายคำพูดให้ครบ และลบอักขระควบคุม",
    ),
    "not-parquet": Text(
        "the file cannot be read as Parquet: {reason}",
        "อ่านไฟล์เป็น Parquet ไม่ได้: {reason}",
        "write it again, or use CSV",
        "บันทึกใหม่ หรือใช้ CSV",
    ),
    "columns": Text(
        "the columns are {found}",
        "คอลัมน์ที่พบคือ {found}",
        "name exactly these columns: {columns} (all that stands here goes into the bundle)",
        "ใช้คอลัมน์เหล่านี้เท่านั้น: {columns} (ทุกอย่างในไฟล์จะเข้าไปอยู่ในชุดผล)",
    ),
    "cells": Text(
        "the row has {found} cells, the header {expected}",
        "แถวนี้มี {found} ช่อง แต่หัวตารางมี {expected}",
        "check for a missing or an extra comma",
        "ตรวจว่าจุลภาคขาดหรือเกิน",
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
    "not-number": Text(
        "{value!r} is not a whole or decimal number",
        "{value!r} ไม่ใช่จำนวนเต็มหรือทศนิยม",
        "write digits with a point, such as 71 or 71.5",
        "เขียนตัวเลขโดยใช้จุดทศนิยม เช่น 71 หรือ 71.5",
    ),
    "reserves": Text(
        "{value!r} is not a list of group:seats",
        "{value!r} ไม่ใช่รายการ กลุ่ม:ที่นั่ง",
        "write women:2|disabled:1 in the order in which the groups choose",
        "เขียนแบบ women:2|disabled:1 ตามลำดับที่กลุ่มได้เลือก",
    ),
    "seed": Text(
        "the seed is empty or has a character that nobody can see",
        "รหัสสุ่มว่าง หรือมีอักขระที่มองไม่เห็น",
        "give the published seed",
        "ใส่รหัสสุ่มที่ประกาศ",
    ),
}

BUNDLE = {
    "archive": Text("the archive holds {name!r}: {reason}", "ชุดผลมี {name!r}: {reason}"),
    "missing-member": Text("the bundle lacks this file", "ชุดผลขาดไฟล์นี้"),
    "unknown-member": Text("the bundle holds a file that no decision of this kind has", "ชุดผลมีไฟล์ที่ไม่ควรมีในชุดผลประเภทนี้"),
    "digest": Text(
        "the file's SHA-256 is {found}, decision.json says {claimed}",
        "SHA-256 ของไฟล์คือ {found} แต่ decision.json ระบุ {claimed}",
    ),
    "rules": Text("the rules are not those of a known version: {reason}", "กติกาไม่ตรงกับรุ่นที่รู้จัก: {reason}"),
    "seed-missing": Text("decision.json has no seed", "decision.json ไม่มีรหัสสุ่ม"),
    "seed-differs": Text(
        "the bundle's seed is {claimed!r}, the published one {right!r}",
        "รหัสสุ่มในชุดผลคือ {claimed!r} แต่ที่ประกาศคือ {right!r}",
    ),
    "seed-protocol": Text(
        "the seed does not follow from what was published: {reason}",
        "รหัสสุ่มไม่ได้มาจากสิ่งที่ประกาศไว้: {reason}",
    ),
    "inputs-differ": Text(
        "the file is not the published one (SHA-256 {right})", "ไฟล์นี้ไม่ใช่ไฟล์ที่ประกาศ (SHA-256 {right})"
    ),
    "unreadable-file": Text("{reason}", "{reason}"),
    "duplicate-row": Text("{key} stands here a second time", "{key} มีซ้ำเป็นครั้งที่สอง"),
    "malformed-row": Text("{reason}", "{reason}"),
    "refill-mark": Text(
        "only a decision after released seats has releases.csv and the mark 'refill' with its version and the SHA-256 "
        "of the bundle before it: {reason}",
        "เฉพาะผลหลังมีการคืนที่นั่งเท่านั้นที่มี releases.csv และเครื่องหมาย 'refill' พร้อมฉบับและ SHA-256 ของชุดผลก่อนหน้า: {reason}",
    ),
    "root": Text(
        "the root is {claimed}; the commitments give {right}",
        "รากที่ระบุคือ {claimed} แต่คำนวณจากค่าผูกมัดได้ {right}",
    ),
    "own-row": Text("{reason}", "แถวของท่านกับชุดผลไม่ตรงกัน: {reason}"),
    "summary": Text(
        "decision.json says {name} = {claimed}; the files say {right}",
        "decision.json ระบุ {name} = {claimed} แต่ไฟล์แสดงว่าเป็น {right}",
    ),
    "certificate": Text(
        "certificate.json says {name} = {claimed}; the check says {right}",
        "certificate.json ระบุ {name} = {claimed} แต่การตรวจได้ {right}",
    ),
}

LEFT = {
    "left-missing": Text(
        "the properties of the outcome: a file is missing",
        "ผลตรงตามกติกาหรือไม่: ชุดผลขาดไฟล์",
    ),
    "left-inputs": Text(
        "the properties of the outcome: the inputs contradict themselves",
        "ผลตรงตามกติกาหรือไม่: ข้อมูลที่ใช้ตัดสินขัดกันเอง",
    ),
    "left-outcome": Text(
        "the properties of the outcome: it cannot be read",
        "ผลตรงตามกติกาหรือไม่: อ่านผลไม่ได้",
    ),
    "left-recount": Text(
        "the recount by the slow reference: {preferences:,} preferences are more than {limit:,}; stability is proved, "
        "that it is the applicants' best is not",
        "การคิดซ้ำด้วยวิธีช้า: มี {preferences:,} รายการที่อยากได้ เกิน {limit:,} "
        "พิสูจน์แล้วว่าไม่มีใครถูกข้าม แต่ยังไม่ได้พิสูจน์ว่าดีที่สุดสำหรับผู้สมัคร",
    ),
    "left-draw": Text(
        "how the seed came about, and that this is the result of any round: the bundle holds no draw and no root that "
        "could be compared with a round's page",
        "เมล็ดสุ่มได้มาอย่างไร และเป็นผลของรอบใดหรือไม่: ชุดผลนี้ไม่มีการจับสลากและไม่มีรากให้เทียบกับหน้ารอบ",
    ),
    "left-seats": Text(
        "each seat: proved by your own row and by the named auditors",
        "แต่ละที่: พิสูจน์ด้วยแถวของท่านเอง และโดยผู้ตรวจที่ประกาศชื่อไว้",
    ),
    "left-root": Text(
        "that everybody was given this same bundle: compare its root {root} with “Fingerprint of each version of the "
        "result” on the round's page",
        "ทุกคนได้ชุดตรวจเดียวกันนี้หรือไม่: เทียบราก {root} กับ “ลายนิ้วมือของผลแต่ละฉบับ” ในหน้ารอบ",
    ),
    "left-head": Text(
        "capacities, policy, totals, bands and draw: in a bundle of this first format the root binds only rows and "
        "cut-offs, so another bundle may say other things under the same root",
        "จำนวนที่ กติกา ยอดรวม ช่วงคะแนน และการจับสลาก: ชุดตรวจรูปแบบแรกนี้ รากผูกมัดเฉพาะแถวและเส้นตัด "
        "ชุดอื่นที่มีรากเดียวกันจึงอาจบอกต่างไปได้",
    ),
    "left-version": Text(
        "the row is of version {version}, the bundle of version {bundle}: take your row in the published version from "
        "your result's page, or compare the root {root} with that of version {version} under “Fingerprint of each "
        "version of the result” on the round's page",
        "แถวของท่านเป็นของผลฉบับที่ {version} แต่ชุดตรวจเป็นฉบับที่ {bundle} ให้เอาแถวในฉบับที่ประกาศจากหน้าผลของท่าน "
        "หรือเทียบราก {root} กับของฉบับที่ {version} ใต้ “ลายนิ้วมือของผลแต่ละฉบับ” ในหน้ารอบ",
    ),
    "left-small": Text(
        "above or below at “{where}” ({name}), where fewer than ten hold the places: checked by the named auditors "
        "({who})",
        "สูงหรือต่ำกว่าเส้นตัดของ “{where}” ({name}) ซึ่งมีไม่ถึงสิบที่: ผู้ตรวจที่ประกาศชื่อไว้เป็นผู้ตรวจ ({who})",
    ),
}

_ALL = {**engine.PROBLEM, **engine.VIOLATION, **INPUT, **BUNDLE, **LEFT}


def sentence(code: str, language: str, **params: Any) -> str:
    """What is wrong, in `language` (`en` or `th`)."""
    text = _ALL[code]
    return (text.th if language == "th" else text.en).format(**params)


def mend(code: str, language: str, **params: Any) -> str:
    """How to mend it, in `language` (`en` or `th`); empty where only the writer of the bundle can."""
    text = _ALL[code]
    return (text.mend_th if language == "th" else text.mend_en).format(**params)
