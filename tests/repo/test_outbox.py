"""Nobody sends letters but the outbox, and nobody tells what happened after the transaction in which it happened."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "okat"
THE_ONE = SOURCES / "city" / "core" / "outbox" / "channels" / "email.py"
MAILERS = ("django.core.mail", "smtplib", "aiosmtplib")


def mailers(tree: ast.Module) -> list[str]:
    """What a file imports to send mail by itself."""
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute) and node.attr == "email_user":
            names.append("smtplib.by.email_user")
    return [name for name in names if any(name == one or name.startswith(f"{one}.") for one in MAILERS)]


def files() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCES.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_only_the_outbox_sends_mail() -> None:
    assert [str(path) for path, tree in files() if mailers(tree) and path != THE_ONE] == []
    assert mailers(ast.parse(THE_ONE.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "line",
    [
        "from django.core import mail",
        "from django.core.mail import send_mail",
        "import smtplib",
        "user.email_user('x')",
    ],
)
def test_a_planted_mailer_is_found(line: str) -> None:
    assert mailers(ast.parse(line))
