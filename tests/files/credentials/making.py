"""Keys and certificates for the tests."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from okat.files import credentials as ob
from okat.files.credentials import Award, Issuer, KnownKey, SigningKey, Status

NOON = dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC)
DID = ob.did_web("localhost:8000", "learning")
LIST = "http://localhost:8000/learning/status/1/"
NEW = SigningKey(b"\x01" * 32, f"{DID}#k2")
OLD = SigningKey(b"\x02" * 32, f"{DID}#k1")
PUBLIC = {key.method: KnownKey(ob.public_of(key.seed)) for key in (NEW, OLD)}
AWARD = Award(
    id="urn:uuid:0192f3a4-0000-7000-8000-000000000001",
    issuer=Issuer(DID, "เทศบาลนครขอนแก่น", "http://localhost:8000/"),
    learner="สมหญิง ใจดี",
    achievement="http://localhost:8000/opportunities/0192f3a4-0000-7000-8000-00000000000a/",
    title="การทอผ้าไหม “มัดหมี่” 60 ชั่วโมง",
    about="หลักสูตรอาชีพ: ทอผ้าไหมมัดหมี่",
    criteria="เข้าเรียนไม่น้อยกว่าร้อยละ 80 ของครั้งที่จัด",
    valid_from=NOON,
    ended_at=NOON,
    status=Status(LIST, 4711),
)


def signed(key: SigningKey = NEW, **changes: Any) -> dict[str, Any]:
    return ob.certify(replace(AWARD, **changes), key, at=NOON)


def status_list(*revoked: int, key: SigningKey = NEW, at: dt.datetime = NOON) -> dict[str, Any]:
    return ob.sign(ob.status_credential(LIST, DID, revoked, at=at), key, at=at)


def checked(
    document: object, *revoked: int, keys: Mapping[str, KnownKey] = PUBLIC, at: dt.datetime = NOON
) -> ob.Verdict:
    lists = {LIST: status_list(*revoked)}
    return ob.check(document, keys=keys.get, lists=lists.get, at=at)
