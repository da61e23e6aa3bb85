"""How much of what could go on for ever a test takes: a part with every landing, all of it in `make test-all`."""

import pytest


def amounts(name: str, few: int, all_: int) -> pytest.MarkDecorator:
    """The test runs with each; `thorough` takes the second."""
    return pytest.mark.parametrize(name, [few, pytest.param(all_, marks=[pytest.mark.slow, pytest.mark.thorough])])
