"""HSDS packages for tests: a small one of a weaving school, and zips that nobody should send."""

import csv
import json
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZipFile

Tables = dict[str, list[dict[str, Any]]]


def ident(name: str) -> str:
    """The same UUID for the same name."""
    return str(uuid5(NAMESPACE_URL, f"https://school.example/{name}"))


def school() -> Tables:
    """Two services at two places, with every table that the catalogue reads."""
    weaving, fixing, hall, online = (ident(name) for name in ("weaving", "fixing", "hall", "online"))
    here, maker, sign = ident("here"), ident("maker"), ident("sign")
    return {
        "organizations": [{"id": maker, "name": "โรงเรียนทอผ้า", "description": "สอนทอผ้า"}],
        "services": [
            {
                "id": weaving, "organization_id": maker, "name": "Ikat weaving", "alternate_name": "ทอผ้ามัดหมี่",
                "description": "เรียนทอผ้าจนขายได้\nมีวัสดุให้", "status": "active", "minimum_age": 15,
                "email": "a@school.example",
                "url": "https://school.example/weaving", "eligibility_description": "ใครก็เรียนได้",
            },
            {"id": fixing, "organization_id": maker, "name": "ซ่อมบ้านผู้สูงอายุ", "status": "active"},
        ],
        "locations": [
            {"id": hall, "location_type": "physical", "name": "ศาลากลางบ้าน", "latitude": 16.43, "longitude": 102.83},
            {"id": online, "location_type": "virtual", "name": "ห้องเรียนออนไลน์"},
        ],
        "addresses": [
            {
                "id": ident("address"), "location_id": hall, "address_1": "12 ถ.กลางเมือง", "city": "เมืองขอนแก่น",
                "region": "ตำบลสำราญ", "state_province": "ขอนแก่น", "postal_code": "40000", "country": "TH",
                "address_type": "physical",
            }
        ],
        "service_at_location": [
            {"id": here, "service_id": weaving, "location_id": hall},
            {"id": ident("there"), "service_id": weaving, "location_id": online},
        ],
        "schedules": [
            {
                "id": ident("saturdays"), "service_at_location_id": here, "freq": "WEEKLY", "byday": "SA",
                "dtstart": "2026-12-05", "count": 4, "opens_at": "09:00", "closes_at": "12:00", "timezone": 7,
            },
            {
                "id": ident("weekdays"), "service_id": fixing, "freq": "WEEKLY", "byday": "MO,TU", "opens_at": "08:30",
                "closes_at": "16:30", "dtstart": "2026-01-05", "timezone": 7,
            },
        ],
        "phones": [{"id": ident("phone"), "organization_id": maker, "number": "043-000-222"}],
        "contacts": [{"id": ident("contact"), "service_id": weaving, "name": "ครูบัว"}],
        "cost_options": [
            {"id": ident("cost"), "service_id": weaving, "option": "ค่าวัสดุ", "amount": "300", "currency": "THB"}
        ],
        "required_documents": [
            {"id": ident("paper"), "service_id": weaving, "document": "สำเนาบัตรประจำตัวประชาชน"}
        ],
        "funding": [{"id": ident("money"), "service_id": weaving, "source": "กองทุนชุมชน"}],
        "languages": [{"id": ident("language"), "service_id": weaving, "name": "ลาว"}],
        "accessibility": [{"id": ident("ramp"), "location_id": hall, "description": "มีทางลาด"}],
        "taxonomies": [{"id": ident("formats"), "name": "format", "description": "รูปแบบ"}],
        "taxonomy_terms": [
            {"id": sign, "code": "sign-language", "name": "ภาษามือ", "description": "ล่าม",
             "taxonomy_id": ident("formats")},
            {"id": ident("craft"), "code": "craft", "name": "หัตถกรรม", "description": "งานฝีมือ"},
            {"id": ident("kind"), "code": "occupation", "name": "อาชีพ", "description": "หลักสูตรอาชีพ"},
        ],
        "attributes": [
            {"id": ident(f"has {name}"), "link_id": weaving, "link_entity": "service", "taxonomy_term_id": ident(name)}
            for name in ("sign", "craft", "kind")
        ],
    }  # fmt: skip


def written(rows: Sequence[Mapping[str, Any]]) -> str:
    out = StringIO()
    head = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, head)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def package(tables: Mapping[str, Sequence[Mapping[str, Any]]], **more: str | bytes) -> bytes:
    """The zip of these tables; `more` are files as they are (`__` for the dot), put in or over."""
    files: dict[str, str | bytes] = {f"{name}.csv": written(rows) for name, rows in tables.items()}
    resources = [{"name": name, "path": f"{name}.csv", "profile": "tabular-data-resource"} for name in tables]
    files["datapackage.json"] = json.dumps({"name": "hsds", "resources": resources})
    return zipped({**files, **{name.replace("__", "."): content for name, content in more.items()}})


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
