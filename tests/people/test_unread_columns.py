"""The command line and the pages name the columns of a file that are not read, before and after."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City
from tests.people.test_imports import workbook
from tests.signing import sign_in_fully

from okat.city.people.actions import upload
from okat.cli import main

HEAD = ["ที่", "ชื่อ", "นามสกุล", "ตำบล", "อำเภอ", "รายได้เฉลี่ย/คน/ปี", "ADL"]
ROW = [1, "สมชาย", "ใจดี", "ศิลา", "เมืองขอนแก่น", "๒๔,๐๐๐", "4"]


def test_the_command_line_says_it(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("okat.config.commands.boot", lambda: None)
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook([ROW], HEAD))

    def run(*more: str) -> str:
        return (
            CliRunner()
            .invoke(
                main, ["import", "people", str(file), "--partner", "education", "--by-law", "s24_4", "--dry-run", *more]
            )
            .stdout
        )

    lines = [line for line in run().splitlines() if "column not read" in line]
    assert [line.split(": ", 1)[1] for line in lines] == [
        "F รายได้เฉลี่ย/คน/ปี - อาจเป็น / may be: รายได้ต่อเดือน / Income per month (income)", "G ADL",
    ]  # fmt: skip
    told = json.loads(run("--json"))["unread"]
    assert [(column["column"], column["heading"], column["may_be"]) for column in told] == [
        ("F", "รายได้เฉลี่ย/คน/ปี", "income"), ("G", "ADL", ""),
    ]  # fmt: skip


def test_the_pages_say_it_before_and_after(city: City, client: Client) -> None:
    sign_in_fully(client, city.officer)
    data = workbook([ROW], HEAD)
    batch = upload(kind="people", partner=city.social, filename="a.xlsx", data=data, by=city.officer)
    page = reverse("people:import-batch", args=[batch.pk])
    assert "ไม่ได้อ่าน 2 คอลัมน์: F · รายได้เฉลี่ย/คน/ปี, G · ADL" in client.get(page).content.decode()
    client.post(page + "columns/", {"of_law": "1", "law": "s24_4", "rows": "1"})
    client.post(page + "run/")
    assert "คอลัมน์ของไฟล์ที่ไม่ได้อ่าน: F, G" in client.get(page).content.decode()
