"""The one list of what must hold before a city is served. `okat check` prints it, `okat serve` and the server ask it.

What is refused would let anybody read or change people's data, or serve nobody; what is warned about works, and
probably not as meant.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlparse

from okat.config import environment, keys
from okat.config.faults import OperatorError

TURNS = 5  # tries at the database, a second apart


class RefusedError(OperatorError):
    """The city may not be served like this; the message lists why and how to mend it."""


@dataclass(frozen=True)
class Item:
    """`refused` where it stops the start; `what` says what is looked at (Thai, English), `th` and `en` what is wrong
    and how to mend it."""

    code: str
    what: tuple[str, str]
    th: str
    en: str
    refused: bool = True


ITEMS = {item.code: item for item in (
    Item("database_silent", ("ฐานข้อมูลตอบ", "the database answers"),
         "ฐานข้อมูลไม่ตอบ จึงตรวจไม่ได้ว่าในนั้นมีอะไร ดูว่าเปิดอยู่และ DATABASE_URL ถูกต้อง",
         "The database does not answer, so nobody can say what is in it. See that it runs and that DATABASE_URL is "
         "right."),
    Item("demo_unsaid", ("เมืองที่มีคนจริงบอกว่าเป็นเมืองจริง", "a city with real people says that it is real"),
         "มีบัญชีผู้ใช้จริงอยู่ แต่ไม่ได้ตั้ง OKAT_DEMO ถ้าเป็นเมืองจริงให้ตั้ง OKAT_DEMO=0 ถ้าไว้ลองกับคนสมมติให้ตั้ง OKAT_DEMO=small",
         "There are accounts of real people, and OKAT_DEMO is not set. A real city sets OKAT_DEMO=0; one for "
         "trying, with made-up people only, OKAT_DEMO=small."),
    Item("demo_accounts", ("ไม่มีบัญชีสาธิตเปิดอยู่", "no account of the demo can sign in"),
         "บัญชีสาธิตที่รหัสผ่านใครก็รู้ยังเข้าใช้ได้ เมืองจริงเริ่มจากโฟลเดอร์ข้อมูลใหม่ (OKAT_VAR) หรือฐานข้อมูลใหม่",
         "Accounts of the demo, whose password is public, can sign in. A real city starts from an empty data folder "
         "(OKAT_VAR) or database."),
    Item("keys_default", ("ตั้งไฟล์กุญแจแล้ว", "a key file is set"),
         "ยังไม่ได้ตั้ง OKAT_KEYS สร้างไฟล์กุญแจด้วย okat keys new แล้วชี้ OKAT_KEYS ไปที่ไฟล์นั้น",
         "OKAT_KEYS is not set. Make a key file with `okat keys new` and point OKAT_KEYS at it."),
    Item("keys_demo", ("กุญแจไม่ใช่ของระบบสาธิต", "the keys are not a demo's"),
         "ไฟล์กุญแจนี้ระบบสาธิตสร้างไว้ สร้างใหม่ด้วย okat keys new",
         "This key file was made by a demo. Make one with `okat keys new`."),
    Item("keys_readable", ("คนอื่นในเครื่องอ่านกุญแจไม่ได้", "nobody else on the machine reads the keys"),
         "ผู้ใช้อื่นของเครื่องอ่านไฟล์กุญแจได้ สั่ง chmod 600 กับไฟล์นั้น",
         "Other users of this machine can read the key file. Run `chmod 600` on it."),
    Item("keys_weak", ("กุญแจสุ่มจริง", "the keys are random"),
         "กุญแจในไฟล์ไม่ได้สุ่ม (ซ้ำกันหรือเป็นศูนย์) สร้างใหม่ด้วย okat keys new",
         "The keys in the file are not random (equal, or zeros). Make new ones with `okat keys new`."),
    Item("keys_strange", ("กุญแจเป็นของฐานข้อมูลนี้", "the keys are this database's"),
         "ไฟล์กุญแจนี้ไม่ใช่ของฐานข้อมูลนี้ สิ่งที่ผนึกด้วยไฟล์นี้จะเปิดไม่ได้อีก "
         "ชี้ OKAT_KEYS ไปที่ไฟล์ของเมืองนี้ หรือวางไฟล์เดิมกลับที่เดิม",
         "This key file is not the one of this database; what is sealed with it could not be read again. Point "
         "OKAT_KEYS at this city's file, or put the file back where it was."),
    Item("keys_unopened", ("กุญแจเปิดได้ทุกอย่างที่ผนึกไว้", "the keys open all that is sealed"),
         "มีข้อมูลที่ไม่มีกุญแจไหนในไฟล์เปิดได้ มีไฟล์อื่นเคยใช้อยู่ช่วงหนึ่ง "
         "เอาบรรทัดกุญแจจากไฟล์นั้นมาใส่ในไฟล์นี้โดยตั้งชื่ออื่น แล้วสั่ง okat keys rotate",
         "No key in the file opens some of the sealed data: another file was in use for a while. Add that file's key "
         "to this file under another name, and run `okat keys rotate`.", refused=False),
    Item("debug", ("ไม่แสดงข้อมูลภายใน", "the inside of the program is not shown"),
         "OKAT_DEBUG=1 แสดงข้อมูลภายในให้ทุกคนเห็น ตั้งเป็น 0",
         "OKAT_DEBUG=1 shows the inside of the program to everybody. Set it to 0."),
    Item("two_factor", ("เจ้าหน้าที่ยืนยันสองขั้น", "staff have a second factor"),
         "OKAT_TWO_FACTOR=0 เจ้าหน้าที่เข้าได้ด้วยรหัสผ่านอย่างเดียว เอาออกหรือตั้งเป็น 1",
         "OKAT_TWO_FACTOR=0 lets staff in with a password alone. Leave it out, or set it to 1."),
    Item("hosts_any", ("ระบุชื่อเว็บไว้ชัด", "the site's names are named"),
         "OKAT_HOSTS มี * หรือชื่อกว้างอย่าง .org ใครก็ปลอมชื่อเว็บได้ ใส่ชื่อเว็บจริง",
         "OKAT_HOSTS holds a * or a name as wide as .org, so that anybody may make up the site's name. Name the "
         "real ones."),
    Item("url_plain", ("ที่อยู่เว็บเป็น https", "the site's address is https"),
         "OKAT_URL ต้องขึ้นต้นด้วย https:// เป็นที่อยู่ที่คนใช้จริง",
         "OKAT_URL must begin with https:// and be the address that people use."),
    Item("proxy_unsaid", ("รู้ว่าอยู่หลังพร็อกซี", "the proxy in front is told of"),
         "OKAT_URL เป็น https แต่ไม่ได้ตั้ง OKAT_BEHIND_PROXY=1 ระบบรับที่ 127.0.0.1 หลังพร็อกซีเท่านั้น ทุกหน้าจะวนไม่รู้จบ",
         "OKAT_URL is https and OKAT_BEHIND_PROXY is not 1. The site listens on 127.0.0.1 behind a proxy alone, and "
         "without it sends every page on to itself for ever."),
    Item("city_missing", ("มีโฟลเดอร์ของเมือง", "the city's folder is there"),
         "ไม่มีโฟลเดอร์ที่ OKAT_CITY ชี้ไป", "There is no folder at OKAT_CITY."),
    Item("hosts_missing", ("ชื่อเว็บตรงกับที่อยู่", "the site's names hold its address"),
         "OKAT_HOSTS ไม่มีชื่อเว็บของ OKAT_URL",
         "OKAT_HOSTS does not name the host of OKAT_URL."),
    Item("mail_local", ("ส่งจดหมายออกได้", "letters can go out"),
         "ยังไม่ได้ตั้ง OKAT_SMTP_HOST หรือ OKAT_MAIL_FROM จดหมายจะไปไม่ถึงใคร",
         "OKAT_SMTP_HOST or OKAT_MAIL_FROM is not set: letters reach nobody.", refused=False),
    Item("keys_behind", ("ข้อมูลผนึกด้วยกุญแจล่าสุด", "all data are sealed by the newest key"),
         "มีข้อมูลที่ยังผนึกด้วยกุญแจเก่า สั่ง okat keys rotate --finish ก่อนลบกุญแจเก่า",
         "Some data are still sealed by an older key. Run `okat keys rotate --finish` before an older key goes.",
         refused=False),
)}  # fmt: skip


def found(*, thorough: bool = True) -> list[Item]:
    """What does not hold now, in the order of the list. Django is up; a database that does not answer is told.
    `thorough`: also what takes as long as there are people, and refuses nothing."""
    wrong = {*_settings(), *_database(thorough=thorough)}
    return [item for code, item in ITEMS.items() if code in wrong]


def told(code: str) -> str:
    """An item in both languages."""
    return f"{ITEMS[code].th}\n{ITEMS[code].en}"


def refuse() -> None:
    """Raises RefusedError where the city may not be served, KeyFileError where it has data and no key file."""
    from django.conf import settings

    if refused := [item for item in found(thorough=False) if item.refused]:
        if ITEMS["keys_strange"] in refused and keys.unmake(settings.KEY_FILE):
            raise keys.missing(settings.KEY_FILE)
        lines = "\n".join(f"- {item.th}\n  {item.en}" for item in refused)
        raise RefusedError(f"ยังเปิดบริการไม่ได้ / The city is not served:\n{lines}")


def _settings() -> Iterator[str]:
    from django.conf import settings

    if settings.DEMO:
        return
    yield from keys.faults(settings.KEY_FILE)
    site = urlparse(settings.SITE_URL)
    hosts = settings.ALLOWED_HOSTS
    wrong = {
        "keys_default": environment.given("OKAT_KEYS") is None,
        "debug": settings.DEBUG,
        "two_factor": not settings.TWO_FACTOR_REQUIRED,
        "hosts_any": any("*" in host or _public(host) for host in hosts),
        "url_plain": site.scheme != "https" or not site.hostname,
        "proxy_unsaid": site.scheme == "https" and not settings.BEHIND_PROXY,
        "city_missing": not settings.CITY.is_dir(),
        "hosts_missing": not _named(site.hostname or "", hosts),
        "mail_local": settings.DEFAULT_FROM_EMAIL == "okat@localhost" or settings.EMAIL_PORT == 1025,
    }
    yield from (code for code, is_so in wrong.items() if is_so)


def _public(host: str) -> bool:
    """Whether it stands for every name below a word such as org, in which anybody may have a name."""
    host = host.strip()
    return host.startswith(".") and "." not in host.strip(".")


def _named(host: str, hosts: list[str]) -> bool:
    return any(host == one or (one.startswith(".") and host.endswith(one)) for one in map(str.strip, hosts))


def _database(*, thorough: bool) -> Iterator[str]:
    from django.conf import settings
    from django.db import OperationalError, ProgrammingError

    from okat.city.accounts.queries import holds_real_users, open_demo_accounts
    from okat.city.core import key_marks, rotation

    if not _answers():
        yield "database_silent"
        return
    try:
        if not settings.DEMO and open_demo_accounts():
            yield "demo_accounts"
        if settings.DEMO and not os.environ.get("OKAT_DEMO") and holds_real_users():
            yield "demo_unsaid"
        if rotation.behind():
            yield "keys_behind"
        if key_marks.there() and key_marks.strange():
            yield "keys_strange"
        elif thorough and key_marks.unopened():
            yield "keys_unopened"
    except OperationalError:
        yield "database_silent"
    except ProgrammingError:
        return  # it has no tables yet: nobody can sign in either


def _answers() -> bool:
    """Whether the database can be reached; one that is being started has a few seconds."""
    from django.db import OperationalError, connection

    for turn in range(TURNS):
        try:
            connection.ensure_connection()
        except OperationalError:
            if turn < TURNS - 1:
                time.sleep(1)
        else:
            return True
    return False


# What only the database can say; all else but whether it answers is said by the settings.
_INSIDE = {"demo_unsaid", "demo_accounts", "keys_strange", "keys_unopened", "keys_behind"}
_WHY = {
    "demo": ("ไม่ได้ดู เพราะเป็นเมืองสาธิต ดูเมื่อตั้ง OKAT_DEMO=0",
             "Not looked at, for this is a demo: it is with OKAT_DEMO=0."),
    "silent": ("ไม่ได้ดู เพราะฐานข้อมูลไม่ตอบ", "Not looked at: the database does not answer."),
    "strange": ("ไม่ได้ดู เพราะกุญแจไม่ใช่ของฐานข้อมูลนี้", "Not looked at: the keys are not this database's."),
}  # fmt: skip


def _unseen(wrong: set[str]) -> dict[str, tuple[str, str]]:
    """What nobody looked at, and why: that it was not found wrong says nothing."""
    from django.conf import settings

    found = {}
    if "keys_strange" in wrong:
        found["keys_unopened"] = _WHY["strange"]
    if "database_silent" in wrong:
        found |= dict.fromkeys(_INSIDE, _WHY["silent"])
    if settings.DEMO:
        found |= dict.fromkeys(ITEMS.keys() - _INSIDE - {"database_silent"} | {"demo_accounts"}, _WHY["demo"])
    return {code: why for code, why in found.items() if code not in wrong}


def as_rows() -> list[dict[str, Any]]:
    """The whole list, each with whether it holds, None where nobody looked (`why`): for `okat check --json`."""
    wrong = {item.code for item in found()}
    unseen = _unseen(wrong)
    return [
        {
            "code": i.code,
            "holds": None if i.code in unseen else i.code not in wrong,
            "why_th": unseen.get(i.code, ("", ""))[0],
            "why_en": unseen.get(i.code, ("", ""))[1],
            "refused": i.refused,
            "th": i.th,
            "en": i.en,
            "what_th": i.what[0],
            "what_en": i.what[1],
        }
        for i in ITEMS.values()
    ]
