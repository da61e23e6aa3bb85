"""Names in an office's table: in a heading about consent, and written the other way round."""

import pytest
from tests.people.conftest import City
from tests.people.test_imports import workbook
from tests.people.test_office_tables import HERE, PLACE, checked, codes

from okat.city.people.queries.imports import check


@pytest.mark.parametrize(
    "heading",
    ["ชื่อผู้ยินยอม", "ลงชื่อยินยอม", "ความยินยอม (ลงชื่อ)", "ยินยอม ชื่อผู้ปกครอง", "Consent given by (name)", "Consent name"],
)
def test_the_name_of_who_agreed_asks_for_nothing(city: City, heading: str) -> None:
    head = ["ชื่อ-สกุล", *PLACE, "ประเภทความพิการ", heading]
    data = workbook([["มาลี ดี", *HERE, "ทางการเห็น", "สมศรี ดี"]], head)
    found = check(data, "x.xlsx", "people", city.education, choices={})
    assert [(row.by_law, len(row.disabilities)) for row in found.ready] == [(True, 1)]


@pytest.mark.parametrize(
    ("cell", "names", "said"),
    [
        ("ใจดี, สมชาย", ("ใจดี", ""), "name_turned"), ("ใจดี, นายสมชาย", ("สมชาย", "ใจดี"), "name_turned"),
        ("Juan dela Cruz", ("Juan", "dela Cruz"), None),
    ],
)  # fmt: skip
def test_a_comma_in_a_name_is_remarked(city: City, cell: str, names: tuple[str, str], said: str | None) -> None:
    found = checked(city, ["ชื่อ-สกุล", *PLACE], [cell, *HERE])
    assert [(row.given, row.family) for row in found.ready] == [names]
    assert [code for _row, code in codes(found) if code.startswith("name_")] == ([said] if said else [])
