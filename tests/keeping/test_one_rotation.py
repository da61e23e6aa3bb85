"""Several commands that change the key file at one moment: each key that seals anything stays in the file."""

import base64
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection, transaction

from okat.city.core import key_marks
from okat.city.core.models import DataKey, KeyMark
from okat.config import keys

OKAT = str(Path(sys.executable).parent / "okat")
PATIENCE = 60.0

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@dataclass
class City:
    """A key file and a database of a test; `values` are sealed in it."""

    file: Path
    environ: dict[str, str]
    values: list[tuple[DataKey, bytes]]

    def begin(self, *command: str, file: Path | None = None) -> "subprocess.Popen[str]":
        given = {**self.environ, "OKAT_KEYS": str(file or self.file)}
        return subprocess.Popen(
            [OKAT, *command], env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def drafts(self, file: Path | None = None) -> list[Path]:
        return list((file or self.file).parent.glob(".keys-*"))

    def opens(self, *files: Path) -> None:
        """Everything, with what stands in these files."""
        for key, value in self.values:
            wrapped = bytes(DataKey.objects.get(pk=key.pk).wrapped)
            assert any(_opened(file, key, wrapped, value) for file in files or [self.file])

    def names(self, file: Path | None = None) -> list[str]:
        return [line.split()[0] for line in (file or self.file).read_text().splitlines()]


def _opened(file: Path, key: DataKey, wrapped: bytes, value: bytes) -> bool:
    from django.conf import settings

    before, settings.KEYRING = settings.KEYRING, keys.parse(file.read_text())
    try:
        return bool(DataKey(pk=key.pk, wrapped=wrapped).unseal(value) == "ลับ")
    except Exception:
        return False
    finally:
        settings.KEYRING = before


@pytest.fixture
def city(tmp_path: Path, settings: object) -> Iterator[City]:
    file = tmp_path / "var" / "keys"
    keys.new_file(file)
    settings.KEY_FILE, settings.KEYRING = file, keys.LiveKeyring(file)  # type: ignore[attr-defined]
    KeyMark.objects.all().delete()
    key_marks.note()
    values = []
    for _each in range(20):
        key = DataKey.fresh()
        key.save()
        values.append((key, key.seal("ลับ")))
    there = connection.settings_dict
    url = f"postgresql://{there['USER']}@{quote(str(there['HOST']), safe='')}/{there['NAME']}"
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("OKAT_", "DATABASE_", "DJANGO_"))}
    tmp_path.chmod(0o755)
    yield City(file, {**bare, "DATABASE_URL": url, "OKAT_VAR": str(file.parent), "OKAT_DEMO": "small"}, values)
    KeyMark.objects.all().delete()


def until(what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    said, _nothing = process.communicate(timeout=PATIENCE)
    return process.returncode, said


@pytest.fixture
def between(city: City) -> "Iterator[tuple[subprocess.Popen[str], psycopg.Connection[object]]]":
    """A rotation that stands still between its draft and the file, by what it waits for in the database."""
    with psycopg.connect(city.environ["DATABASE_URL"]) as holder:
        holder.execute("insert into core_keymark (name, mark, noted_at) values ('k2', 'x', now())")
        first = city.begin("keys", "rotate")
        until(city.drafts)
        os.kill(first.pid, signal.SIGSTOP)
        try:
            yield first, holder
        finally:
            first.kill()
            first.communicate()


def test_a_second_rotation_beside_one_that_was_stopped_is_refused(
    city: City, between: "tuple[subprocess.Popen[str], psycopg.Connection[object]]"
) -> None:
    first, holder = between
    before = city.file.read_text()
    others = [("keys", "rotate"), ("keys", "rotate", "--finish"), ("restore", str(city.file), "--yes")]
    for command in others:
        status, said = ended(city.begin(*command))
        assert (status, "run this again" in said) == (2, True), said
    assert city.file.read_text() == before
    holder.rollback()
    os.kill(first.pid, signal.SIGCONT)
    status, said = ended(first)
    assert status == 0, said
    assert city.names() == ["k2", "k1", "root"]
    assert city.drafts() == []
    assert {bytes(key.wrapped)[:3] for key in DataKey.objects.all()} == {b"k2:"}
    city.opens()
    assert ended(city.begin("keys", "rotate"))[0] == 0
    city.opens()


def test_one_that_was_killed_there_is_in_nobodys_way(
    city: City, between: "tuple[subprocess.Popen[str], psycopg.Connection[object]]"
) -> None:
    first, holder = between
    first.kill()
    first.wait()
    holder.rollback()
    assert city.drafts()
    status, said = ended(city.begin("keys", "rotate"))
    assert status == 0, said
    assert city.drafts() == []
    city.opens()


def test_what_somebody_put_there_meanwhile_stays(
    city: City, between: "tuple[subprocess.Popen[str], psycopg.Connection[object]]"
) -> None:
    first, holder = between
    other = f"k7 {base64.b64encode(bytes(range(32))).decode()}\n{city.file.read_text()}"
    city.file.write_text(other)  # by an editor, which asks for no lock
    holder.rollback()
    os.kill(first.pid, signal.SIGCONT)
    status, said = ended(first)
    assert (status, "changed the key file" in said) == (2, True), said
    assert city.file.read_text() == other
    city.opens()


def test_three_that_are_let_go_at_once(city: City) -> None:
    with psycopg.connect(city.environ["DATABASE_URL"]) as holder:
        holder.execute("lock table core_keymark")  # all of them ask it at their start
        started = [city.begin("keys", "rotate") for _each in range(3)]
        with psycopg.connect(city.environ["DATABASE_URL"]) as asking:
            until(lambda: _waiting(asking) == 3)
        holder.rollback()
    done = [ended(each) for each in started]
    assert {status for status, _said in done} <= {0, 2}, done
    assert 0 in {status for status, _said in done}, done
    names = city.names()
    assert len(set(names)) == len(names)
    city.opens()
    noted = dict(KeyMark.objects.values_list("name", "mark"))
    assert all(noted[name] == mark for name, mark in key_marks.marks().items())


def _waiting(link: "psycopg.Connection[object]") -> int:
    found = link.execute("select count(*) from pg_locks where not granted").fetchone()
    return int(found[0]) if found else 0  # type: ignore[index]


def test_two_copies_of_the_file_give_no_name_twice(city: City) -> None:
    """On two machines no lock of files helps: the database does."""
    copy = city.file.parent.parent / "copy" / "keys"
    copy.parent.mkdir()
    copy.write_text(city.file.read_text())
    copy.chmod(0o600)
    with psycopg.connect(city.environ["DATABASE_URL"]) as holder:
        holder.execute("insert into core_keymark (name, mark, noted_at) values ('k2', 'x', now())")
        started = [city.begin("keys", "rotate", file=file) for file in (city.file, copy)]
        until(lambda: city.drafts() and city.drafts(copy))
        holder.rollback()
    done = sorted(ended(each) for each in started)
    assert [status for status, _said in done] == [0, 2], done
    assert "Another machine rotates to k2" in done[1][1]
    assert sorted(map(len, (city.names(), city.names(copy)))) == [2, 3]
    assert not city.drafts() + city.drafts(copy)
    city.opens(city.file, copy)


def test_a_copy_of_before_the_last_rotation_makes_no_key(city: City) -> None:
    copy = city.file.parent.parent / "copy" / "keys"
    copy.parent.mkdir()
    copy.write_text(before := city.file.read_text())
    copy.chmod(0o600)
    assert ended(city.begin("keys", "rotate"))[0] == 0
    status, said = ended(city.begin("keys", "rotate", file=copy))
    assert (status, copy.read_text()) == (2, before), said
    assert "Another machine rotates to k2" in said
    city.opens()


def _no_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def test_a_full_disk_leaves_no_draft_and_the_keys_as_they_were(tmp_path: Path) -> None:
    there = tmp_path / "keys"
    rotate = f"from pathlib import Path; from okat.config import keys; keys.rotate(Path({str(there)!r}))"
    for made, command in ((False, [OKAT, "keys", "new", str(there)]), (True, [sys.executable, "-c", rotate])):
        if made:
            keys.new_file(there)
        before = there.read_text() if made else None
        done = subprocess.run(command, preexec_fn=_no_room, capture_output=True, text=True, check=False)
        assert done.returncode != 0
        assert "too large" in done.stderr
        assert (there.read_text() if there.exists() else None) == before
        assert [path.name for path in tmp_path.iterdir()] == (["keys"] if made else [])


def test_only_drafts_of_this_very_file_are_swept(tmp_path: Path) -> None:
    left = [tmp_path / name for name in (".keys-abcd1234", ".keys-2-abcd1234", ".keys-notes", "keys-abcd1234")]
    for each in left:
        each.write_text("x")
    keys.new_file(tmp_path / "keys")
    assert [each.exists() for each in left] == [False, True, True, True]


def test_a_name_that_is_taken_is_given_to_no_other_key(city: City) -> None:
    with pytest.raises(key_marks.NameTakenError), transaction.atomic():
        key_marks.reserve("k1", bytes(32))
    KeyMark.objects.create(name="k8", mark="x")
    assert ended(city.begin("keys", "rotate"))[0] == 0
    assert city.names() == ["k9", "k1", "root"]
    city.opens()
