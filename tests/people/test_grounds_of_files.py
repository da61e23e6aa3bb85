"""Nobody with a no, and nobody without a ground that a person said, is ever stored from a file."""

import datetime as dt
import json
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook
from tests.people.conftest import City
from tests.people.test_imports import load, workbook
from tests.people.test_office_tables import HERE, PLACE
from tests.said_law import say_law
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.partners.actions import settle
from okat.city.partners.models import Membership
from okat.city.partners.rules import Role
from okat.city.people import actions
from okat.city.people.actions import PinRow, pin_many, run_import, set_columns, upload
from okat.city.people.models import ColumnMapping, Grant, ImportBatch, Person
from okat.city.people.queries.imports import Checked, check, check_batch
from okat.city.people.rules import Law, PeopleError
from okat.cli import main
from okat.files.office.agreeing import asks, denies
from okat.files.office.refusing import holds_a_no, refuses
from okat.files.office.vocabulary import vocabulary

DISABLED = [*PLACE, "ประเภทความพิการ"]
MARKS = [
    "/", "✓", "✔", "x", "✗", "1", "2", "0", "ใช่", "ไม่", "มี", "yes", "no", "รอ", "ยังไม่ได้ถาม",
    "เซ็นแล้ว", "บางส่วน", "-", "",
]  # fmt: skip
NO = [
    "ไม่ยินยอม", "ไม่ ยินยอม", "ไมยินยอม", "ไม่ให้ความยินยอม", "ไม่ได้ยินยอม", "ไม่ขอยินยอม",
    "ยังไม่ยินยอม", "ไม่อนุญาต", "ไม่ยอม", "ไม่ยอม (กลัว)", "ไม่ขอให้ข้อมูล", "ไม่ให้ข้อมูล",
    "ไม่ประสงค์", "ไม่ประสงค์จะเปิดเผย", "ไม่ประสงค์ออกนาม", "ปฏิเสธ", "ปฏิเสธการให้ข้อมูล",
    "สงวนสิทธิ์", "ขอสงวนสิทธิไม่เปิดเผย", "ถอนความยินยอม", "/ถอนแล้ว 1 ต.ค. 69", "ถอน", "ขอถอนตัว",
    "เพิกถอนแล้ว", "ยกเลิกความยินยอม", "คัดค้าน", "ไม่สมัครใจ", "ไม่ต้องการให้เก็บข้อมูล",
    "ไม่สะดวกให้ข้อมูล", "ไม่เปิดเผย", "ห้ามเผยแพร่", "งดเปิดเผยข้อมูล", "ขอลบข้อมูล", "ไม่ให้",
    "no consent", "does not agree", "didn't consent", "Refused", "withdrawn", "opted out",
    "opt-out", "objects", "declined", "revoked",
]  # fmt: skip
NO_BY_BUILD = [
    "ไม่ให้นำข้อมูลไปใช้", "ไม่ต้องเก็บข้อมูล", "ขอให้ลบ", "ขอตัดชื่อออก 5 พ.ย. 69", "ห้ามเอาชื่อไปลง",
    "แจ้งยกเลิก", "โทรมาขอออกจากโครงการ", "ไม่ให้ส่งต่อ", "ไม่อยากให้มีชื่อในรายชื่อ", "ไม่ขอเข้าร่วมโครงการ",
    "ไม่ต้องการให้ใครรู้ชื่อ ไม่ให้ลงชื่อ", "อย่าเอาข้อมูลไปให้ใคร", "อย่าเปิดเผยชื่อ", "อย่าลงรูป",
    "ห้ามถ่ายรูป", "ห้ามส่งข้อมูลให้หน่วยงานอื่น", "ห้ามใช้ข้อมูล", "งดลงชื่อในประกาศ", "งดเผยแพร่ภาพ",
    "ยกเลิกการใช้ข้อมูล", "ยกเลิกการเข้าร่วมโครงการ", "เลิกเข้าโครงการแล้ว", "ลบข้อมูลออก", "ลบชื่อด้วย",
    "ให้ลบชื่อออก", "ขอลบ 3 พ.ย. 69", "ตัดชื่อออกแล้ว", "ตัดรายชื่อ", "เอาชื่อออก", "ขอเอาชื่อออกจากบัญชี",
    "นำรายชื่อออก", "ชื่อนี้ห้ามลง", "ข้อมูลขอให้ลบ", "รูปไม่ให้ใช้", "ชื่อไม่ต้องลง", "ออกจากโครงการ",
    "ขอออกจากทะเบียนผู้รับบริการ", "ขอออกจากระบบ", "ออกจากรายชื่อแล้ว", "ไม่สะดวกให้ชื่อ", "ไม่ให้เก็บไว้",
    "ไม่ต้องเก็บ", "ไม่ให้ใช้ต่อ", "ห้ามใช้ต่อ", "มิให้เปิดเผย", "มิให้นำชื่อไปลง", "ไม่ควรเปิดเผยชื่อ",
    "ไม่ชอบให้ถ่ายรูป", "หยุดส่งข้อมูล", "ระงับการใช้ข้อมูล", "ยุติการเข้าร่วมโครงการ", "ขอระงับ", "ยกเลิกแล้ว",
    "มาแจ้งขอยกเลิกเมื่อวาน", "ไม่เอาชื่อลงเว็บ", "ไม่ให้แชร์", "ห้ามโพสต์", "ไม่ให้บันทึก",
    "ปฎิเสธ", "ปฏิเสท", "ไม่ยิมยอม", "ไม่อนุยาต", "ไม่ไห้เก็บข้อมูน", "มิประสงค์", "ห้ามลงเว็บ", "ไม่ให้เอาไปลงเฟซ",
    "do not keep the data", "don't use my name", "remove from the list", "please delete", "asked to be removed",
    "stop sharing the data", "delete her record", "take him off the list", "must not be published",
    "does not want to be in the project", "never publish", "cancel the record",
    "ไม่ให้เอาข้อมูลไปใช้", "ไม่ให้เก็บข้อมูลแล้ว", "ไม่อยากให้เก็บชื่อ", "ไม่อนุญาติให้ใช้รูป",
    "ขอให้เอาชื่อออกจากโครงการ", "ขอถอนตัวจากโครงการ", "ขอลาออกจากโครงการ", "ลาออกจากโครงการแล้ว",
    "ไม่เข้าร่วมโครงการแล้ว", "ไม่ร่วมโครงการ", "ไม่เอาแล้ว ขอถอน", "ไม่ให้ลงชื่อ", "ไม่ให้ใช้ชื่อ",
    "ไม่ให้ประกาศชื่อ", "ห้ามประกาศชื่อ", "ห้ามบอกใคร", "ห้ามแจ้งหน่วยงานอื่น", "ห้ามส่งต่อข้อมูล",
    "ไม่ให้ส่งต่อให้หน่วยงานอื่น", "ไม่ให้ส่งข้อมูลให้จังหวัด", "อย่าลงชื่อ", "อย่าเก็บชื่อไว้", "ลบออกจากระบบ",
    "ลบออกด้วย", "ลบออก", "ให้ลบออกจากรายชื่อ", "ขอลบข้อมูลทั้งหมด", "ขอให้ลบข้อมูลของแม่ออก",
    "ตัดออกจากรายชื่อ", "ตัดออกจากโครงการ", "ตัดออก", "เอาออกจากรายชื่อ", "เอาออก", "นำออกจากบัญชีรายชื่อ",
    "ขีดชื่อออก", "คัดชื่อออก", "ไม่ต้องใส่ชื่อ", "ไม่ต้องเอาชื่อไปใส่", "ไม่ต้องบันทึกข้อมูล",
    "ไม่ต้องส่งรายชื่อ", "ไม่ประสงค์ให้เปิดเผย", "ไม่ประสงค์เข้าร่วม", "ไม่ยอมให้เก็บข้อมูล",
    "ไม่ยอมให้ถ่ายรูป", "ไม่ยอมเซ็น", "ไม่ยอมเซ็นยินยอม", "ปฏิเสธให้ข้อมูล", "ปฏิเสธการเข้าร่วม",
    "ขอยกเลิกการเข้าร่วม", "ยกเลิกข้อมูล", "ยกเลิกชื่อ", "ยกเลิก", "งดใช้ข้อมูล", "งดเก็บข้อมูล", "งดให้ข้อมูล",
    "งดประชาสัมพันธ์", "หยุดใช้ข้อมูล", "หยุดเก็บข้อมูล", "ลูกสาวโทรมาบอกให้ลบชื่อ", "ลูกชายไม่ให้เก็บข้อมูล",
    "ญาติไม่ยินยอม", "ลูกไม่ให้ลงข้อมูล", "เปลี่ยนใจ ไม่ให้ข้อมูล", "เปลี่ยนใจไม่เข้าโครงการ",
    "ไม่เอาข้อมูลลงระบบ", "ไม่พร้อมให้ข้อมูล", "ไม่ต้องการเข้าร่วมโครงการ", "ไม่ต้องการอยู่ในรายชื่อ",
    "ไม่ขอรับบริการและไม่ให้เก็บข้อมูล", "ขอไม่ให้ข้อมูล", "ขอไม่เปิดเผยชื่อ", "ขอไม่ลงชื่อ", "ขอไม่เข้าร่วม",
    "ขอสงวนข้อมูล", "ข้อมูลห้ามเผยแพร่", "ชื่อขอให้เอาออก", "ประวัติขอให้ลบ", "ทำลายข้อมูล", "ขอให้ทำลายเอกสาร",
    "ไม่เซ็น", "ไม่ลงนาม", "do not store", "do not share", "don't share", "please remove", "remove name",
    "remove me", "not to be shared", "no sharing", "no photo", "no publication", "do not publish",
    "data not to be used", "name not to be listed", "delete", "asked to leave the project", "left the project",
    "leave the project", "opted out of the project", "does not want to take part",
    "does not want her name shown", "keep off the list", "off the list", "stop using my data", "cancelled",
    "cancel", "no longer agrees", "not agreed", "does not give permission", "must not be passed on",
    "never share",
]  # fmt: skip
NOT_NO = [
    "ไม่ยอมไปโรงเรียน", "ไม่ยอมกินยา", "ปฏิเสธโรคประจำตัว", "ปฏิเสธการแพ้ยา", "ถอนฟัน", "ถ่อนนาลับ",
    "รับจ้างย้อมผ้า", "ไม่มีรายได้", "ไม่มี", "ไม่ได้เรียน", "ไม้ขีด", "ยินยอม", "ยินยอมให้เก็บข้อมูล", "note",
    "Norway", "agreed", "ไม่ประสงค์รับเบี้ย", "นายมิตร อนุญาตกิจ", "ทางการเห็น", "ไม่มีใบอนุญาตทำงาน",
    "ไม่มีใบอนุญาตขับขี่", "declining health", "ไม่ชอบอยู่คนเดียว", "ไม่ให้ลูกไปโรงเรียน", "ไม่ต้องใช้รถเข็น",
    "ไม่ได้ใช้สิทธิ", "ไม่มีชื่อในทะเบียนบ้าน", "ไม่มีข้อมูล", "ไม่ทราบชื่อบิดา", "ข้อมูลไม่ครบ",
    "ชื่อไม่ตรงกับบัตร", "ไม่เคยเข้าร่วมโครงการ", "ยังไม่ได้เข้าโครงการใด", "ไม่มีบัตร", "ไม่รู้หนังสือ",
    "ไม่ต้องการความช่วยเหลือ", "ไม่อยากรบกวนลูก", "ไม่อยากไปโรงพยาบาล", "ไม่สะดวกเดินทาง", "ไม่พร้อมทำงาน",
    "ไม่ขอรับเบี้ย", "ไม่ยอมออกจากบ้าน", "ไม่ยอมพูด", "ห้ามยกของหนัก", "ห้ามกินเค็ม", "งดเหล้าแล้ว",
    "งดน้ำงดอาหาร", "อย่าให้เดินไกล", "เลิกเหล้าแล้ว", "เลิกเรียน ม.2", "เลิกใช้ยาแล้ว",
    "เข้าโครงการเลิกบุหรี่", "หยุดเรียนกลางคัน", "หยุดยาเอง", "ระงับปวด", "ตัดเย็บเสื้อผ้า", "ตัดผม", "ตัดขา",
    "ขอตัดแว่น", "ผลเลือดเป็นลบ", "ลบรอยสัก", "ออกจากงาน", "ออกจากโรงเรียน", "หลุดออกจากระบบการศึกษา",
    "ออกจากบ้านไม่ได้", "ออกจากโรงพยาบาล 3 พ.ย.", "ลาออกจากราชการ", "ย้ายออกจากทะเบียนบ้าน", "ปฏิเสธการรักษา",
    "ปฏิเสธการผ่าตัด", "ยกเลิกบัตรคนพิการ", "ยกเลิกนัดหมอ", "ถอนเงินไม่ได้", "เปลี่ยนชื่อใหม่",
    "ชื่อเล่นแดง ไม่ชอบผัก", "ลงชื่อไม่ได้ พิมพ์ลายนิ้วมือแทน", "อยากเข้าโครงการ", "อยากให้มีชื่อในรายชื่อ",
    "ยินดีให้ถ่ายรูป", "ให้ข้อมูลดี", "ไม่ไหวแล้ว", "ไม่ใหม่ไม่เก่า", "does not walk", "no income",
    "no data yet", "stop smoking programme", "not in school", "never married", "takes medicine", "left school",
    "does not share a room", "cannot keep still",
    "ไม่ให้ออกจากบ้าน", "ไม่ให้ยืมเงิน", "ไม่ให้กินหวาน", "ไม่ให้ทำงานหนัก", "ไม่ให้เงินลูก",
    "ไม่ให้ลูกใช้โทรศัพท์", "ไม่ต้องใช้แว่น", "ไม่ต้องส่งลูกเรียน", "ไม่ต้องกินยา", "ไม่ต้องดูแลใกล้ชิด",
    "ไม่ต้องรับยาต่อ", "ไม่อยากมาเรียน", "ไม่อยากเรียนต่อ", "ไม่อยากเข้าสังคม", "ไม่อยากพบใคร",
    "ไม่อยากใช้รถเข็น", "ไม่ขอบ้านใหม่", "ไม่ยอมใช้ไม้เท้า", "ไม่ยอมเข้าห้องน้ำ", "ไม่ยอมอาบน้ำ",
    "ไม่ยอมรับว่าป่วย", "ไม่ยอมไปหาหมอ", "ไม่ยอมให้ใครช่วย", "ไม่ยอมให้หมอตรวจ", "ไม่ชอบออกจากบ้าน",
    "ไม่เคยเรียนหนังสือ", "ไม่ได้รับเบี้ย", "ไม่ได้รับการดูแล", "ไม่ได้ลงทะเบียนรับสิทธิ", "ไม่ได้ขึ้นทะเบียน",
    "ยังไม่ขึ้นทะเบียนคนพิการ", "ไม่มีรายชื่อในระบบ", "ไม่พบข้อมูล", "ไม่พบชื่อในทะเบียน", "ข้อมูลยังไม่ครบ",
    "ข้อมูลไม่ตรง", "ชื่อไม่ตรง", "เลิกกับสามี", "เลิกจ้าง", "เลิกงานห้าโมง", "เลิกเล่นพนัน", "เลิกยา",
    "หยุดงาน", "หยุดพักฟื้น", "หยุดเรียน", "ห้ามกินของมัน", "ห้ามยืนนาน", "ห้ามขับรถ", "ห้ามใช้แรง",
    "ห้ามใช้แรงงานหนัก", "ห้ามเข้าใกล้ไฟ", "งดสูบบุหรี่", "งดของหวาน", "งดออกกำลังกาย", "อย่าลืมโทรหา",
    "อย่าให้ยกของ", "อยากเก็บเงิน", "อยากลงชื่อเรียนเย็บผ้า", "อยากให้ส่งต่อ", "อย่างดี", "อย่างไรก็ได้",
    "ยกเลิกสัญญาเช่า", "ยกเลิกบัตรทอง", "ยกเลิกสิทธิประกันสังคม", "ยกเลิกการเรียน", "ออกจากชุมชน",
    "ออกจากเรือนจำ", "ออกจากคุก", "ออกจากงานเดือนที่แล้ว", "ออกจากระบบโรงเรียน", "ลาออกจากงาน", "ลบกรุ๊ปเลือด",
    "เลือดกรุ๊ปโอลบ", "ตัดนิ้ว", "ตัดมดลูก", "ตัดต้นไม้", "รับจ้างตัดอ้อย", "ตัดสินใจเรียน",
    "ตัดขาดจากครอบครัว", "ตัดไฟ", "ถูกตัดน้ำตัดไฟ", "ปฏิเสธยา", "ปฏิเสธการรับประทานอาหาร",
    "ปฏิเสธการเข้ารับการรักษา", "ปฏิเสธสารเสพติด", "ถอนหมั้น", "ถอนไข้", "ถอนทุน", "ระงับประสาท",
    "ยุติการตั้งครรภ์", "ดึงดัน", "ปลดหนี้", "ปลดประจำการ", "ถอดแว่น", "ถอดฟันปลอม", "ไม่ให้ความสนใจ",
    "no teeth", "no job", "no phone", "cannot walk", "stopped working", "stop drinking", "left the village",
    "lives alone", "never been to school", "does not hear", "cancelled his card", "remove cataract",
    "deleted old number", "not registered", "no record of birth", "no photo on ID card",
    "no name on the house papers", "information not complete", "takes him off the bus", "refused treatment",
]  # fmt: skip
NO_OF_SOMETHING = [
    "สละสิทธิ์", "ม่ยินยอม", "งดให้", "ปกปิดชื่อ", "ขอเป็นความลับ", "ห้ามติดต่อ", "ขอสงวนนาม", "ไม่สะดวกใจ",
    "ไม่ให้ความร่วมมือ", "no data", "do not contact", "removed at her request", "wants out", "nobody may see",
    "ไม่ไหว", "ห้ามเดินไกล", "ขอออก", "เลิกแล้ว", "never mind", "without help",
]  # fmt: skip
NAMES = [first + second for first in "กขคงจฉชซ" for second in ("มล", "รณ", "สน", "วน", "ดม", "นท", "บว")]
POSITIVE = ["ยินยอม", "ความยินยอม", "ยินยอมให้เก็บข้อมูล", "Consent given"]
ASKED = [
    "ไม่ยินยอม", "ไม่ยินยอมให้เก็บข้อมูล", "ไม่ยินยอมให้เก็บข้อมูลสุขภาพและความพิการ",
    "ถอนความยินยอม", "วันที่ถอนความยินยอม", "วันที่ไม่ให้ความยินยอม", "ยินยอม/ไม่ยินยอม",
    "การยินยอม (1=ยินยอม 2=ไม่ยินยอม)", "ยินยอม ✗", "ยินยอม (x)", "(ไม่) ยินยอม", "ยินยอม?",
    "สถานะความยินยอม", "หนังสือยินยอม", "ลงนามยินยอมแล้ว", "ชื่อผู้ยินยอม", "ความยินยอม (ลงชื่อ)",
    "อนุญาตให้ใช้ข้อมูล", "ยอมให้ข้อมูลแก่ อปท.", "ความสมัครใจ", "ขอสงวนสิทธิ์ไม่เปิดเผยข้อมูล",
    "ยินยอมเปิดเผยข้อมูลสุขภาพ", "ยินยอมถ่ายภาพ", "ปฏิเสธ", "คัดค้าน", "ความประสงค์", "PDPA",
    "PDPA Sensitive", "Agree", "Permission", "Opt out", "Opt in?", "Refused", "Withdrawn",
    "Objection", "Consent name", "ให้เก็บข้อมูลได้หรือไม่", "ไม่ให้เก็บข้อมูล", "ข้อมูลส่วนบุคคล",
    "ตกลงหรือไม่",
]  # fmt: skip


def read(city: City, head: list[str], *rows: list[Any], law: str = "", **said: str | None) -> Checked:
    return check(workbook([*rows], head), "x.xlsx", "people", city.education, choices=said, law=law)


def in_pairs(below: tuple[str, str], *rows: list[Any], above: str = "ความยินยอม") -> bytes:
    """A heading merged over two columns, as offices write it; without headings below where these are empty."""
    book, out = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    heads = [["ชื่อ-สกุล", *PLACE, "วิธีให้ความยินยอม", above, None], [None, None, None, None, *below]]
    for row in [*(heads if any(below) else heads[:1]), *rows]:
        sheet.append(row)
    sheet.merge_cells("E1:F1")
    for column in "ABCD" if any(below) else "":
        sheet.merge_cells(f"{column}1:{column}2")
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("text", [*NO, *NO_BY_BUILD])
def test_a_no_is_a_no_in_whatever_words(text: str) -> None:
    assert refuses(text)


@pytest.mark.parametrize("text", NO_OF_SOMETHING)
def test_a_no_of_which_only_a_person_sees_what_it_means_is_one(text: str) -> None:
    assert holds_a_no(text)
    assert not refuses(text)


@pytest.mark.parametrize("place", range(4))
def test_a_line_of_refusers_stops_a_file_that_is_kept_by_law(city: City, place: int) -> None:
    line = ["ผู้ไม่ยินยอมให้เก็บข้อมูล" if at == place else None for at in range(4)]
    rows = [[1, "มา ดี", *HERE], line, [2, "มี ดี", *HERE]]
    found = read(city, ["ที่", "ชื่อ-สกุล", *PLACE], *rows, law=Law.WELFARE)
    assert {error.row for error in found.errors} == {4}  # below a title and the header


@pytest.mark.parametrize("text", NOT_NO)
def test_what_people_refuse_in_life_is_no_no_to_the_record(text: str) -> None:
    assert not refuses(text)


def test_no_heading_that_is_consent_word_for_word_holds_a_no() -> None:
    fields = vocabulary("people").fields
    for name in ("consent", "consent_sensitive", "consent_date", "consent_how", "consent_by"):
        assert [key for key in fields[name].exact if denies(key)] == [], name


@pytest.mark.parametrize("heading", ASKED)
def test_headings_that_ask(heading: str) -> None:
    assert asks(heading)


def test_whatever_speaks_of_consent_in_other_words_stops_the_file(city: City) -> None:
    """All of them in one table; and a table with one of them is stopped by it alone."""
    rows = [[f"{name} ดี", *HERE, "ทางการเห็น", *[mark] * len(ASKED)] for name, mark in zip(NAMES, MARKS, strict=False)]
    found = read(city, ["ชื่อ-สกุล", *DISABLED, *ASKED], *rows, law=Law.WELFARE)
    assert found.mapping is not None
    asked = {guess.letter: guess for guess in found.mapping.guesses if guess.asked}
    assert [guess.heading.split(" / ")[-1] for guess in asked.values()] == ASKED
    assert {guess.field for guess in asked.values()} == {None}
    unsaid = [error.column for error in found.errors if error.code == "consent_column_unsaid"]
    assert unsaid == list(asked)
    left = read(city, ["ชื่อ-สกุล", *DISABLED, *ASKED], *rows, law=Law.WELFARE, **dict.fromkeys(asked))
    assert "consent_column_unsaid" not in {error.code for error in left.errors}


@pytest.mark.parametrize("field", ["consent", "consent_sensitive", "refused", "refused_sensitive", None])
def test_a_cell_that_says_no_lets_nobody_in_whatever_its_column_is(city: City, field: str | None) -> None:
    """A no to health alone, in the column that is about it, keeps health out."""
    rows = [[f"{name} ดี", *HERE, "ทางการเห็น", "วาจา", word] for name, word in zip(NAMES, NO, strict=False)]
    for heading in (*POSITIVE, *ASKED):
        found = read(city, ["ชื่อ-สกุล", *DISABLED, "วิธีให้ความยินยอม", heading], *rows, law=Law.WELFARE, F=field)
        if field in {"consent_sensitive", "refused_sensitive"}:
            kept = [(row.disabilities, row.health_by_law) for row in found.ready]
            assert kept == [((), False)] * len(NO), heading
            continue
        assert found.ready == [], heading
        assert {error.row for error in found.errors} >= {3 + n for n in range(len(NO))}, heading


def test_a_mark_is_a_yes_only_under_a_heading_without_a_no(city: City) -> None:
    marks = dict(zip(NAMES, MARKS, strict=False))
    rows = [[name, *HERE, "วาจา", mark] for name, mark in marks.items()]
    for heading in (*POSITIVE, *ASKED):
        head = ["ชื่อ-สกุล", *PLACE, "วิธีให้ความยินยอม", heading]
        yes = read(city, head, *rows, E="consent")
        agreed = {marks[row.given] for row in yes.ready if row.consents}
        assert agreed == (set() if denies(heading) else {"/", "✓", "✔", "1", "ใช่", "yes"}), heading
        assert {marks[row.given] for row in yes.ready if not row.consents} == {"", "-"}, heading
        no = read(city, head, *rows, law=Law.TASK, E="refused")
        assert {marks[row.given] for row in no.ready} == {"", "-", "0"}, heading
        assert not [row for row in no.ready if row.consents]


@pytest.mark.parametrize(
    "below", [("ยินยอม", "ไม่ยินยอม"), ("ไม่ยินยอม", "ยินยอม"), ("ให้", "ไม่ให้"), ("ใช่", "ไม่ใช่"), ("", "")]
)
@pytest.mark.parametrize("above", ["ความยินยอม", "PDPA", "อนุญาตให้ใช้ข้อมูล"])
def test_a_merged_heading_asks_what_its_columns_are(city: City, below: tuple[str, str], above: str) -> None:
    rows = [["มาลี ดี", *HERE, "วาจา", "/", None], ["สมชาย ดี", *HERE, "วาจา", None, "/"], ["ก ดี", *HERE, "", None, None]]
    data = in_pairs(below, *rows, above=above)
    found = check(data, "x.xlsx", "people", city.education, law=Law.TASK)
    assert found.mapping is not None
    assert [guess.letter for guess in found.mapping.guesses if guess.asked] == ["E", "F"]
    assert {error.code for error in found.errors} == {"consent_column_unsaid"}
    no_first = below[0].startswith("ไม่")
    said: dict[str, str | None] = {"E": "refused", "F": "consent"} if no_first else {"E": "consent", "F": "refused"}
    told = check(data, "x.xlsx", "people", city.education, choices=said, law=Law.TASK)
    assert [(row.given, bool(row.consents), row.law) for row in told.ready] == [
        ("สมชาย" if no_first else "มาลี", True, None), ("ก", False, Law.TASK),
    ]  # fmt: skip
    assert [error.code for error in told.errors] == ["consent_refused"]


def test_two_columns_of_one_heading_and_two_of_one_meaning_are_asked(city: City) -> None:
    for pair in (["ยินยอม", "ยินยอม"], ["ยินยอม", "ความยินยอม"]):
        found = read(city, ["ชื่อ-สกุล", *PLACE, *pair], ["มาลี ดี", *HERE, "/", ""])
        assert found.mapping is not None
        assert [guess.letter for guess in found.mapping.guesses if guess.asked] == ["D", "E"]


def test_a_withdrawal_beside_a_consent_wins(city: City) -> None:
    head = ["ชื่อ-สกุล", *PLACE, "ยินยอมให้เก็บข้อมูล", "วิธีให้ความยินยอม", "ถอนความยินยอม", "ไม่ยินยอมแล้ว"]
    rows = [
        ["มาลี ดี", *HERE, "/", "วาจา", "/ถอนแล้ว 1 ต.ค. 69", ""], ["ก ดี", *HERE, "/", "วาจา", "", "✓"],
        ["ข ดี", *HERE, "/", "วาจา", "1 ต.ค. 69", ""], ["ค ดี", *HERE, "/", "วาจา", "", ""],
    ]  # fmt: skip
    found = read(city, head, *rows, F="refused", G="refused")
    assert [row.given for row in found.ready] == ["ค"]
    assert [(e.row, e.code) for e in found.errors] == [
        (3, "consent_refused"), (4, "consent_refused"), (5, "refusal_unclear"),
    ]  # fmt: skip


def test_a_list_of_those_who_refuse_is_seen_by_its_title(city: City) -> None:
    book, out = Workbook(), BytesIO()
    assert book.active is not None
    for row in (["รายชื่อผู้ไม่ยินยอมให้เก็บข้อมูล", None, None], ["ชื่อ-สกุล", *PLACE], ["มาลี ดี", *HERE]):
        book.active.append(row)
    book.save(out)
    found = check(out.getvalue(), "x.xlsx", "people", city.education, law=Law.TASK)
    assert [(error.row, error.code) for error in found.errors] == [(1, "refusal_beside")]


def test_what_is_not_asked_yet_is_never_taken_for_a_yes_and_a_dash_says_nothing(city: City) -> None:
    head = ["ชื่อ-สกุล", *PLACE, "ยินยอม", "วิธีให้ความยินยอม"]
    found = read(city, head, ["มาลี ดี", *HERE, "-", ""], ["ก ดี", *HERE, "รอ", ""], ["ข ดี", *HERE, "/", "ลงลายมือชื่อ"])
    assert [(row.given, bool(row.consents), row.law) for row in found.ready] == [
        ("มาลี", False, None),
        ("ข", True, None),
    ]
    assert [(error.row, error.code) for error in found.errors] == [(4, "consent_unclear")]
    assert "อย่าใส่เครื่องหมายแทนเจ้าตัว" in found.errors[0].message("th")
    assert found.law_unsaid


@pytest.mark.parametrize(("law", "health"), [("", False), (Law.TASK, False), (Law.WELFARE, True)])
@pytest.mark.parametrize("heading", [None, *POSITIVE])
def test_nobody_is_stored_without_a_ground_that_somebody_said(
    city: City, system: User, law: str, health: bool, heading: str | None
) -> None:
    head, blanks = ["ชื่อ-สกุล", *DISABLED], ["", "-", None]
    rows = [[f"{name} ดี", *HERE, "ทางการเห็น", blank] for name, blank in zip(NAMES, blanks, strict=False)]
    data = workbook(rows if heading else [row[:-1] for row in rows], [*head, *([heading] if heading else [])])
    batch = upload(kind="people", partner=city.education, filename="x.xlsx", data=data, by=system)
    if not law:
        with pytest.raises(PeopleError) as unsaid:
            run_import(batch=batch, by=system)
        assert (unsaid.value.code, Person.objects.count()) == ("law_unsaid", 0)
        return
    done = run_import(batch=say_law(batch=batch, law=Law(law), by=system), by=system)
    assert (done.law, done.lawful, done.imported) == (law, 3, 3)
    assert set(Grant.objects.values_list("basis__law", "sensitive")) == {(law, health)}
    assert {person.care_sealed is not None for person in Person.objects.all()} == {health}


def test_the_action_itself_stores_nobody_of_a_file_without_a_ground(city: City, system: User) -> None:
    batch = load(city, workbook([["มาลี ดี", *HERE]], ["ชื่อ-สกุล", *PLACE]), system)
    rows = [PinRow(area=city.education.area, given="มาลี")]
    with pytest.raises(PeopleError) as unsaid:
        pin_many(rows=rows, partner=city.education, by=system, batch=batch)
    assert (unsaid.value.code, Person.objects.count()) == ("law_unsaid", 0)


def test_only_what_somebody_chose_is_remembered(city: City, system: User) -> None:
    head = ["ชื่อ-สกุล", *PLACE, "ความสมัครใจ", "ถอนความยินยอม"]
    data = workbook([["มาลี ดี", *HERE, "/", ""]], head)
    set_columns(batch=load(city, data, system), choices={"B": "subdistrict"}, by=system)
    kept = ColumnMapping.objects.filter(partner=city.education)
    assert not kept.filter(heading__in=["ความสมัครใจ", "ถอนความยินยอม"]).exists()
    set_columns(batch=load(city, data, system), choices={"D": "consent", "E": "refused"}, by=system)
    again = read(city, head, ["ก ดี", *HERE, "/", "/"], ["ข ดี", *HERE, "/", ""], law=Law.TASK)
    assert again.mapping is not None
    assert [(guess.field, guess.asked) for guess in again.mapping.guesses[3:]] == [
        ("consent", False),
        ("refused", False),
    ]


def test_a_law_is_said_of_these_rows_and_by_this_office(city: City, system: User) -> None:
    """Not of rows that are read another way since, nor for whoever takes the file over."""
    head = ["ชื่อ-สกุล", *PLACE, "อนุญาตให้ใช้ข้อมูล", "วิธีให้ความยินยอม"]
    data = workbook([["มาลี ดี", *HERE, "อนุญาต", "วาจา"], ["ก ดี", *HERE, "", ""]], head)
    said = {"D": None}
    batch = set_columns(batch=load(city, data, system), choices=said, by=system)
    batch = say_law(batch=batch, law=Law.TASK, by=system)
    assert (batch.lawful, check_batch(batch).law_unsaid) == (2, False)
    ImportBatch.objects.filter(pk=batch.pk).update(mapping={"D": "consent"})  # as a heading learnt elsewhere is read
    changed = ImportBatch.objects.get(pk=batch.pk)
    assert check_batch(changed).law_unsaid
    with pytest.raises(PeopleError) as unsaid:
        run_import(batch=changed, by=system)
    assert (unsaid.value.code, Person.objects.count()) == ("law_unsaid", 0)
    again = say_law(batch=changed, law=Law.TASK, by=system)
    Membership.objects.create(partner=city.social, user=city.teacher, role=Role.MANAGER, began_on=dt.date(2026, 1, 1))
    settle(partner=city.education, key="10 people.person", to=city.social, by=system)
    theirs = ImportBatch.objects.get(pk=batch.pk)
    assert (theirs.partner, theirs.law) == (city.social, "")
    for change in (
        partial(run_import, batch=again), partial(say_law, batch=again, law=Law.TASK),
        partial(set_columns, batch=again, choices=said), partial(actions.drop_import, batch=again),
        partial(actions.undo_import, batch=again),
    ):  # fmt: skip
        with pytest.raises(PeopleError) as refused:
            change(by=system)
        assert refused.value.code == "import_handed"
    assert run_import(batch=say_law(batch=theirs, law=Law.TASK, by=system), by=system).imported == 2


def test_the_pages_ask_for_the_law_and_say_it(city: City, client: Client) -> None:
    sign_in_fully(client, city.officer)
    data = workbook([["มาลี ดี", *HERE, "ทางการเห็น", "/"], ["ก ดี", *HERE, "", ""]], ["ชื่อ-สกุล", *DISABLED, "ความสมัครใจ"])
    batch = upload(kind="people", partner=city.social, filename="a.xlsx", data=data, by=city.officer)
    page = reverse("people:import-batch", args=[batch.pk])
    to, run = reverse("people:import-columns", args=[batch.pk]), reverse("people:import-run", args=[batch.pk])

    def seen() -> str:
        return client.get(page, headers={"accept-language": "th"}).content.decode()

    assert "มี 1 คอลัมน์ที่พูดถึงความยินยอม" in seen()
    assert '<option value="?" selected>' in seen()
    said = {"column_A": "full_name", "column_B": "subdistrict", "column_C": "district", "column_D": "disabilities"}
    client.post(to, {**said, "column_E": "?"})  # another column was corrected; of this one nobody said anything
    assert "มี 1 คอลัมน์ที่พูดถึงความยินยอม" in seen()
    client.post(to, {**said, "column_E": ""})
    assert "2 แถวไม่มีความยินยอมในไฟล์" in seen()
    assert run not in seen()
    client.post(run)
    client.post(to, {"of_law": "1"})
    client.post(to, {"of_law": "1", "law": "s1", "rows": "2"})
    assert (ImportBatch.objects.get().law, Person.objects.count()) == ("", 0)
    client.post(to, {"of_law": "1", "law": "s26_5", "rows": "2"})
    assert "2 แถวนำเข้าโดยไม่มีความยินยอม ตามกฎหมาย: งานสุขภาพหรือ" in seen()
    client.post(run)
    assert Person.objects.count() == 2
    assert "2 แถวตามกฎหมาย: งานสุขภาพหรือ" in seen()
    person = reverse("people:person", args=[Person.objects.get(given="มาลี").pk])
    assert "26(5)" in client.get(person, headers={"accept-language": "th"}).content.decode()


def test_the_command_asks_for_both(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("okat.config.commands.boot", lambda: None)
    file = tmp_path / "a.xlsx"
    rows = [["มาลี ดี", *HERE, "อนุญาต", "วาจา"], ["ก ดี", *HERE, "", ""]]
    file.write_bytes(workbook(rows, ["ชื่อ-สกุล", *PLACE, "อนุญาตให้ใช้ข้อมูล", "วิธีให้ความยินยอม"]))

    def run(*more: str) -> tuple[int, dict[str, Any], list[str]]:
        done = CliRunner().invoke(main, ["import", "people", str(file), "--partner", "education", "--json", *more])
        told = json.loads(done.stdout)
        return done.exit_code, told, [error["code"] for error in told["errors"]]

    assert run("--by-law", "s24_4")[::2] == (2, ["consent_column_unsaid"])
    assert run("--column", "D=consent")[::2] == (2, ["law_unsaid"])
    assert not Person.objects.exists()
    code, told, wrong = run("--column", "D=consent", "--by-law", "s24_4")
    assert (code, told["imported"], told["law"], told["lawful"], told["by_consent"], wrong) == (0, 2, "s24_4", 1, 1, [])
    bases = {grant.person.given: grant.basis.law if grant.basis else "" for grant in Grant.objects.all()}
    assert bases == {"มาลี": "", "ก": "s24_4"}
