"""What the command line does about keys, backups and accounts; both languages, because it may run anywhere."""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from okat.config import keys
from okat.config.boot import boot
from okat.config.commands import BadInput

Say = Callable[[str], None]
WAIT = 60.0  # seconds that a rotation waits for what was being written when the key changed


def new_keys(path: Path, say: Say) -> None:
    if path.exists() or keys.new_file(path) != path.read_text(encoding="ascii"):  # another was quicker
        raise BadInput(f"มีไฟล์ {path} อยู่แล้ว จึงไม่เขียนทับ / {path} exists and is left as it is.")
    say(
        f"สร้างไฟล์กุญแจ {path} แล้ว ให้เก็บสำเนาแยกจากข้อมูลสำรอง และตั้ง OKAT_KEYS={path}\n"
        f"Wrote {path}. Keep a copy apart from the backups, and set OKAT_KEYS={path}. Whoever loses it loses the data."
    )


def rotate_keys(say: Say, *, finish: bool = False, despite_keys: bool = False) -> None:
    """Finish a rotation that was cut short (or `finish` what was); otherwise make a new first key and wrap every data
    key with it. Raises BadInput where an older key must stay because somebody may still write with it, or where no key
    opens some of what is sealed; all else is done then. `despite_keys`: what no key opens stands in the way of nothing,
    not even where the key that is missing is newer than those at hand."""
    boot()
    from django.conf import settings

    _demo_word(say)
    with keys.hold(settings.KEY_FILE):
        _rotate(say, finish=finish, despite_keys=despite_keys)


def _rotate(say: Say, *, finish: bool, despite_keys: bool) -> None:
    from django.conf import settings

    from okat.city.core import key_marks, rotation
    from okat.config import checks

    shut = key_marks.unopened()
    lost = sum(count for name, count in shut.items() if name != settings.KEYRING.first)
    newer = sorted((name for name in shut if key_marks.newer_elsewhere(name)), key=key_marks.number)
    if newer and not finish and not despite_keys:  # to finish makes no key that another file lacks
        raise BadInput(f"{_elsewhere(newer[-1])}\n{_way_out(shut)}")
    try:
        if finish or rotation.behind() > lost:
            say(f"ทำต่อจากครั้งก่อน / Going on with the rotation to {settings.KEYRING.first}.")
        else:
            keys.rotate(settings.KEY_FILE, taken=key_marks.names(), before=key_marks.reserve)
        key_marks.note()
    except key_marks.OtherKeysError as error:
        raise BadInput(checks.told("keys_strange")) from error
    except key_marks.NameTakenError as error:
        raise BadInput(_elsewhere(str(error))) from error
    moment = rotation.moment()
    closed: set[UUID] = set()
    for done in rotation.rewrap(unopened=closed):
        say(f"{done} ...")
    older, first = rotation.finish(moment, wait=WAIT, unopened=closed), settings.KEYRING.first
    if older or rotation.behind() > len(closed):
        raise BadInput(
            f"กุญแจ {first} ใช้ผนึกแล้ว แต่ยังลบกุญแจเก่าไม่ได้ งานเหล่านี้เริ่มก่อนเปลี่ยนและยังไม่จบ: {', '.join(older)} "
            "รอให้จบแล้วสั่ง okat keys rotate --finish\n"
            f"{first} seals now, but no older key may go yet: these began before the change and have not ended: "
            f"{', '.join(older)}. Wait until they have, and run `okat keys rotate --finish`."
        )
    if left := key_marks.unopened():
        if not despite_keys:
            raise BadInput(f"{_unopened(left)}\n{_way_out(left)}")
        say(f"ยังเปิดไม่ได้ / Still shut: {_counted(left)}")
    say(
        f"เสร็จแล้ว กุญแจ {first} ใช้ผนึกทุกอย่าง รวมถึงเว็บที่เปิดอยู่ เก็บกุญแจเก่าไว้ตราบที่ยังมีข้อมูลสำรองที่ใช้มัน\n"
        f"Done; {first} seals everything now, also in the server that runs. Keep the older keys as long as a backup "
        "needs them."
    )


def _elsewhere(name: str) -> str:
    """Another copy of the key file has a key that this one lacks."""
    return (
        f"อีกเครื่องเปลี่ยนกุญแจเป็น {name} ด้วยสำเนาของไฟล์นี้ ไฟล์ที่นี่ไม่เปลี่ยน เอาไฟล์จากเครื่องนั้นมาวาง / "
        f"Another machine rotates to {name} with "
        "a copy of this key file. The file here has not changed: put that machine's in its place."
    )


def _way_out(shut: Mapping[str, int]) -> str:
    """Where there is no such file any more: first what follows."""
    return (
        f"ถ้ากุญแจนั้นหายไปแล้วและไม่มีเครื่องไหนใช้: ของ {sum(shut.values())} คน ({_counted(shut)}) จะเปิดไม่ได้จนกว่าจะพบกุญแจ "
        "และเครื่องที่ยังใช้กุญแจนั้นจะเปิดสิ่งที่ผนึกจากนี้ไม่ได้ ถ้ารับได้ สั่งเดิมอีกครั้งโดยเติม --despite-keys\n"
        f"If that key is lost and no machine has it: what is sealed for {sum(shut.values())} ({_counted(shut)}) stays "
        "shut unless the key is found, and a machine that still has it cannot open what is sealed from now on. Where "
        "that is so, run the same command again with --despite-keys."
    )


def _counted(shut: Mapping[str, int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in sorted(shut.items()))


def _unopened(left: Mapping[str, int]) -> str:
    """What no key opens, by the name of the key that wrapped it, and the way out."""
    named = _counted(left)
    return (
        f"ที่เปิดได้ผนึกใหม่หมดแล้ว แต่ของ {sum(left.values())} คนไม่มีกุญแจไหนในไฟล์เปิดได้ ({named}) มีไฟล์กุญแจอื่นเคยใช้อยู่ช่วงหนึ่ง "
        "เอาบรรทัดกุญแจจากไฟล์นั้นมาใส่ในไฟล์นี้โดยตั้งชื่ออื่น แล้วสั่งอีกครั้ง อย่าทิ้งกุญแจไหนก่อนเสร็จ\n"
        f"What can be opened is sealed anew, but no key in the file opens what is sealed for {sum(left.values())} "
        f"({named}): another key file was in use for a while. Put that file's key into this one under another name and "
        "run this again. Throw no key away before that."
    )


def back_up(file: Path, *, replace: bool, say: Say) -> None:
    boot()
    from django.conf import settings

    from okat.city.core import health
    from okat.config import backup

    _demo_word(say)
    made = backup.make(
        file, server=settings.DATABASES["default"], media=settings.MEDIA_ROOT, keys=settings.KEY_FILE,
        demo=settings.DEMO, seal=settings.KEYRING.seal_of, replace=replace,
    )  # fmt: skip
    (settings.DATA_FOLDER / health.STAMP).touch()  # `/health/` tells how old it is
    rows, files = sum(made.rows.values()), len(made.digests) - 1
    say(
        f"{file}: {rows} แถว {files} ไฟล์ ไม่มีกุญแจอยู่ข้างใน ให้เก็บ {settings.KEY_FILE} แยกต่างหาก\n"
        f"{file}: {rows} rows, {files} files, no keys; keep {settings.KEY_FILE} elsewhere."
    )


def bring_back(file: Path, *, replace: bool, say: Say, despite_keys: bool = False) -> None:
    """`despite_keys`: also where the key file opens some of it only."""
    boot(any_keys=True)
    from django.conf import settings
    from django.db import connections

    from okat.city.core import crypto, health
    from okat.config import backup, restoring

    server: dict[str, Any] = dict(settings.DATABASES["default"])
    if replace and health.beating():
        say(
            "เว็บเปิดอยู่ ระหว่างกู้คืนสิ่งที่คนเพิ่งบันทึกจะไม่อยู่ในข้อมูลที่กู้มา ควรปิด okat serve ก่อน / The site is being served: what "
            "people save meanwhile goes aside with the rest, and pages fail for some seconds. "
            "Better end `okat serve` first."
        )
    connections.close_all()
    try:
        with keys.hold(settings.KEY_FILE):
            manifest, aside = restoring.restore(
                file,
                server=server,
                media=settings.MEDIA_ROOT,
                opens=crypto.unwrap,
                replace=replace,
                despite_keys=despite_keys,
                seal=settings.KEYRING.seal_of,
            )
    except restoring.HalfwayError as error:
        raise BadInput(str(error)) from error
    except backup.BackupError as error:
        raise BadInput(f"ไม่มีอะไรเปลี่ยน / nothing has changed: {error}") from error
    if not manifest.sealed:
        say(
            "ไฟล์นี้ไม่มีตราของเมือง วันเวลาในไฟล์อาจถูกแก้ / "
            "This file bears no seal of the city: its digests prove that it is whole, "
            "not when or by whom it was made."
        )
    if manifest.demo:
        say("ข้อมูลสมมติ / This backup holds made-up data of a demonstration.")
    say(
        f"กู้ข้อมูลของ {manifest.made_at} กลับมาแล้ว {sum(manifest.rows.values())} แถว ของเดิมเก็บไว้ที่ {', '.join(aside)}\n"
        f"Restored the state of {manifest.made_at}, {sum(manifest.rows.values())} rows; what was here is kept as "
        f"{', '.join(aside)}. Start the server again."
    )


def add_user(login: str, *, name: str, email: str, partner: str, role: str, say: Say) -> None:
    boot()
    from okat.city.accounts import actions
    from okat.city.accounts.queries import system_user
    from okat.city.accounts.rules import Channel
    from okat.city.partners import actions as network
    from okat.city.partners.queries import partner_called
    from okat.city.partners.rules import Role

    where = partner_called(partner) if partner else None
    if bool(partner) != bool(role) or (partner and where is None) or (role and role not in set(Role)):
        raise BadInput(
            "ใส่ทั้ง --partner และ --role ที่มีอยู่จริง / Give --partner with the code of a partner and --role with one of: "
            + ", ".join(Role)
        )
    word = _password()
    try:
        user = actions.add_user(
            login=login,
            name=name,
            addresses={Channel.EMAIL: email} if email else {},
            password=word,
            must_change_password=True,
            by=system_user(),
        )
    except actions.LoginUnprovenError as error:
        raise BadInput(
            f"{error} เป็นที่อยู่ติดต่อ ใช้เป็นชื่อเข้าระบบได้เมื่อเจ้าของยืนยันแล้ว ให้ตั้งชื่อ แล้วใส่อีเมลด้วย --email / {error} is an "
            "address: it becomes a sign-in name once its owner confirmed it. Give a name, and the address with --email."
        ) from error
    except ValueError as error:
        if isinstance(error, actions.LoginTakenError):
            raise BadInput(f"มีผู้ใช้ชื่อ {error} อยู่แล้ว / {error} is taken.") from error
        raise BadInput(f"{email} ไม่ใช่อีเมล / {email} is not an e-mail address.") from error
    if where is not None:
        network.add_member(partner=where, user=user, role=Role(role), by=system_user())
    _tell(user.login, word, say)


def reset_password(login: str, *, drop_second_factor: bool, say: Say) -> None:
    boot()
    from axes.utils import reset

    from okat.city.accounts import actions
    from okat.city.accounts.queries import system_user, user_called

    user = user_called(login)
    if user is None:
        raise BadInput(f"ไม่พบผู้ใช้ {login} / There is no account {login}.")
    word = _password()
    actions.set_password(user=user, password=word, must_change=True, by=system_user())
    if drop_second_factor:
        actions.drop_second_factor(user=user, by=system_user())
    reset(username=user.login)
    _tell(user.login, word, say)


def _tell(login: str, word: str, say: Say) -> None:
    say(f"{login}\n{word}\nรหัสผ่านนี้แสดงครั้งเดียว ต้องเปลี่ยนเมื่อเข้าใช้ / Shown once; it must be changed at the first sign-in.")


def _password() -> str:
    """Sixteen letters that nobody misreads over the telephone; about 78 bits."""
    letters = "".join(secrets.choice("23456789abcdefghjkmnpqrstvwxyz") for _ in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def _demo_word(say: Say) -> None:
    from django.conf import settings

    if settings.DEMO:
        say("ระบบสาธิต กุญแจอยู่ใน var/ / A demonstration: its keys lie beside its data. A real city sets OKAT_DEMO=0.")
