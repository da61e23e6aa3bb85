"""Opportunities from another program's HSDS package: all or none, known again by their own ids, taken back as one."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.catalogue.conftest import SmallCity
from tests.files.exchange.packages import Tables, ident, package, school, written

from okat.city.catalogue.actions._listed import prepare_listings
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.rules import Status
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import clock
from okat.city.partners.models import Partner
from okat.city.people.actions import NotReadyError, run_import, undo_import, upload
from okat.city.people.models import ImportBatch
from okat.city.people.queries.imports import check
from okat.cli import main
from okat.files.exchange import read_listings

WEAVING = f"hsds:{ident('weaving')}@{ident('hall')}"


def load(city: SmallCity, data: bytes) -> ImportBatch:
    partner = Partner.objects.select_related("area").get(code="nfe")
    return upload(kind="opportunities", partner=partner, filename="export.zip", data=data, by=city.officer)


def imported(city: SmallCity, tables: Tables) -> ImportBatch:
    return run_import(batch=load(city, package(tables)), by=city.officer)


def test_a_package_becomes_opportunities_of_the_partner(city: SmallCity) -> None:
    done = imported(city, school())
    assert (done.rows, done.imported, done.known) == (3, 3, 0)
    o = Opportunity.objects.select_related("area").get(row_key=WEAVING)
    assert (o.provider.code, o.kind, o.status, o.area.code) == ("nfe", "occupation", "published", "400102")
    assert (o.title_th, o.title_en, o.cost) == ("ทอผ้ามัดหมี่", "Ikat weaving", 300)
    assert (o.lat, o.lon, o.needs_papers, o.slots) == (16.43, 102.83, True, ["weekend"])
    assert (o.access["session"]["sign-language"], o.access["session"]["onsite"]) == ("yes", "yes")
    assert (o.contact, o.phone, o.url) == ("ครูบัว", "043-000-222", "https://school.example/weaving")
    assert o.rule is not None
    assert (o.rule["age"], o.rule["op"], o.rule["years"]) == ("birth_date", ">=", 15)
    assert "คุณสมบัติ: ใครก็เรียนได้" in o.about_th
    assert "จัดโดย: โรงเรียนทอผ้า" in o.about_th
    assert "หัตถกรรม" in o.about_th  # a word that the city does not know is told as it is
    assert o.sessions.count() == 4
    assert (o.slots, o.hours) == (["weekend"], 12)
    fixing = Opportunity.objects.get(row_key=f"hsds:{ident('fixing')}")
    assert (fixing.kind, fixing.slots, fixing.sessions.count()) == ("service", ["weekday_day"], 0)


def test_a_second_import_updates_in_place_and_equal_rows_are_passed_over(city: SmallCity) -> None:
    imported(city, school())
    before = dict(Session.objects.values_list("uid", "pk"))
    again = imported(city, school())
    assert (again.imported, again.known, Opportunity.objects.count()) == (0, 3, 3)
    tables = school()
    tables["services"][0]["alternate_name"] = "ทอผ้ามัดหมี่ขั้นสูง"
    tables["schedules"][0] |= {"opens_at": "13:00", "closes_at": "16:00", "count": 3}
    third = imported(city, tables)
    assert (third.imported, third.known, Opportunity.objects.count()) == (2, 1, 3)
    o = Opportunity.objects.get(row_key=WEAVING)
    assert o.title_th == "ทอผ้ามัดหมี่ขั้นสูง"
    kept = {s.uid: s.pk for s in o.sessions.all()}
    assert len(kept) == 3
    assert kept.items() <= before.items()  # moved, and still the same meetings for who attends them
    assert {s.start.hour for s in o.sessions.all()} == {6}  # 13:00 in Thailand


def test_undo_brings_back_words_and_meetings(city: SmallCity) -> None:
    first = imported(city, school())
    o = Opportunity.objects.get(row_key=WEAVING)
    starts = list(o.sessions.values_list("uid", "start"))
    by_hand = Session.objects.create(opportunity=o, start=starts[0][1], end=o.sessions.all()[0].end, note="เพิ่มเอง")
    tables = school()
    tables["services"][0]["alternate_name"] = "ชื่อใหม่"
    tables["schedules"][0] |= {"opens_at": "13:00", "closes_at": "16:00", "count": 2}
    second = imported(city, tables)
    assert undo_import(batch=second, by=city.officer) == (2, 0)
    o.refresh_from_db()
    assert o.title_th == "ทอผ้ามัดหมี่"
    assert list(o.sessions.exclude(uid="").values_list("uid", "start")) == starts
    assert by_hand in o.sessions.all()
    assert undo_import(batch=first, by=city.officer) == (2, 1)  # the one with a meeting made here stays
    assert list(Opportunity.objects.all()) == [o]


def test_what_its_sender_ends_is_ended_here(city: SmallCity) -> None:
    imported(city, school())
    tables = school()
    tables["services"][0] |= {"status": "defunct", "alert": "ครูย้าย"}
    tables["services"][1]["status"] = "temporarily closed"
    tables["services"].append({**tables["services"][1], "id": ident("never seen"), "status": "inactive"})
    done = imported(city, tables)
    assert (done.imported, done.known) == (3, 0)  # what was never here is not here already
    assert [out["en"] for out in done.left if "out" in out] == ["it is closed and was never here: it does not go in"]
    found = dict(Opportunity.objects.values_list("row_key", "status"))
    assert found == {
        WEAVING: Status.CANCELLED, WEAVING.replace(ident("hall"), ident("online")): Status.CANCELLED,
        f"hsds:{ident('fixing')}": Status.CLOSED,
    }  # fmt: skip
    assert Opportunity.objects.get(row_key=WEAVING).end_reason == "ครูย้าย"
    assert imported(city, tables).imported == 0


def test_one_broken_reference_keeps_everything_out(city: SmallCity) -> None:
    tables = school()
    tables["service_at_location"][0]["location_id"] = ident("nowhere")
    with pytest.raises(NotReadyError):
        imported(city, tables)
    assert not Opportunity.objects.exists()
    nfe = Partner.objects.select_related("area").get(code="nfe")
    (error,) = check(package(tables), "x.zip", "opportunities", nfe).errors
    assert (error.file, error.row, error.field) == ("service_at_location.csv", 2, "location_id")


def test_statements_do_not_grow_with_the_package(city: SmallCity, django_assert_max_num_queries: Any) -> None:
    tables = school()
    first, place = tables["services"][1], tables["schedules"][0]
    for n in range(200):
        own = ident(f"s{n}")
        tables["services"].append({**first, "id": own, "name": f"บริการ {n}"})
        tables["schedules"].append({**place, "id": ident(f"t{n}"), "service_at_location_id": "", "service_id": own})
    batch = load(city, package(tables))
    with django_assert_max_num_queries(70):
        run_import(batch=batch, by=city.officer)
    assert (Opportunity.objects.count(), Session.objects.count()) == (203, 804)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, dict[str, Any]]:
    monkeypatch.setattr("okat.config.commands.boot", lambda: None)
    done = CliRunner().invoke(main, ["import", "opportunities", *arguments, "--partner", "nfe", "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_the_command_line_takes_a_zip_or_a_folder(
    city: SmallCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "no matter what.bin"
    file.write_bytes(package(school()))
    code, told = run(monkeypatch, str(file), "--dry-run")
    assert (code, told["rows"], told["imported"], Opportunity.objects.count()) == (0, 3, 0, 0)
    assert run(monkeypatch, str(file))[1]["imported"] == 3
    folder = tmp_path / "export"
    folder.mkdir()
    bad = school()
    bad["services"][0]["status"] = "open"
    for name, rows in bad.items():
        (folder / f"{name}.csv").write_text(written(rows), encoding="utf-8")
    (folder / "datapackage.json").write_text(
        json.dumps({"resources": [{"path": f"{name}.csv"} for name in bad]}), encoding="utf-8"
    )
    code, told = run(monkeypatch, str(folder))
    assert (code, told["imported"]) == (2, 0)
    (error,) = told["errors"]
    assert (error["file"], error["row"], error["field"]) == ("services.csv", 2, "status")
    assert run(monkeypatch, str(tmp_path))[0] == 2  # a folder that is no package


def test_what_a_package_costs_grows_as_its_rows_do(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is compared with every other: 10,000 rows would be compared fifty million times."""
    partner = Partner.objects.select_related("area").get(code="nfe")
    reading = read_listings(package(school()), today=clock.today())
    one = next(each for each in reading.listings if each.meetings)
    listings = [replace(one, uid=f"{one.uid}-{n}", row=n + 1, title=f"ทอผ้า {n}") for n in range(60)]
    equal, compared = OpportunityRow.__eq__, []

    def counted(row: OpportunityRow, other: object) -> bool:
        compared.append(row.key)
        return equal(row, other)

    monkeypatch.setattr(OpportunityRow, "__eq__", counted)
    found = prepare_listings(listings, partner, "")
    assert len(found.ready) == 60
    assert len(compared) <= 60
