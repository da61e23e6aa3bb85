"""Schemathesis reads the OpenAPI document and asks what no person would; every answer must be as the document says."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from tests.api.conftest import Offered

OPERATIONS = 13
few = settings(
    max_examples=12, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)  # fmt: skip


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """A server closes connections between requests; here all requests see the test's own transaction."""
    moments = (signals.request_started, signals.request_finished)
    for moment in moments:
        moment.disconnect(close_old_connections)
    yield
    for moment in moments:
        moment.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_answers_are_as_the_document_says(offered: Offered, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/hsds/openapi.json", get_wsgi_application())
    asked = 0
    for found in schema.get_all_operations():
        operation: Any = found.ok()
        asked += 1
        if mode is GenerationMode.NEGATIVE and not operation.query:
            continue  # nothing to get wrong

        @few
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            wish = case.query or {}
            if mode is GenerationMode.POSITIVE and "proximity" in wish and "postcode" not in wish:
                assert case.call().status_code == 400  # a rule between two parameters, which OpenAPI cannot say
                return
            case.call_and_validate()

        ask()
    assert asked == OPERATIONS
