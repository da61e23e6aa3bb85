"""A real city does not start as a demo: each item of the one list refuses by itself, wherever the server is started."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.migrated import city_in
from tests.signing import make_user

from okat.city.accounts.models import User
from okat.city.core import health, key_marks, rotation
from okat.city.core.models import DataKey, KeyMark
from okat.config import checks, commands, environment, keys

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
    settings.BEHIND_PROXY, settings.CITY = True, ROOT / "cities" / "khon-kaen"
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


def another_file(real: Any) -> None:
    """Fresh files all call their key k1."""
    key_marks.note()
    DataKey.fresh().save()
    real.KEY_FILE.unlink()
    keys.new_file(real.KEY_FILE)
    real.KEYRING = keys.LiveKeyring(real.KEY_FILE)


def another_file_for_a_while(real: Any) -> None:
    mine = real.KEYRING
    DataKey.fresh().save()
    real.KEYRING = keys.parse(f"k1 {'B' * 43}=\nroot {'B' * 43}=")
    DataKey.fresh().save()
    real.KEYRING = mine


WRONG: dict[str, Callable[[Any], Any]] = {
    "demo_accounts": demo_account,
    "keys_default": lambda real: os.environ.pop("OKAT_KEYS"),
    "keys_demo": made_by_a_demo,
    "keys_readable": lambda real: real.KEY_FILE.chmod(0o644),
    "keys_weak": zeros,
    "keys_strange": another_file,
    "keys_unopened": another_file_for_a_while,
    "debug": lambda real: setattr(real, "DEBUG", True),
    "two_factor": lambda real: setattr(real, "TWO_FACTOR_REQUIRED", False),
    "hosts_any": lambda real: setattr(real, "ALLOWED_HOSTS", ["okat.example", "*"]),
    "url_plain": lambda real: setattr(real, "SITE_URL", "http://okat.example"),
    "hosts_missing": lambda real: setattr(real, "ALLOWED_HOSTS", ["127.0.0.1"]),
    "proxy_unsaid": lambda real: setattr(real, "BEHIND_PROXY", False),
    "city_missing": lambda real: setattr(real, "CITY", Path("/nonexistent")),
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


@pytest.mark.parametrize("demo", [False, True], ids=["real", "demo"])
@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_or_was_not_looked_at_is_never_said_to_hold(code: str, demo: bool, real: Any) -> None:
    WRONG[code](real)
    real.DEMO = demo
    lines: list[str] = []
    row = next(row for row in commands.check(lines.append) if row["code"] == code)
    assert row["holds"] is (None if demo and row["why_en"] else False)
    (line,) = [line for line in lines if f"({code})" in line]
    assert line[0] == ("–" if row["holds"] is None else "✗" if checks.ITEMS[code].refused else "!")
    assert (row["why_th"] or row["th"]) in line
    assert (row["why_en"] or row["en"]) in line
    if code == "keys_strange":
        assert "– กุญแจเปิดได้ทุกอย่าง" in "".join(lines)  # what was sealed was not tried with another's keys


def test_a_demo_says_what_holds_and_what_nobody_looked_at(settings: Any) -> None:
    assert settings.DEMO
    rows = {row["code"]: row["holds"] for row in checks.as_rows()}
    looked = {code for code, holds in rows.items() if holds is not None}
    assert looked == {"database_silent", "demo_unsaid", "keys_strange", "keys_unopened", "keys_behind"}


def test_where_no_address_is_set_links_lead_to_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OKAT_URL", raising=False)
    environment.follow(8142)
    assert environment.site() == "http://127.0.0.1:8142"
    monkeypatch.setenv("OKAT_URL", "https://okat.example")
    environment.follow(8143)
    assert environment.site() == "https://okat.example"


@pytest.mark.parametrize("hosts", [[".org"], [".okat.example", ".example"], ["okat.example", "."]])
def test_a_host_name_that_anybody_may_own_a_part_of_is_none(hosts: list[str], real: Any) -> None:
    real.ALLOWED_HOSTS = [*hosts, "okat.example"]
    assert [item.code for item in checks.found()] == ["hosts_any"]


@pytest.mark.parametrize("said", ["HTTPS://Okat.Example", " https://okat.example/ ", "https://okat.example"])
def test_an_address_is_read_in_one_way(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKAT_URL", said)
    assert environment.site() == "https://okat.example"


def test_what_the_check_calls_tls_is_served_as_tls(tmp_path: Path) -> None:
    keys.new_file(tmp_path / "keys")
    given = {"OKAT_VAR": str(tmp_path), "OKAT_KEYS": str(tmp_path / "keys"), "OKAT_DEMO": "0"}
    ask = (
        "from okat.config import settings as s; "
        "print(s.SITE_URL, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0)"
    )
    for said, secure in (("HTTPS://okat.example/", True), ("http://okat.example", False)):
        done = run(sys.executable, "-c", ask, **given, OKAT_URL=said)
        assert done.stdout.split() == [said.lower().rstrip("/"), *[str(secure)] * 3]


WRONG_SETTINGS = {
    "OKAT_DEMO": "no", "OKAT_STATEMENT_SECONDS": "abc", "OKAT_LOCK_SECONDS": "0", "OKAT_IDLE_SECONDS": "-3",
    "OKAT_LONG_SECONDS": "0", "OKAT_STOP_SECONDS": "-1", "OKAT_SMTP_PORT": "x", "OKAT_SMS_COST": "1.5",
    "OKAT_LINE_COST": "-1", "OKAT_BACKUP_DAYS": "-1", "OKAT_DISK_MB": "-1", "OKAT_KEYS": "/nonexistent/keys",
    "DATABASE_URL": "mysql://x/y", "OKAT_URL": "https://[abc",
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_SETTINGS)
def test_a_setting_that_cannot_be_meant_is_named_in_words(name: str, tmp_path: Path) -> None:
    keys.new_file(tmp_path / "keys")
    away = "postgres://okat:x@127.0.0.1:1/okat"
    given = {"OKAT_VAR": str(tmp_path), "OKAT_KEYS": str(tmp_path / "keys"), "OKAT_DEMO": "0", "DATABASE_URL": away}
    done = run(str(Path(sys.executable).parent / "okat"), "check", **{**given, name: WRONG_SETTINGS[name]})
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr
    assert name in done.stderr


def test_every_number_of_the_settings_is_tried() -> None:
    numbers = {
        one.name for one in environment.VARIABLES if (one.default or "x").isdecimal() and int(one.default or 0) > 1
    }
    assert numbers <= set(WRONG_SETTINGS)


@pytest.mark.parametrize("content", [b"", b"k1 half\n", b"\xff\xfe", b"k1 AAAA\nroot AAAA\n"])
def test_a_broken_key_file_is_told_in_words(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(content)
    away = "postgres://okat:x@127.0.0.1:1/okat"
    given = {"OKAT_VAR": str(tmp_path), "OKAT_KEYS": str(tmp_path / "keys"), "OKAT_DEMO": "0", "DATABASE_URL": away}
    for command in (["check"], ["backup", str(tmp_path / "x.tar")], ["keys", "rotate"]):
        done = run(str(Path(sys.executable).parent / "okat"), *command, **given)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert str(tmp_path / "keys") in done.stderr


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
    inside = ("demo_accounts", "demo_unsaid", "keys_strange", "keys_unopened", "keys_behind")
    assert [rows[code] for code in inside] == [None] * 5


def test_another_file_is_known_also_where_no_mark_was_noted_yet(real: Any) -> None:
    another_file(real)
    KeyMark.objects.all().delete()
    assert [item.code for item in checks.found()] == ["keys_strange"]
    with pytest.raises(key_marks.OtherKeysError):
        key_marks.note()
    assert not KeyMark.objects.exists()


def test_each_key_is_noted_once_and_keeps_its_mark(real: Any) -> None:
    key_marks.note()
    before = dict(KeyMark.objects.values_list("name", "mark"))
    assert set(before) == {"k1", key_marks.ROOT}
    keys.rotate(real.KEY_FILE)
    key_marks.note()
    assert set(KeyMark.objects.values_list("name", flat=True)) == {"k1", "k2", key_marks.ROOT}
    assert before.items() <= dict(KeyMark.objects.values_list("name", "mark")).items()


@pytest.mark.django_db(transaction=True)
def test_health_says_that_the_keys_are_anothers(real: Any) -> None:
    key_marks.note()
    assert health.look()["keys"] == {"ok": True, "fault": None}
    another_file(real)
    assert health.look()["keys"] == {"ok": False, "fault": "another"}


def emptied(file: Path) -> None:
    file.write_text("")


def cut(file: Path) -> None:
    file.write_text(file.read_text()[:60])


def other_city(file: Path) -> None:
    file.unlink()
    keys.new_file(file)


def folder(file: Path) -> None:
    """Nothing that can be read."""
    file.unlink()
    file.mkdir()


GONE_WRONG = {
    "missing": Path.unlink, "emptied": emptied, "cut": cut, "no text": lambda file: file.write_bytes(b"\xff\xfe"),
    "folder": folder, "another": other_city,
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", GONE_WRONG)
def test_health_looks_at_the_file_that_the_next_start_would_read(how: str, real: Any) -> None:
    """The keys that were read stay in force, so that nothing else shows it."""
    key_marks.note()
    ring, kept = real.KEYRING, real.KEY_FILE.read_text()
    GONE_WRONG[how](real.KEY_FILE)
    told = health._told(health.look())
    assert told["parts"]["keys"] == {"ok": False, "fault": how if how in {"missing", "another"} else "unreadable"}
    assert "keys" in told["wrong"]
    assert ring.sealing == keys.parse(kept).sealing
    real.KEY_FILE.rmdir() if how == "folder" else real.KEY_FILE.unlink(missing_ok=True)
    real.KEY_FILE.write_text(kept)
    keys.rotate(real.KEY_FILE)
    assert health.look()["keys"] == {"ok": True, "fault": None}


@pytest.mark.django_db(transaction=True)
def test_health_tells_of_the_key_file_also_without_the_database(real: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Any:
        raise psycopg.OperationalError

    monkeypatch.setattr(health, "_database", away)
    real.KEY_FILE.unlink()
    assert {"database", "keys"} <= set(health._told(health.look())["wrong"])


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
        city_in(tmp_path / "var")
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


@pytest.mark.slow
def test_no_command_goes_on_with_another_file_and_a_demo_makes_no_second_one(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    okat, python = str(Path(sys.executable).parent / "okat"), sys.executable
    mine, other = tmp_path / "mine.keys", tmp_path / "other.keys"
    keys.new_file(mine)
    keys.new_file(other)
    given = {"OKAT_VAR": str(tmp_path / "var"), "OKAT_CITY": str(ROOT / "cities" / "khon-kaen"), "OKAT_DEMO": "0"}
    right, wrong = {**given, "OKAT_KEYS": str(mine)}, {**given, "OKAT_KEYS": str(other)}
    stop = "from okat.config import database; database.stop()"
    words = checks.ITEMS["keys_strange"].en
    try:
        city_in(tmp_path / "var", keys=False)
        assert run(okat, "migrate", **wrong).returncode == 0
        assert run(okat, "migrate", **right).returncode == 0  # nothing was done with the other
        assert run(okat, "city", "load", **right).returncode == 0
        for command in (
            ["migrate"], ["city", "load"], ["user", "add", "first", "--name", "x"], ["keys", "rotate"],
            ["work", "--once"], ["serve", "--port", "1"], ["backup", str(tmp_path / "wrong.tar")],
        ):  # fmt: skip
            done = run(okat, *command, **wrong)
            assert done.returncode == 2, command
            assert words in done.stderr
            assert "Traceback" not in done.stderr
        assert other.read_text().count("\nk") == 0  # no rotation began
        assert not (tmp_path / "wrong.tar").exists()
        items = json.loads(run(okat, "check", "--json", **wrong).stdout)["items"]
        assert not next(row["holds"] for row in items if row["code"] == "keys_strange")
        assert "RefusedError" in run(python, "-c", "import okat.config.wsgi", **wrong).stderr
        # A demo whose file was lost or not found makes no new one beside what the old one sealed.
        demo, missing = {**given, "OKAT_DEMO": "small"}, str(tmp_path / "var" / "keys")
        for command in (["migrate"], ["check"], ["backup", str(tmp_path / "wrong.tar")], ["restore", str(mine)]):
            done = run(okat, *command, **demo)
            assert done.returncode == 2, command
            assert f"No key file {missing}: put this city's back" in done.stderr
            assert words not in done.stderr
            assert not (tmp_path / "var" / "keys").exists()
        assert f"No key file {missing}: put" in run(python, "-c", "import okat.config.wsgi", **demo).stderr
        assert not (tmp_path / "var" / "keys").exists()
        assert run(okat, "backup", str(tmp_path / "right.tar"), **right).returncode == 0
    finally:
        run(python, "-c", stop, **given)


@pytest.mark.parametrize("way", ["made", "put back since", "put back before", "gone"])
def test_a_start_takes_away_no_key_file_but_its_own(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo that starts without one makes one, and takes it away where the data are sealed with another: meanwhile
    somebody may have put the right one back."""
    monkeypatch.delenv("OKAT_KEYS", raising=False)
    monkeypatch.setattr(keys, "_MADE", {})
    file, right = tmp_path / "keys", tmp_path / "right"
    keys.new_file(right)
    if way == "put back before":  # between the look and the making
        made = keys.new_file

        def late(path: Path, *, demo: bool = False) -> str:
            path.write_bytes(right.read_bytes())
            return made(path, demo=demo)

        monkeypatch.setattr(keys, "new_file", late)
    keys.load(tmp_path, demo=True)
    if way == "put back since":
        file.write_bytes(right.read_bytes())
    elif way == "gone":
        file.unlink()
    assert keys.unmake(file)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == (["keys", "right"] if way.startswith("put back") else ["right"])
    assert "keys" not in left or file.read_bytes() == right.read_bytes()
