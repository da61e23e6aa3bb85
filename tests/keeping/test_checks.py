"""A real city does not start as a demo: each item of the one list refuses by itself, wherever the server is started."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.signing import make_user

from okat.city.accounts.models import User
from okat.city.core import rotation
from okat.city.core.models import DataKey
from okat.config import checks, environment, keys

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


@pytest.fixture
def real(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The settings of a real city in which everything holds."""
    file = tmp_path / "city.keys"
    keys.new_file(file)
    monkeypatch.setenv("OKAT_KEYS", str(file))
    monkeypatch.setenv("OKAT_DEMO", "0")
    settings.KEY_FILE, settings.KEYRING = file, keys.LiveKeyring(file)
    settings.DEMO, settings.DEMO_SIZE, settings.DEBUG, settings.TWO_FACTOR_REQUIRED = False, "", False, True
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://okat.example", ["okat.example"]
    settings.DEFAULT_FROM_EMAIL, settings.EMAIL_PORT = "okat@okat.example", 587
    make_user()
    return settings


def test_a_city_that_is_set_up_right_may_be_served(real: Any) -> None:
    assert checks.found() == []
    checks.refuse()


def zeros(real: Any) -> None:
    real.KEY_FILE.write_text(f"k1 {'A' * 43}=\nroot {'A' * 43}=\n")


def repeated(real: Any) -> None:
    line = next(each for each in real.KEY_FILE.read_text().splitlines() if each.startswith("root"))
    real.KEY_FILE.write_text(f"{line}\n{line.replace('root', 'k1')}\n")


def made_by_a_demo(real: Any) -> None:
    real.KEY_FILE.unlink()
    keys.new_file(real.KEY_FILE, demo=True)
    keys.rotate(real.KEY_FILE)  # does not make it the city's own


def demo_account(real: Any) -> None:
    User.objects.make("coordinator", "okat-demo-2569", name="x", demo=True).save()


def older_key(real: Any) -> None:
    DataKey.fresh().save()
    keys.rotate(real.KEY_FILE)


WRONG: dict[str, Callable[[Any], Any]] = {
    "demo_accounts": demo_account,
    "keys_default": lambda real: os.environ.pop("OKAT_KEYS"),
    "keys_demo": made_by_a_demo,
    "keys_readable": lambda real: real.KEY_FILE.chmod(0o644),
    "keys_weak": zeros,
    "debug": lambda real: setattr(real, "DEBUG", True),
    "two_factor": lambda real: setattr(real, "TWO_FACTOR_REQUIRED", False),
    "hosts_any": lambda real: setattr(real, "ALLOWED_HOSTS", ["okat.example", "*"]),
    "url_plain": lambda real: setattr(real, "SITE_URL", "http://okat.example"),
    "hosts_missing": lambda real: setattr(real, "ALLOWED_HOSTS", ["127.0.0.1"]),
    "mail_local": lambda real: setattr(real, "EMAIL_PORT", 1025),
    "keys_behind": older_key,
}


@pytest.mark.parametrize("code", WRONG)
def test_each_item_is_found_by_itself(code: str, real: Any) -> None:
    WRONG[code](real)
    assert [item.code for item in checks.found()] == [code]
    if checks.ITEMS[code].refused:
        with pytest.raises(checks.RefusedError, match="- "):
            checks.refuse()
    else:
        checks.refuse()


def test_the_list_holds_what_is_tested_and_nothing_else() -> None:
    for item in checks.ITEMS.values():  # what holds is said in words too
        assert re.search("[ก-๙]", item.what[0])
        assert re.fullmatch("[ -~]+", item.what[1])
    assert set(checks.ITEMS) == {*WRONG, "demo_unsaid", "database_silent"}


def test_a_database_that_does_not_answer_is_no_pass(tmp_path: Path) -> None:
    """Nobody knows what is in it: demo accounts, for one."""
    away = "postgres://okat:x@127.0.0.1:1/okat"
    okat = str(Path(sys.executable).parent / "okat")
    keys.new_file(tmp_path / "keys")
    given = {"OKAT_VAR": str(tmp_path), "OKAT_KEYS": str(tmp_path / "keys"), "OKAT_DEMO": "0", "DATABASE_URL": away}
    done = run(okat, "check", "--json", **given)
    rows = {row["code"]: row["holds"] for row in json.loads(done.stdout)["items"]}
    assert (done.returncode, rows["database_silent"]) == (1, False)


def test_keys_that_repeat_themselves_are_weak(real: Any) -> None:
    repeated(real)
    assert [item.code for item in checks.found()] == ["keys_weak"]


def test_a_demo_that_nobody_asked_for_does_not_open_over_real_people(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OKAT_DEMO", raising=False)
    assert settings.DEMO
    assert checks.found() == []
    make_user()
    assert [item.code for item in checks.found()] == ["demo_unsaid"]
    monkeypatch.setenv("OKAT_DEMO", "small")  # said aloud it may
    assert checks.found() == []


def test_a_rotation_that_is_done_leaves_nothing_behind(real: Any) -> None:
    older_key(real)
    list(rotation.rewrap())
    assert checks.found() == []


@pytest.mark.parametrize(
    ("said", "size"), [(None, "small"), ("0", ""), ("1", "small"), ("small", "small"), ("FULL", "full")]
)
def test_the_sizes_of_a_demo(said: str | None, size: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OKAT_DEMO", raising=False)
    if said is not None:
        monkeypatch.setenv("OKAT_DEMO", said)
    assert environment.demo_size() == size


def test_another_size_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKAT_DEMO", "big")
    with pytest.raises(ValueError, match="small or full"):
        environment.demo_size()


def run(*command: str, **given: str) -> subprocess.CompletedProcess[str]:
    bare = {key: value for key, value in os.environ.items() if not key.startswith(("OKAT_", "DATABASE_", "DJANGO_"))}
    return subprocess.run(
        command, env={**bare, **given}, capture_output=True, text=True, check=False, cwd=ROOT, timeout=300
    )


@pytest.mark.slow
def test_neither_the_command_nor_the_server_starts_a_demo_as_a_real_city(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    okat, python = str(Path(sys.executable).parent / "okat"), sys.executable
    given = {"OKAT_VAR": str(tmp_path / "var"), "OKAT_CITY": str(ROOT / "cities" / "khon-kaen")}
    stop = "from okat.config import database; database.stop()"
    try:
        assert run(okat, "migrate", **given).returncode == 0  # a demo, which makes its own keys
        real = {**given, "OKAT_DEMO": "0", "OKAT_DEBUG": "1", "OKAT_HOSTS": "*"}
        served = run(okat, "serve", "--port", "1", **real)
        assert served.returncode == 2
        for code in ("debug", "hosts_any", "url_plain", "keys_default", "keys_demo"):
            assert checks.ITEMS[code].en in served.stderr
        loaded = run(python, "-c", "import okat.config.wsgi", **real)
        assert "RefusedError" in loaded.stderr
        checked = run(okat, "check", "--json", **real)
        assert checked.returncode == 1
        items = {row["code"]: row for row in json.loads(checked.stdout)["items"]}
        assert set(items) == set(checks.ITEMS)
        assert not items["debug"]["holds"]
        assert items["two_factor"]["holds"]
        assert run(okat, "demo", "--no-serve", **real).returncode == 2
    finally:
        run(python, "-c", stop, **given)
