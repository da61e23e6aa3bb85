"""What Django itself says beside a field is Thai on a Thai screen: every sentence of its validators and form fields."""

import ast
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext

ROOT = Path(django.__file__).parent
SAY = (
    "core/validators.py", "forms/fields.py", "forms/forms.py", "forms/formsets.py", "forms/models.py",
    "contrib/auth/password_validation.py", "contrib/auth/validators.py", "contrib/postgres/validators.py",
)  # fmt: skip
NO_SENTENCE = {"IPv4", "IPv6", "IPv4 or IPv6", ":"}


def said(file: str) -> Iterator[tuple[str, ...]]:
    """Each sentence that a file of Django's marks for translation, with its plural where it has one."""
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}:
            wanted = node.args[: 2 if name.startswith("n") else 1]
            words = tuple(each.value for each in wanted if isinstance(each, ast.Constant))
            if len(words) == len(wanted) and words[0] not in NO_SENTENCE:
                yield words


@pytest.mark.parametrize("file", SAY)
def test_every_sentence_of_a_validator_has_thai(file: str) -> None:
    found = list(said(file))
    assert found
    with translation.override("th"):
        told = {words: gettext(words[0]) if len(words) == 1 else ngettext(*words, 2) for words in found}
    assert [words[0] for words, thai in told.items() if not any("ก" <= sign <= "๛" for sign in thai)] == []


def test_a_sentence_without_thai_would_be_found() -> None:
    with translation.override("th"):
        assert gettext("Enter a sentence that nobody has put into Thai.").isascii()
