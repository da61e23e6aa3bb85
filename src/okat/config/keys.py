"""The city's secret keys. They live outside the database, so that a stolen backup opens nothing.

`OKAT_KEYS` is a file of lines `id base64`, the first being the one that seals; older ones still open.
A demo makes its own file in `var/`; a real city must give one.
"""

import base64
import contextlib
import glob
import hashlib
import hmac
import logging
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from okat.config import environment
from okat.config.alone import alone
from okat.config.faults import OperatorError
from okat.files import durable

log = logging.getLogger(__name__)
_MADE: dict[Path, str] = {}  # by this process, for a demo, and what it wrote there
# The last line of a key file that a demonstration made for itself; it stays through rotations.
DEMO_MARK = "# made for a demonstration\n"
WAIT = 10.0  # seconds for another command that only makes a file
_RANDOM = "[a-z0-9_]" * 8  # what the system puts at the end of a draft's name


class KeyFileError(OperatorError):
    """The key file is missing or malformed; the message says how to mend it."""


class KeyFileBusyError(KeyFileError):
    """Another command is changing the key file."""


class AnotherKeyFileError(KeyFileError):
    """The key file is not the one that was read before."""


@dataclass(frozen=True)
class Keyring:
    """`sealing[id]` are 32-byte keys, `first` the id that seals; the others are derived once and never rotate."""

    sealing: dict[str, bytes]
    first: str
    root: bytes

    @property
    def signing(self) -> str:
        return _derive(self.root, "signing").hex()

    @property
    def lookup(self) -> bytes:
        """Key of the keyed hashes (identity numbers, audit subjects)."""
        return _derive(self.root, "lookup")

    def seal_of(self, paper: bytes) -> str:
        """The keyed hash by which a backup's manifest is known."""
        return hmac.new(_derive(self.root, "backup"), paper, hashlib.sha256).hexdigest()

    def certificate_seed(self, name: str) -> bytes:
        """The secret that signs certificates under this key's name; it rotates with the key. Raises KeyError."""
        return _derive(self.sealing[name], "certificates")


class LiveKeyring:
    """The keys as the file has them now: a file that was put in its place since is read again, without a restart, so
    that nothing is sealed by a key that was replaced because somebody may know it.

    A file that is away or broken for a moment, or is another city's, leaves what was read last in force; `fault` says
    so, because the next start would have no keys.
    """

    def __init__(self, file: Path) -> None:
        """Raises KeyFileError or OSError where the file cannot be read now."""
        self._file = file
        self._mark = self._marked()
        self._ring = parse(file.read_text(encoding="ascii"))

    @property
    def sealing(self) -> dict[str, bytes]:
        return self._now().sealing

    @property
    def first(self) -> str:
        return self._now().first

    @property
    def root(self) -> bytes:
        return self._now().root

    @property
    def signing(self) -> str:
        return self._now().signing

    @property
    def lookup(self) -> bytes:
        return self._now().lookup

    def seal_of(self, paper: bytes) -> str:
        return self._now().seal_of(paper)

    def certificate_seed(self, name: str) -> bytes:
        return self._now().certificate_seed(name)

    def fault(self) -> str:
        """What keeps the file from being read again: `missing`, `unreadable` or `another`; empty where nothing does."""
        try:
            _next(self._ring, parse(self._file.read_text(encoding="ascii")))
        except FileNotFoundError:
            return "missing"
        except AnotherKeyFileError:
            return "another"
        except (KeyFileError, OSError, ValueError):
            return "unreadable"
        return ""

    def _now(self) -> Keyring:
        try:
            mark = self._marked()
            if mark != self._mark:
                self._mark, self._ring = mark, _next(self._ring, parse(self._file.read_text(encoding="ascii")))
        except (KeyFileError, OSError, ValueError):
            log.exception("the key file could not be read again; the keys read before stay in force")
        return self._ring

    def _marked(self) -> tuple[int, int, int]:
        """Differs after each rotation: that puts another file in the place of the old one."""
        found = os.stat(self._file)
        return found.st_ino, found.st_mtime_ns, found.st_size


def path(var: Path) -> Path:
    """Where the key file is, or would be made."""
    return Path(environment.given("OKAT_KEYS") or var / "keys")


def load(var: Path, *, demo: bool) -> LiveKeyring:
    """Raises KeyFileError where there is no file and no demo that makes one."""
    file = path(var)
    if not file.exists():
        if not demo:
            raise missing(file)
        _MADE[file] = new_file(file, demo=True)
    try:
        return LiveKeyring(file)
    except (KeyFileError, ValueError, IsADirectoryError) as error:
        raise KeyFileError(
            f"อ่านไฟล์กุญแจ {file} ไม่ได้ วางสำเนาที่เก็บไว้กลับมา / "
            f"The key file {file} cannot be read; put its copy back: {error}"
        ) from error


def missing(file: Path) -> KeyFileError:
    return KeyFileError(
        f"ไม่มีไฟล์กุญแจ {file} ถ้าเมืองนี้มีข้อมูลแล้ว วางไฟล์เดิมกลับ ถ้ายังไม่มี สร้างด้วย okat keys new แล้วตั้ง OKAT_KEYS / No key file "
        f"{file}: put this city's back; where it has none yet, make one with `okat keys new`, and set OKAT_KEYS."
    )


def hold(file: Path, *, wait: float = 0.0) -> contextlib.AbstractContextManager[None]:
    """Until the block ends no other command changes the file, or brings back data that need it. The folder bears the
    lock: the file itself gives its place to another. Raises KeyFileBusyError."""
    return alone(
        file.parent,
        KeyFileBusyError(
            f"มีคำสั่ง okat อื่นกำลังเปลี่ยนกุญแจหรือกู้ข้อมูลด้วยไฟล์ {file} ไม่มีอะไรเปลี่ยน รอให้จบแล้วสั่งอีกครั้ง / "
            "Another okat command is changing "
            f"the keys in {file}, or restores with them. Nothing has changed: wait until it has ended, and run "
            "this again."
        ),
        wait=wait,
    )


def unmake(file: Path) -> bool:
    """Take away the file that a demo made in this process, where the database turns out to be sealed with another.
    Whether there was none before. What somebody has put there meanwhile stays: it may be the right one."""
    if file not in _MADE:
        return False
    aside = file.with_name(f".{file.name}.{os.getpid()}.made")
    with hold(file, wait=WAIT), contextlib.suppress(FileNotFoundError):
        durable.move(file, aside)  # so that nothing is looked at and taken away in two steps
        if aside.read_text(encoding="ascii", errors="replace") == _MADE[file]:
            aside.unlink()
        else:
            with contextlib.suppress(FileExistsError):
                os.link(aside, file)
            aside.unlink()
    return True


def parse(text: str) -> Keyring:
    """Lines `root BASE64` (once) and `ID BASE64` (newest first), 32 bytes each."""
    pairs = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if any(len(pair) != 2 for pair in pairs):
        raise KeyFileError("Each line of the key file is `id base64`.")
    found = {name: base64.b64decode(value, validate=True) for name, value in pairs}  # its error is a ValueError
    if any(len(value) != 32 for value in found.values()) or "root" not in found or len(found) < 2:
        raise KeyFileError("The key file needs `root` and one more key, 32 bytes each in base64.")
    root = found.pop("root")
    return Keyring(found, next(iter(found)), root)


def _next(before: Keyring, now: Keyring) -> Keyring:
    """The keys as they are now, where they are the same city's. Raises KeyFileError."""
    same = before.root == now.root
    if not same or any(before.sealing.get(name, key) != key for name, key in now.sealing.items()):
        raise AnotherKeyFileError("This is another city's key file: its keys bear the names of other keys.")
    return now


def new_file(file: Path, *, demo: bool = False) -> str:
    """Write two fresh keys to `file`; a file that is already there stays as it is. What was to be written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = f"{_line('k1', _fresh())}\n{_line('root', _fresh())}\n{DEMO_MARK if demo else ''}"
    with hold(file, wait=WAIT), _draft(file, text) as draft, contextlib.suppress(FileExistsError):
        durable.put_new(draft, file)
    return text


def rotate(
    file: Path, *, taken: Collection[str] = (), before: Callable[[str, bytes], object] = lambda _name, _key: None
) -> str:
    """Put a new sealing key in front; old values still open until they are sealed again. `taken` are names that other
    copies of the file have given; `before` is told of the key before the file has it, and may refuse."""
    with hold(file):
        text = file.read_text(encoding="ascii")
        # One more than the highest, so that a key once thrown away never lends its name to another.
        numbers = [int(name[1:]) for name in {*parse(text).sealing, *taken} if name[1:].isdecimal()]
        name, key = f"k{max(numbers, default=0) + 1}", _fresh()
        with _draft(file, f"{_line(name, key)}\n{text}") as draft:
            before(name, key)
            if file.read_text(encoding="ascii") != text:
                raise KeyFileBusyError(
                    f"มีใครเปลี่ยนไฟล์กุญแจ {file} ระหว่างนี้ ไฟล์คงไว้ตามนั้น สั่งอีกครั้ง / "
                    f"Somebody changed the key file {file} meanwhile. It "
                    "is left as they made it: run this again."
                )
            durable.put(draft, file)
    return name


def faults(file: Path) -> Iterator[str]:
    """Why these keys protect nobody: codes of config.checks."""
    text = file.read_text(encoding="ascii")
    ring = parse(text)
    values = [*ring.sealing.values(), ring.root]
    if DEMO_MARK.strip() in text:
        yield "keys_demo"
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield "keys_readable"
    if len(set(values)) < len(values) or any(len(set(value)) < FEWEST_BYTES for value in values):
        yield "keys_weak"


FEWEST_BYTES = 12  # different ones in 32 random bytes: fewer come once in far more than the age of the world


@contextlib.contextmanager
def _draft(file: Path, text: str) -> Iterator[Path]:
    """A file beside `file` that only its owner may read; it goes with the block, and so does what a kill left of
    others. For whoever holds `file`."""
    for left in file.parent.glob(f".{glob.escape(file.name)}-{_RANDOM}"):
        left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(text)
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _fresh() -> bytes:
    return secrets.token_bytes(32)


def _line(name: str, key: bytes) -> str:
    return f"{name} {base64.b64encode(key).decode()}"


def _derive(root: bytes, purpose: str) -> bytes:
    return hmac.new(root, f"okat:{purpose}".encode(), hashlib.sha256).digest()
