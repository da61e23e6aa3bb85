"""A file is there whole or not at all: whoever looks, whatever fails, whenever the power goes."""

import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread

from okat.files import durable

SIZE = 20_000_000


def test_whoever_looks_sees_the_whole_file_or_none(tmp_path: Path) -> None:
    target, seen, done = tmp_path / "photo", set[int](), Event()

    def look() -> None:
        while not done.is_set():
            if target.exists():
                seen.add(target.stat().st_size)

    looking = Thread(target=look)
    looking.start()
    try:
        durable.write(target, b"x" * SIZE)
    finally:
        done.set()
        looking.join()
    assert seen <= {SIZE}
    assert [path.name for path in tmp_path.iterdir()] == ["photo"]


def test_where_there_is_no_room_nothing_is_left(tmp_path: Path) -> None:
    """The system allows this process files of one megabyte only."""
    code = """
import resource, signal, sys
from pathlib import Path
from okat.files import durable
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    durable.write(Path(sys.argv[1]), b"x" * 20_000_000)
except OSError:
    sys.exit(7)
"""
    done = subprocess.run([sys.executable, "-B", "-c", code, str(tmp_path / "photo")], timeout=60, check=False)
    assert done.returncode == 7
    assert list(tmp_path.iterdir()) == []


def test_killed_in_the_middle_it_leaves_a_draft_alone(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from okat.files import durable
while True:
    durable.write(Path(sys.argv[1]), b"x" * 20_000_000)
    Path(sys.argv[1]).unlink()
"""
    for _turn in range(3):
        with subprocess.Popen([sys.executable, "-B", "-c", code, str(tmp_path / "photo")]) as writer:
            try:
                end = time.monotonic() + 30
                while not any(path.name.startswith(durable.DRAFT) for path in tmp_path.iterdir()):
                    assert time.monotonic() < end
            finally:
                writer.kill()
        for path in tmp_path.iterdir():
            assert path.name.startswith(durable.DRAFT) or path.stat().st_size == SIZE
            path.unlink()
