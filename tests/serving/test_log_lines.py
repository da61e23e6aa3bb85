"""A refusal is one line of the log, a fault keeps its way."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from tests.signing import make_user, sign_in_fully


@pytest.fixture
def console() -> Iterator[io.StringIO]:
    """What the handler of the settings writes."""
    handler = next(each for each in logging.getLogger().handlers if each.name == "console")
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "host", "status", "said"),
    [
        ("/rounds/manage/", "testserver", 403, "PermissionDenied"),
        ("/no/such/page/", "testserver", 404, "/no/such/page/"),
        ("/rounds/manage/", "a_b:x", 400, "DisallowedHost"),
    ],
)  # fmt: skip
def test_a_refused_page_writes_one_line(
    client: Client, console: io.StringIO, path: str, host: str, status: int, said: str
) -> None:
    """Whichever part of Django refuses it: each has a logger of its own."""
    sign_in_fully(client, make_user("resident"))
    assert client.get(path, headers={"host": host}).status_code == status
    (line,) = console.getvalue().splitlines()
    assert said in line


@pytest.mark.parametrize("logger", ["django.request", "django.security.DisallowedHost", "okat"])
@pytest.mark.parametrize(("status", "whole"), [(404, False), (400, False), (503, False), (500, True), (None, True)])
def test_a_fault_keeps_its_way(console: io.StringIO, logger: str, status: int | None, whole: bool) -> None:
    try:
        raise ValueError("why")
    except ValueError:
        extra = {"status_code": status} if status else {}
        logging.getLogger(logger).error("%s", "/page", exc_info=True, extra=extra)
    lines = console.getvalue().splitlines()
    if whole:
        assert (lines[0], lines[1], lines[-1]) == ("/page", "Traceback (most recent call last):", "ValueError: why")
    else:
        assert lines == ["/page (ValueError: why)"]
