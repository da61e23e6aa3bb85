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


def late_tellers(tree: ast.Module) -> list[str]:
    """Calls of `on_commit` whose callback, through functions of the same file, tells or posts something; also one
    whose callback cannot be read here."""
    bodies = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "on_commit":
            callback = node.args[0] if node.args else node
            if isinstance(callback, ast.Call) and _name(callback.func) == "partial":
                callback = callback.args[0]
            begin = callback if isinstance(callback, ast.Lambda) else bodies.get(_name(callback))
            if begin is None or TELLS & _reached(begin, bodies):
                found.append(f"line {node.lineno}")
    return found


TELLS = {"notify", "tell", "post", "post_all", "post_each", "defer", "publish", "configure_task"}


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _reached(begin: ast.AST, bodies: dict[str, ast.FunctionDef]) -> set[str]:
    """The names of all that is called from here."""
    seen: set[str] = set()
    waiting = [begin]
    while waiting:
        names = {_name(node.func) for node in ast.walk(waiting.pop()) if isinstance(node, ast.Call)}
        waiting += [bodies[name] for name in names - seen if name in bodies]
        seen |= names
    return seen


def test_nothing_is_told_after_the_transaction() -> None:
    assert [f"{path}: {line}" for path, tree in files() for line in late_tellers(tree)] == []


@pytest.mark.parametrize(
    "text",
    [
        "transaction.on_commit(lambda: notify(users=users, kind='x'))",
        "def send():\n    helper()\ndef helper():\n    tell(rows)\ntransaction.on_commit(send)",
        "on_commit(partial(post, kind='x'))",
        "on_commit(elsewhere.send)",
    ],
)
def test_a_planted_late_telling_is_found(text: str) -> None:
    assert late_tellers(ast.parse(text))


# Where a file tells accounts of persons by `notify` alone: who holds the case is told, or an account itself is meant.
OF_ACCOUNTS = {
    "cases/actions/_move.py",  # the person by people.tell; offices by notify
    "cases/actions/elsewhere.py",  # an office may not keep the record any more: it brings nobody a slip
    "catalogue/actions/_unmet.py",  # whoever looks out by notify, the person by people.tell
    "learning/actions/_line.py",  # the person by people.tell; whoever entered them by notify
    "people/actions/linking.py",  # the account's owner, about the account
    "people/actions/telling.py",  # people.tell itself
    "rounds/actions/_store.py",  # the person by people.tell; staff by notify
}


def tells_accounts(path: Path) -> bool:
    """Whether a file calls `notify` and asks a person for their account."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    asks = any(
        isinstance(node, ast.Attribute) and node.attr == "user" and _name(node.value) in {"person", "p"}
        for node in ast.walk(tree)
    )
    return asks and "notify" in {_name(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_persons_are_told_by_whatever_reaches_them() -> None:
    """A notice reaches who has an account and reads it; people.tell goes on to the telephone and to paper."""
    city = SOURCES / "city"
    found = {str(path.relative_to(city)) for path in city.glob("*/actions/*.py") if tells_accounts(path)}
    assert found == OF_ACCOUNTS


def test_what_only_forgets_may_wait_for_the_commit() -> None:
    assert late_tellers(ast.parse("def f():\n    cache.delete('x')\non_commit(f)")) == []
