"""What each process of the server loads: the site, or a word why there is none.

Where no process of the server serves, one that cannot start takes the server with it. By itself the server would try
again and again, each time with the same fault; its keeper (config.supervise) counts the tries and ends with a status
that others see. One that cannot start beside others that serve leaves them alone: it says why, `/health/` says so too,
and the server tries again. One whose server was killed meanwhile ends: nobody would look after it, and the keeper,
which adopts it, must not be told to stop in the server's place.
"""

import os
import signal
import sys
import traceback
from contextlib import suppress

from okat.config import beside
from okat.config.faults import OperatorError

AGAIN = 10.0  # seconds; by itself the server gives up where a process ends within 5.5 seconds of its start

try:
    from okat.config.serving import application

    if beside.orphaned():
        os._exit(1)
    beside.serve()
except Exception as error:  # whatever it is, it is told
    if isinstance(error, OperatorError):
        print(error, file=sys.stderr, flush=True)
    else:
        traceback.print_exc()
    if beside.anybody_serves():
        print(
            f"เว็บยังเปิดอยู่ด้วยโปรเซสอื่น จะลองเปิดโปรเซสนี้ใหม่ใน {AGAIN:.0f} วินาที / The site is served by other processes; "
            f"this one is tried again in {AGAIN:.0f} s.",
            file=sys.stderr, flush=True,
        )  # fmt: skip
        beside.wait_to_be_tried_again(AGAIN)
    else:
        with suppress(ProcessLookupError):
            os.kill(beside.server(), signal.SIGTERM)
    os._exit(1)

__all__ = ["application"]
