"""`okat serve` as a page of the documents says it, on a free port, until it answers; then it is stopped. Fails where
it does not serve, with what it said.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

SECONDS = 120


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def answers(port: int) -> bool:
    """Whether the site gives a page, or leads to the address at which it is served."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    host = os.environ.get("OKAT_HOSTS", "127.0.0.1").split(",", maxsplit=1)[0]  # as the proxy passes it on
    try:
        link.request("GET", "/", headers={"Host": host})
        return link.getresponse().status < 400
    except OSError:
        return False
    finally:
        link.close()


def main() -> int:
    port, until = free_port(), time.monotonic() + SECONDS
    okat = [str(Path(sys.executable).parent / "okat"), "serve", "--port", str(port)]
    with subprocess.Popen(okat) as server:
        while not (served := answers(port)) and server.poll() is None and time.monotonic() < until:
            time.sleep(0.5)
        server.terminate()
    return 0 if served else 1


if __name__ == "__main__":
    sys.exit(main())
