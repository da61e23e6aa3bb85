"""The guard of all tests: a template that asks a function which wants arguments fails, where Django would say no."""

import pytest
from django.template import Context, engines


def drawn(text: str) -> str:
    template = engines["django"].from_string(text)
    return str(template.template.render(Context({"row": {"hand": lambda partner: partner, "name": lambda: "ก"}})))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["{% if row.hand %}yes{% endif %}", "{{ row.hand }}", "{% with x=row.hand %}{{ x }}{% endwith %}"]
)
def test_a_function_that_wants_arguments_is_no_condition(text: str) -> None:
    with pytest.raises(AssertionError, match=r"row\.hand"):
        drawn(text)


def test_what_can_be_called_and_what_is_missing_stay_as_django_has_them() -> None:
    assert drawn("{{ row.name }}{% if missing.too %}no{% endif %}") == "ก"
