"""The names of what each address may be asked with, found in the sources: no list to forget."""

import ast
import functools
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CITY = Path(__file__).resolve().parents[2] / "src" / "okat" / "city"
READ_BY = ("get", "getlist", "pop", "setdefault")
# Files of an app that may read what was sent: views hand it on under other names.
READERS = ("views", "forms", "queries", "ask", "find", "schemas", "opendata", "hsds", "interfaces")


def names_in(source: str) -> set[str]:
    """Names that are read from a request: `sent.get("q")`, `sent["q"]`, `"q" in sent`, and the fields of forms."""
    return set(_names(ast.parse(source)))


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READ_BY:
            yield from _texts(node.args[:1])
        elif isinstance(node, ast.Subscript):
            yield from _texts([node.slice])
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            yield from _texts([node.left])
        elif isinstance(node, ast.ClassDef):
            yield from (
                target.id
                for line in node.body
                if isinstance(line, ast.Assign | ast.AnnAssign)
                for target in (line.targets if isinstance(line, ast.Assign) else [line.target])
                if isinstance(target, ast.Name) and target.id.islower()
            )


def _texts(nodes: list[Any]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value


@functools.cache
def of_app(app: str) -> frozenset[str]:
    """All that an app reads anywhere: a view hands what was sent to forms and queries."""
    folder = CITY / app
    files = [p for name in READERS for p in [*folder.glob(f"{name}.py"), *folder.glob(f"{name}/**/*.py")]]
    return frozenset().union(*(names_in(path.read_text(encoding="utf-8")) for path in files), {"lang", "next", "page"})


@functools.cache
def of_module(path: str) -> frozenset[str]:
    return frozenset(names_in(Path(path).read_text(encoding="utf-8")))


def of_view(view: Any) -> tuple[list[str], list[str]]:
    """What the file of the view itself reads, and what its app does."""
    path = inspect.getfile(inspect.unwrap(view))
    app = Path(path).relative_to(CITY).parts[0]
    return sorted(of_module(path)), sorted(of_app(app))
