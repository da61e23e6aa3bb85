"""The open-data page, and the links by which a program finds the data of a page."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.api.conftest import Offered

from okat.city.api.interfaces import INTERFACES

ROOT = Path(__file__).resolve().parents[2]
STANDARDS = (ROOT / "docs" / "reference" / "standards.md").read_text(encoding="utf-8")
MEDIA = {"calendar": "text/calendar", "hsds": "application/json"}


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_page_lists_each_interface_with_its_standard(offered: Offered, client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    page = client.get(reverse("api:open-data")).content.decode()
    assert f" {len(INTERFACES)} " in page
    for each in INTERFACES:
        assert each.shown in page
        assert each.standard in page
        assert f'href="{each.source}"' in page
    assert f'href="{reverse("api:open-data")}"' in client.get("/").content.decode()  # from the foot of every page


def test_every_address_on_it_answers_and_stands_in_the_reference(offered: Offered, client: Client) -> None:
    for each in INTERFACES:
        if each.sample is not None:
            assert each.sample() == each.shown
        address = each.shown.replace("{id}", str(offered.weaving))
        assert client.get(address).status_code == 200, address
        assert f"`{each.shown}`" in STANDARDS, each.shown


def test_a_page_names_its_data_in_its_head(offered: Offered, client: Client) -> None:
    page = client.get(f"/catalogue/{offered.weaving}/").content.decode()
    head = page[: page.index("</head>")]
    found = dict(re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', head))
    assert found.keys() == set(MEDIA.values())
    for media, address in found.items():
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(media)
    assert client.get(found["application/json"]).json()["id"] == str(offered.weaving)
