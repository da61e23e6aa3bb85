"""A refusal is one line of the log, a fault keeps its way."""

import logging
import sys

import pytest
from django.test import Client
from tests.signing import make_user, sign_in_fully

from okat.config.logs import NoTraceback


@pytest.mark.django_db
def test_a_refused_page_writes_one_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    sign_in_fully(client, make_user("resident"))
    with caplog.at_level(logging.WARNING):
        assert client.get("/rounds/manage/").status_code == 403
    said = [record for record in caplog.records if record.name == "django.request"]
    assert said
    assert all(record.exc_info is None for record in said)
    assert "PermissionDenied" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(("status", "whole"), [(404, False), (403, False), (503, False), (500, True)])
def test_a_fault_keeps_its_way(status: int, whole: bool) -> None:
    try:
        raise ValueError("why")
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "%s", ("/page",), sys.exc_info())
    record.status_code = status
    assert NoTraceback().filter(record)
    assert (record.exc_info is not None) is whole
    assert record.getMessage() == ("/page" if whole else "/page (ValueError: why)")
