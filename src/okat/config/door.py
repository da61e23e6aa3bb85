"""The port that a site is served at: one keeper holds it, and says so only when it is answered there.

The server's processes share their port (SO_REUSEPORT), so that the system would let a second site listen beside the
first and hand each of them half of the visitors. So the keeper itself holds a name of the system's that goes with the
port, for as long as it lives.
"""

import socket
import sys
import time
from collections.abc import Callable

from okat.config.faults import OperatorError

HOST = "127.0.0.1"
LOOK = 0.25  # seconds between looks


class TakenError(OperatorError):
    """Something else is served there; the message says what to do."""


def hold(port: int) -> socket.socket | None:
    """The right to serve at this port, until the socket is closed. None where the system has no such names (not Linux).
    Raises TakenError while another keeper holds it."""
    if sys.platform != "linux":
        return None
    held = socket.socket(socket.AF_UNIX)
    try:
        held.bind(f"\0okat-serve-{HOST}-{port}")  # of this machine's network alone, as the port is; gone with us
    except OSError as error:
        held.close()
        raise _taken(port) from error
    return held


def wait_free(port: int, *, seconds: float, say: Callable[[str], None]) -> None:
    """Wait for a server whose keeper was killed: it ends its requests. Raises TakenError if somebody stays there."""
    until, told = time.monotonic() + seconds, False
    while not _free(port):
        if time.monotonic() > until:
            raise _taken(port)
        if not told:
            say(f"พอร์ต {port} ยังมีโปรแกรมอื่นใช้อยู่ รอสักครู่ / Port {port} is still in use; waiting for a moment.")
            told = True
        time.sleep(LOOK)


def answers(port: int) -> bool:
    """Whether a server takes connections there."""
    with socket.socket() as door:
        door.settimeout(1)
        return door.connect_ex((HOST, port)) == 0


def _free(port: int) -> bool:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that ended lately are in nobody's way
        try:
            door.bind((HOST, port))
        except OSError:
            return False
    return True


def _taken(port: int) -> TakenError:
    return TakenError(
        f"พอร์ต {port} มีโปรแกรมอื่นใช้อยู่แล้ว จึงยังไม่ได้เปิดเว็บ ปิดโปรแกรมนั้นก่อน หรือเลือกพอร์ตอื่น: okat serve --port {port + 1}\n"
        f"Port {port} is in use by another program; nothing was started. Stop that one, or choose another port: "
        f"okat serve --port {port + 1}"
    )
