"""HSDS packages as partners export them, and as nobody should: read whole, or told by file, row and column."""

import datetime as dt
import json
import shutil
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.files.exchange.packages import Tables, ident, package, school, written, zipped
from tests.shared_data import sample

from okat.files.exchange import Reading, read_listings, recognised
from okat.files.exchange.hsds import zipped as zipped_folder
from okat.files.exchange.hsds.tables import TABLES
from okat.files.office import OfficeError

TODAY = dt.date(2026, 11, 26)


def read(data: bytes) -> Reading:
    assert recognised(data) == "hsds"
    return read_listings(data, today=TODAY)


def faults(tables: Tables) -> list[tuple[str, int, str, str]]:
    return [(e.file, e.row, e.field, e.code) for e in read(package(tables)).errors]


def test_our_tables_are_those_of_the_published_schemas() -> None:
    kinds = {"date": "date", "time": "time", "datetime": "moment"}
    published = {}
    for path in sample("hsds/schema").glob("*.json"):
        found = json.loads(path.read_text(encoding="utf-8"))
        if path.name == "openapi.json":
            continue
        plain = {
            name: value for name, value in found["properties"].items()
            if value.get("type") not in {"array", "object"} and "$ref" not in value
        }  # fmt: skip
        published[Path(found["path"]).stem] = (found, plain)
    assert published.keys() == TABLES.keys()
    for name, (found, plain) in published.items():
        table = TABLES[name]
        assert table.entity == found["name"]
        assert list(table.columns) == list(plain), name
        required = {*found["required"], *found.get("tabular_required", ())}
        assert {c.name for c in table.columns.values() if c.required} == required, name
        for column in table.columns.values():
            said = plain[column.name]
            assert column.allowed == tuple(said.get("enum", ())), (name, column.name)
            wanted = kinds.get(said.get("datapackage_type", "")) or {"uri": "uri", "email": "email"}.get(
                said.get("format", ""), "number" if said["type"] == "number" else "text"
            )
            ours = "number" if column.kind in {"latitude", "longitude", "offset"} else column.kind
            assert ours == ("enum" if said.get("enum") else wanted), (name, column.name)


def test_the_published_example_is_read_and_its_own_broken_references_are_told() -> None:
    """It shows each table with one row; some rows point at ids that the example does not hold."""
    tables = json.loads(sample("hsds/examples/tabular.json").read_text(encoding="utf-8"))
    reading = read(package({name.removesuffix(".csv"): rows for name, rows in tables.items()}))
    assert reading.files.keys() == tables.keys()
    assert reading.rows == len(tables)
    assert {(e.file, e.field, e.code) for e in reading.errors} == {
        ("organizations.csv", "parent_organization_id", "reference"), ("locations.csv", "organization_id", "reference"),
        ("locations.csv", "latitude", "range"), ("attributes.csv", "link_entity", "enum"),
        ("contacts.csv", "organization_id", "reference"), ("contacts.csv", "service_at_location_id", "reference"),
        ("taxonomy_terms.csv", "parent_id", "reference"), ("taxonomy_terms.csv", "taxonomy_id", "reference"),
        ("metadata.csv", "resource_id", "reference"),
    }  # fmt: skip
    assert not reading.listings  # nothing of a package with an error


def test_a_service_with_all_that_hangs_on_it() -> None:
    reading = read(package(school()))
    assert reading.errors == ()
    here, there, fixing = reading.listings
    assert (here.uid, there.uid) == (
        f"hsds:{ident('weaving')}@{ident('hall')}", f"hsds:{ident('weaving')}@{ident('online')}",
    )  # fmt: skip
    assert (here.title, here.other_title, here.cost) == ("Ikat weaving", "ทอผ้ามัดหมี่", Decimal(300))
    assert [f"{m.start:%a %d %b %H:%M %z}" for m in here.meetings] == [
        f"Sat {day} {month} 09:00 +0700" for day, month in (("05", "Dec"), ("12", "Dec"), ("19", "Dec"), ("26", "Dec"))
    ]
    assert (there.meetings, there.online, here.online) == ((), True, False)
    assert (here.place, here.postcode) == ("ศาลากลางบ้าน 12 ถ.กลางเมือง เมืองขอนแก่น", "40000")
    assert (here.age, here.phone, here.contact, here.funder) == ((15, None), "043-000-222", "ครูบัว", "กองทุนชุมชน")
    assert here.documents == ("สำเนาบัตรประจำตัวประชาชน",)
    assert ("format", "sign-language", "ภาษามือ") in here.terms
    assert dict(here.more) | {"การเข้าถึงสถานที่": "มีทางลาด", "ภาษา": "ลาว", "จัดโดย": "โรงเรียนทอผ้า"} == dict(here.more)
    assert (fixing.meetings, dict(fixing.more)["วันและเวลา"]) == ((), "จันทร์ อังคาร · 08:30–16:30 น.")
    assert (fixing.starts_on, fixing.ends_on) == (dt.date(2026, 1, 5), None)  # it goes on
    assert [w.code for w in reading.warnings] == ["open_ended"]


def _change(table: str, **values: Any) -> Callable[[Tables], None]:
    return lambda tables: tables[table][0].update(values)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_change("services", organization_id=ident("nobody")), ("services.csv", 2, "organization_id", "reference")),
        (_change("attributes", link_id=ident("nothing")), ("attributes.csv", 2, "link_id", "reference")),
        (_change("services", id=ident("fixing")), ("services.csv", 3, "id", "id_twice")),
        (_change("services", status="open"), ("services.csv", 2, "status", "enum")),
        (_change("services", name=""), ("services.csv", 2, "name", "empty")),
        (_change("services", email="ไม่มี"), ("services.csv", 2, "email", "email")),
        (_change("services", minimum_age="สิบห้า"), ("services.csv", 2, "minimum_age", "number")),
        (_change("services", minimum_age=60, maximum_age=15), ("services.csv", 2, "minimum_age", "ages")),
        (_change("services", last_modified="เมื่อวาน"), ("services.csv", 2, "last_modified", "date")),
        (_change("schedules", dtstart="2569-12-05"), ("schedules.csv", 2, "dtstart", "buddhist")),
        (_change("schedules", dtstart="2026-02-31"), ("schedules.csv", 2, "dtstart", "date")),
        (_change("schedules", byday="XX"), ("schedules.csv", 2, "freq", "rule")),
        (_change("schedules", byday="", count=9, interval="0"), ("schedules.csv", 2, "freq", "rule")),
        (_change("schedules", byday="MO,TU,WE,TH,FR", count=900), ("schedules.csv", 2, "freq", "meetings")),
        (_change("schedules", closes_at="08:00"), ("schedules.csv", 2, "opens_at", "reversed")),
        (_change("schedules", opens_at="9 โมง"), ("schedules.csv", 2, "opens_at", "time")),
        (_change("cost_options", currency="USD"), ("cost_options.csv", 2, "currency", "currency")),
        (_change("cost_options", amount="-5"), ("cost_options.csv", 2, "amount", "range")),
        (_change("locations", latitude="นอกโลก"), ("locations.csv", 2, "latitude", "number")),
        (_change("locations", latitude=116.4), ("locations.csv", 2, "latitude", "range")),
    ],
)  # fmt: skip
def test_each_fault_is_named_by_file_row_and_column(
    change: Callable[[Tables], None], expected: tuple[str, int, str, str]
) -> None:
    tables = school()
    change(tables)
    assert expected in faults(tables)
    (error,) = [e for e in read(package(tables)).errors if (e.file, e.row, e.field, e.code) == expected]
    assert error.message("th") != error.message("en")


def test_a_missing_table_is_a_broken_reference_to_it() -> None:
    tables = school()
    del tables["locations"], tables["addresses"], tables["accessibility"]
    found = [e for e in read(package(tables)).errors if e.code == "reference"]
    assert {(e.file, e.field) for e in found} == {("service_at_location.csv", "location_id")}
    assert "locations.csv" in found[0].message("en")


def test_columns_and_cells_that_do_not_fit() -> None:
    text = "id,name,status,name\n1,ก,active,ข\n"
    codes = [(e.file, e.row, e.field, e.code) for e in read(package(school(), services__csv=text)).errors]
    assert ("services.csv", 1, "organization_id", "column_missing") in codes
    assert ("services.csv", 1, "name", "column_twice") in codes
    long = "id,organization_id,name,status\n" + f"{ident('x')},{ident('maker')},ทอผ้า,active,เกิน\n"
    assert ("services.csv", 2, "", "cells_too_many") in [
        (e.file, e.row, e.field, e.code) for e in read(package(school(), services__csv=long)).errors
    ]


def test_windows_874_and_semicolons_are_read_and_garbled_letters_refused() -> None:
    tables = school()
    text = written(tables["organizations"])
    assert read(package(tables, organizations__csv=text.encode("cp874"))).errors == ()
    assert read(package(tables, organizations__csv=b"\xef\xbb\xbf" + text.replace(",", ";").encode())).errors == ()
    garbled = text.encode().decode("cp874", errors="replace").encode()
    (error, *_) = read(package(tables, organizations__csv=garbled)).errors
    assert (error.file, error.row, error.code) == ("organizations.csv", 0, "table_file")
    assert "CSV UTF-8" in error.message("th")


def _describing(*paths: object) -> bytes:
    resources = [{"name": "services", "path": path} for path in paths]
    return zipped(
        {"datapackage.json": json.dumps({"resources": resources}), "services.csv": written(school()["services"])}
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped({"services.csv": "id\n"}), "package_no_descriptor"),
        (zipped({"datapackage.json": "{"}), "package_descriptor"),
        (zipped({"datapackage.json": "[" * 100_000}), "package_descriptor"),
        (zipped({"datapackage.json": '{"resources": {}}'}), "package_descriptor"),
        (zipped({"datapackage.json": '{"resources": []}'}), "package_no_services"),
        (_describing(7), "package_descriptor"),
        (_describing("../../etc/passwd"), "package_path"),
        (_describing("/etc/passwd"), "package_path"),
        (_describing("data/../../services.csv"), "package_path"),
        (_describing("https://evil.example/services.csv"), "package_path"),
        (_describing("c:\\services.csv"), "package_path"),
    ],
)  # fmt: skip
def test_a_package_of_which_nothing_can_be_read(data: bytes, code: str) -> None:
    with pytest.raises(OfficeError) as error:
        read(data)
    assert error.value.code == code
    assert error.value.message("th") != error.value.message("en")


def test_a_file_that_is_named_but_missing_or_twice() -> None:
    twice = read(_describing("services.csv", "services.csv")).errors
    assert [e.code for e in twice if e.row == 0] == ["package_twice"]
    tables = school()
    missing = package(
        tables, datapackage__json=json.dumps({"resources": [{"path": "services.csv"}, {"path": "phones.tsv"}]})
    )
    assert [(e.file, e.code) for e in read(missing).errors if e.row == 0] == [("phones.tsv", "package_missing")]


def test_a_bomb_is_stopped_while_it_unpacks() -> None:
    started = time.monotonic()
    with pytest.raises(OfficeError) as error:
        read(zipped({"datapackage.json": "{}", "services.csv": b"0" * 200_000_000}))
    assert error.value.code == "file_unpacks_too_large"
    assert time.monotonic() - started < 10


def test_a_folder_is_the_same_as_its_zip_and_links_do_not_lead_out(tmp_path: Path) -> None:
    tables, folder = school(), tmp_path / "export"
    folder.mkdir()
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text(written(rows), encoding="utf-8")
    paths = [{"path": f"{name}.csv"} for name in tables]
    (folder / "datapackage.json").write_text(json.dumps({"resources": paths}), encoding="utf-8")
    assert read(zipped_folder(folder)).listings == read(package(tables)).listings
    whole = tmp_path / "outer"
    shutil.copytree(folder, whole / "inside")  # a zip of a folder has it on top
    assert read(zipped_folder(whole)).listings == read(package(tables)).listings
    (tmp_path / "secret.csv").write_text("id\n", encoding="utf-8")
    (folder / "phones.csv").unlink()
    (folder / "phones.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(OfficeError) as error:
        zipped_folder(folder)
    assert error.value.code == "package_path"


def test_ten_thousand_services_are_read_in_seconds() -> None:
    maker = school()["organizations"]
    services = [
        {"id": ident(f"s{n}"), "organization_id": maker[0]["id"], "name": f"บริการ {n}", "status": "active"}
        for n in range(10_000)
    ]
    phones = [{"id": ident(f"p{n}"), "service_id": ident(f"s{n}"), "number": f"043-{n:06d}"} for n in range(10_000)]
    data = package({"organizations": maker, "services": services, "phones": phones})
    started = time.process_time()
    reading = read(data)
    assert (len(reading.listings), reading.errors) == (10_000, ())
    assert reading.listings[-1].phone == "043-009999"
    assert time.process_time() - started < 20
