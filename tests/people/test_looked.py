"""Remarks on people who may have died, moved away or said no: nothing goes in before somebody has said that they looked
at exactly these; on the page, in the action and on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.people.conftest import City
from tests.people.test_import_screens import send
from tests.people.test_imports import workbook
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core.models import AuditEntry
from okat.city.people.actions import run_import, say_looked, upload
from okat.city.people.models import ImportBatch, Person
from okat.city.people.queries.imports import check_batch
from okat.city.people.rules import PeopleError
from okat.cli import main

HEAD = ["ชื่อ-สกุล", "ตำบล", "อำเภอ", "ยินยอม", "วิธีให้ความยินยอม", "หมายเหตุ"]
ROW = ["ศิลา", "เมืองขอนแก่น", "/", "วาจา"]
ROWS = [["มาลี ดี", *ROW, "จำหน่าย 10/69"], ["สมชาย ดี", *ROW, "ขอคืนใบยินยอม"], ["สมหญิง ดี", *ROW, ""]]


def load(city: City, rows: list[list[Any]], by: User) -> ImportBatch:
    return upload(kind="people", partner=city.education, filename="a.xlsx", data=workbook(rows, HEAD), by=by)


def refusal(batch: ImportBatch, by: User, digest: str | None = None) -> str:
    with pytest.raises(PeopleError) as refused:
        run_import(batch=batch, by=by) if digest is None else say_looked(batch=batch, digest=digest, by=by)
    return refused.value.code


def test_nothing_goes_in_before_somebody_looked_at_these(city: City, system: User) -> None:
    batch = load(city, ROWS, system)
    checked = check_batch(batch)
    assert (checked.look_rows, checked.look_unsaid, checked.errors) == (2, True, ())
    assert refusal(batch, system) == "look_unsaid"
    assert [refusal(batch, system, digest) for digest in ("", "0" * 64)] == ["look_changed"] * 2
    batch = say_looked(batch=batch, digest=checked.look_digest, by=system)
    assert (batch.looked_rows, check_batch(batch).look_unsaid) == (2, False)
    ImportBatch.objects.filter(pk=batch.pk).update(mapping={"F": "situation"})  # read another way since
    changed = ImportBatch.objects.get(pk=batch.pk)
    assert (refusal(changed, system), Person.objects.count()) == ("look_unsaid", 0)
    ImportBatch.objects.filter(pk=batch.pk).update(mapping={})
    assert run_import(batch=batch, by=system).imported == 3
    assert AuditEntry.objects.get(verb="people.say_looked").actor == system


def test_a_file_without_such_rows_asks_nothing(city: City, system: User) -> None:
    batch = load(city, ROWS[2:], system)
    assert (check_batch(batch).look_unsaid, check_batch(batch).look_digest) == (False, "")
    assert run_import(batch=batch, by=system).imported == 1


def test_the_page_asks_and_says_it(city: City, client: Client) -> None:
    sign_in_fully(client, city.officer)
    where = send(client, workbook(ROWS, HEAD))

    def page() -> str:
        return client.get(where, headers={"accept-language": "th"}).content.decode()

    digest = check_batch(ImportBatch.objects.get()).look_digest
    assert "ดูทั้ง 2 แถวนี้แล้ว" in page()
    assert where + "run/" not in page()
    client.post(where + "columns/", {"digest": digest})  # without the tick
    client.post(where + "columns/", {"digest": "0" * 64, "looked": "on"})
    client.post(where + "run/")
    assert (ImportBatch.objects.get().looked, Person.objects.count()) == ("", 0)
    client.post(where + "columns/", {"digest": digest, "looked": "on"})
    assert where + "run/" in page()
    assert "บันทึกไว้แล้วว่าคนในหน่วยงานดูรายการเหล่านี้แล้ว" in page()
    client.post(where + "run/")
    assert Person.objects.count() == 3


def test_the_command_line_asks_for_it(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("okat.config.commands.boot", lambda: None)
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(ROWS, HEAD))

    def run(*more: str) -> tuple[int, int, list[str]]:
        done = CliRunner().invoke(main, ["import", "people", str(file), "--partner", "education", "--json", *more])
        told = json.loads(done.stdout)
        return done.exit_code, told["imported"], [error["code"] for error in told["errors"]]

    assert run() == (2, 0, ["look_unsaid"])
    assert run("--looked", "--dry-run") == (0, 0, [])
    assert run("--looked") == (0, 3, [])
