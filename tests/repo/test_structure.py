"""What import-linter cannot see: writes outside actions, managers in views, relations upwards, undeclared fields."""

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from okat.city.core.classify import Privacy

ROOT = Path(__file__).resolve().parents[2]
CITY = ROOT / "src" / "okat" / "city"
RULES = Path(__file__).parent / "rules"
MAY_NOT_WRITE = ("views", "forms", "tasks", "admin", "schemas", "urls", "rules", "solve")


def parts(root: Path, names: Iterable[str]) -> list[str]:
    """The files `views.py`, or those of a folder `views/`, of every app; api is made of such files alone."""
    found = [str(p) for name in names for p in [*root.glob(f"*/{name}.py"), *root.glob(f"*/{name}/**/*.py")]]
    return found + [str(p) for p in root.glob("api/*.py")]


def scan(rule: str, files: list[str]) -> list[str]:
    if not files:
        return []
    program = shutil.which("ast-grep") or str(Path(sys.executable).parent / "ast-grep")
    done = subprocess.run(
        [program, "scan", "--rule", str(RULES / rule), "--json", *files], capture_output=True, text=True, check=False
    )
    return [f"{hit['file']}:{hit['range']['start']['line'] + 1}: {hit['text'][:60]}" for hit in json.loads(done.stdout)]


def test_only_actions_write() -> None:
    assert scan("writes.yml", parts(CITY, MAY_NOT_WRITE)) == []


def test_views_load_through_the_owner() -> None:
    assert scan("owner.yml", parts(CITY, ("views",))) == []


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("writes.yml", "person.save()"),
        ("writes.yml", "Person.objects.filter(id=1).update(name='x')"),
        ("writes.yml", "Person.objects.bulk_create(rows)"),
        ("owner.yml", "people = Person.objects.all()"),
        ("owner.yml", "person = get_object_or_404(Person, pk=1)"),
    ],
)
def test_a_planted_write_or_manager_is_found(tmp_path: Path, rule: str, line: str) -> None:
    planted = tmp_path / "people" / "views.py"
    planted.parent.mkdir()
    planted.write_text(line + "\n", encoding="utf-8")
    assert len(scan(rule, parts(tmp_path, ("views",)))) == 1


def our_models() -> list[type[models.Model]]:
    """Ours, without the event tables that pghistory makes from them."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("okat.city.")
        for model in config.get_models()
        if not hasattr(model, "pgh_tracked_model")
    ]


def upward(owner: str, target: str) -> bool:
    """Whether a relation from one app to another climbs the floors of the house."""
    floors = settings.FLOORS
    return owner in floors and target in floors and floors.index(target) > floors.index(owner)


def test_no_relation_climbs_a_floor() -> None:
    climbing = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and isinstance(field.related_model, type)
        and upward(model._meta.app_label, field.related_model._meta.app_label)
        # The person who signs in is named by everyone, by Django's own setting.
        and field.related_model._meta.label != settings.AUTH_USER_MODEL
    ]
    assert climbing == []


def test_a_planted_relation_upwards_is_seen() -> None:
    assert upward("core", "partners")
    assert not upward("partners", "places")


def unclassified(model: type[models.Model]) -> list[str]:
    privacy = model.__dict__.get("PRIVACY")
    names = {f.name for f in [*model._meta.local_fields, *model._meta.local_many_to_many]}
    if not isinstance(privacy, Privacy):
        return [f"{model._meta.label}: PRIVACY is missing"]
    undecided = sorted(names ^ set(privacy.kinds))
    return [f"{model._meta.label}.{name}" for name in undecided]


def test_every_field_says_whether_it_is_personal() -> None:
    assert [name for model in our_models() for name in unclassified(model)] == []


def test_a_planted_field_without_a_word_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    model = next(m for m in our_models() if m._meta.label == "places.Area")
    kinds = {name: kind for name, kind in model.__dict__["PRIVACY"].kinds.items() if name != "th"}
    monkeypatch.setattr(model, "PRIVACY", Privacy(kinds))
    assert unclassified(model) == ["places.Area.th"]


def undecorated(tree: ast.Module) -> list[str]:
    """Public functions that do not carry `@action`."""
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not any("action" in ast.dump(decorator) for decorator in node.decorator_list)
    ]


def test_every_public_function_of_actions_is_an_action() -> None:
    found = [
        f"{path}: {name}"
        for path in parts(CITY, ("actions",))
        if "/api/" not in path and not Path(path).name.startswith("_")  # _x.py: the folder's own helpers
        for name in undecorated(ast.parse(Path(path).read_text(encoding="utf-8")))
    ]
    assert found == []


def test_a_planted_bare_action_is_found() -> None:
    assert undecorated(ast.parse("@action\ndef good(*, by): ...\ndef bad(*, by): ...\ndef _helper(): ...")) == ["bad"]


# Where rows are held of which some are deleted once it is known that nothing hangs on them: what names one of them
# meanwhile is to wait, and to find it gone. The file in src/okat/city, and the function.
DELETED_NEXT = {
    ("catalogue/actions/_office.py", "_touched"), ("catalogue/actions/_sessions.py", "_work"),
    ("jobs/actions/talks.py", "close_slot"), ("people/actions/_locks.py", "hold_to_delete"),
}  # fmt: skip


def locks_in(source: str, but: Iterable[str] = ()) -> list[ast.Call]:
    tree = ast.parse(source)
    known = {
        id(call)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name in but
        for call in ast.walk(function)
    }
    return [
        call
        for call in ast.walk(tree)
        if id(call) not in known
        and isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "select_for_update"
        and not any(word.arg == "no_key" and ast.unparse(word.value) == "True" for word in call.keywords)
    ]


def test_a_row_that_merely_names_another_waits_for_nobody() -> None:
    """A row is held FOR NO KEY UPDATE. Else every row that refers to it waits for its holder, at the end of its own
    transaction, with all that this holds: no order of locks could promise that two never wait for each other."""
    found = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        but = {name for file, name in DELETED_NEXT if path == CITY / file}
        found += [f"{path}:{call.lineno}" for call in locks_in(path.read_text("utf-8"), but)]
    assert found == []
    assert all(len(locks_in((CITY / file).read_text("utf-8"))) == 1 for file, _name in DELETED_NEXT)
    assert len(locks_in("rows.select_for_update(of=('self',)).get(pk=1)")) == 1
