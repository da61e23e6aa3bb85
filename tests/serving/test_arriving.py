"""Nobody stops the site by sending slowly or much: a real server before pages that need no database."""

import ast
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.serving.small_door import GRACE, LARGEST, THREADS

ROOT = Path(__file__).resolve().parents[2]
HEAD = "POST /x HTTP/1.1\r\nHost: a\r\n"


class Door:
    def __init__(self, port: int) -> None:
        self.port = port

    def open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, sent: bytes) -> tuple[int, str]:
        """Status and body; the connection is closed after it."""
        with self.open() as line:
            line.sendall(sent)
            return answer_of(line)

    def get(self, path: str, *headers: str) -> tuple[int, str]:
        lines = [f"GET {path} HTTP/1.1", "Host: a", "Connection: close", *headers, "", ""]
        return self.ask("\r\n".join(lines).encode("latin-1"))


def answer_of(line: socket.socket) -> tuple[int, str]:
    """Until the server closes, or has said all that it announced."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while part := line.recv(65536):
            found += part
            head, end, body = found.partition(b"\r\n\r\n")
            lengths = [row.split(b":")[1] for row in head.lower().split(b"\r\n") if row.startswith(b"content-length")]
            if end and lengths and len(body) >= int(lengths[0]):
                break
    head, _, body = found.partition(b"\r\n\r\n")
    return int(head.split()[1]) if head else 0, body.decode()


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with started(waiting="120") as made:
        yield made


@contextlib.contextmanager
def started(*, waiting: str) -> Iterator[Door]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        made = Door(free.getsockname()[1])
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asginl", "--port", str(made.port), "--log-level", "error",
         "--no-ws", "tests.serving.small_door:application"],
        cwd=ROOT, env={**os.environ, "WAITING": waiting},
    )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                if made.get("/")[0] == 200:
                    break
            assert time.monotonic() < end
            time.sleep(0.2)
        yield made
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.mark.parametrize("kind", ["Content-Length: 5000\r\n\r\na", "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"])
def test_who_sends_slowly_stops_nobody_and_is_told_so(door: Door, kind: str) -> None:
    lines = [door.open() for _each in range(200)]
    try:
        for line in lines:
            line.sendall((HEAD + kind).encode())
        time.sleep(0.5)
        for path in ("/", "/health/"):
            began = time.monotonic()
            assert door.get(path)[0] == 200
            assert time.monotonic() - began < 2
        assert [answer_of(line)[0] for line in lines] == [408] * len(lines)
    finally:
        for line in lines:
            line.close()


def test_a_byte_now_and_then_does_not_buy_time(door: Door) -> None:
    with door.open() as line:
        line.sendall((HEAD + "Content-Length: 5000\r\n\r\n").encode())
        began = time.monotonic()
        line.settimeout(0.2)
        with contextlib.suppress(OSError):
            while time.monotonic() - began < GRACE + 10:
                line.sendall(b"a")
                with contextlib.suppress(TimeoutError):
                    assert line.recv(12) == b"HTTP/1.1 408"
                    break
        assert GRACE - 0.5 < time.monotonic() - began < GRACE + 3


def test_a_slow_line_that_keeps_sending_is_heard_out(door: Door) -> None:
    size, parts = 150_000, 15
    with door.open() as line:
        line.sendall((HEAD + f"Content-Length: {size}\r\n\r\n").encode())
        for _each in range(parts):
            time.sleep(GRACE * 1.5 / parts)
            line.sendall(b"a" * (size // parts))
        status, said = answer_of(line)
    assert (status, ast.literal_eval(said)[-1]) == (200, size)


@pytest.mark.parametrize("size", [LARGEST + 1, 300_000_000])
def test_too_much_is_refused_by_what_it_says_it_holds(door: Door, size: int) -> None:
    began = time.monotonic()
    status, _said = door.ask((HEAD + f"Content-Length: {size}\r\n\r\n").encode() + b"a" * 100)
    assert status == 413
    assert time.monotonic() - began < 5


def test_too_much_is_refused_also_where_nothing_says_how_much_comes(door: Door) -> None:
    piece = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    sent = (HEAD + "Transfer-Encoding: chunked\r\n\r\n").encode() + piece * 6 + b"0\r\n\r\n"
    assert door.ask(sent)[0] == 413


def test_what_is_sent_at_once_has_room_for_all_together(door: Door) -> None:
    lines = [door.open() for _each in range(8)]
    try:
        for line in lines:  # each may send this, and all of them more than there is room for
            line.sendall((HEAD + f"Content-Length: {LARGEST}\r\n\r\n").encode() + b"a" * (LARGEST - 1))
        assert door.get("/")[0] == 200
        found = [answer_of(line)[0] for line in lines]
        assert set(found) == {503, 408}
    finally:
        for line in lines:
            line.close()
    status, said = door.ask((HEAD + f"Content-Length: {LARGEST}\r\n\r\n").encode() + b"a" * LARGEST)
    assert (status, ast.literal_eval(said)[-1]) == (200, LARGEST)  # the room is free again


def test_what_waits_in_line_keeps_its_room(door: Door) -> None:
    """It is in memory until its page is drawn."""
    sent = (HEAD.replace("/x", "/slow") + f"Content-Length: {LARGEST}\r\n\r\n").encode() + b"a" * LARGEST
    lines = [door.open() for _each in range(12)]
    for line in lines:
        line.sendall(sent)
        time.sleep(0.07)  # read whole before the next begins
    found = [answer_of(line)[0] for line in lines]
    for line in lines:
        line.close()
    assert set(found) == {200, 503}
    assert door.ask(sent)[0] == 200  # the room is free again


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (f"POST /x HTTP/1.1\r\nContent-Length: {LARGEST + 1}\r\n", 413),
        ("POST /x HTTP/1.1\r\nContent-Length: 0\r\n", 200),
        ("GET /health/ HTTP/1.1\r\n", 200),
    ],
)
def test_every_request_is_read_as_one_code(door: Door, sent: str, status: int) -> None:
    kind = "Content-Type: text/plain; charset=no-such-code\r\n"
    found, said = door.ask(f"{sent}Host: a\r\n{kind}Connection: close\r\n\r\n".encode())
    assert (found, "no-such-code" in said) == (status, False)


def test_what_comes_is_handed_on_as_it_was_sent(door: Door) -> None:
    status, said = door.get("/%E0%B8%81/%ff?q=%E0%B8%81&x", "Cookie: a=1", "Cookie: b=2", "X_Forwarded_For: 9.9.9.9")
    assert status == 200
    path, query, cookies, forged, length, address, _kind, size = ast.literal_eval(said)
    assert path.encode("latin-1") == "/ก/".encode() + b"\xff"
    assert (query, cookies, forged, length, address, size) == ("q=%E0%B8%81&x", "a=1; b=2", None, None, "127.0.0.1", 0)


def test_a_page_that_breaks_leaves_its_thread_to_others(door: Door) -> None:
    for _each in range(THREADS + 2):
        assert door.ask((HEAD + "Content-Length: 5\r\n\r\nbreak").encode())[0] == 500
    assert door.get("/")[0] == 200


def test_whoever_leaves_takes_no_place(door: Door) -> None:
    for _each in range(200):
        with door.open() as line:
            line.sendall((HEAD + "Content-Length: 5000\r\n\r\na").encode())
    assert door.get("/")[0] == 200


def test_a_full_line_and_a_long_one_are_told_to_come_back() -> None:
    with started(waiting="4") as door, ThreadPoolExecutor(12) as crowd:
        asked = [crowd.submit(door.get, "/slow") for _each in range(12)]
        found = sorted(each.result()[0] for each in asked)
    assert found == [200] * 8 + [503] * 4
    with started(waiting="120") as door, ThreadPoolExecutor(24) as crowd:
        asked = [crowd.submit(door.get, "/slow") for _each in range(24)]
        time.sleep(0.3)
        assert door.get("/health/") == (200, "200 Well of None")
        found = [each.result()[0] for each in asked]
    assert set(found) == {200, 503}
    assert found.count(200) >= 2 * THREADS
