"""Names in an office's table: in a heading about consent, and written the other way round."""

import pytest
from tests.people.conftest import City
from tests.people.test_office_tables import HERE, PLACE, checked, codes


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
