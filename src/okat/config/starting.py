"""What each process of the server loads: the site, or a word why there is none.

A process that cannot start takes the server with it. By itself the server would try again and again, each time with
the same fault; its keeper (config.supervise) counts the tries and ends with a status that others see.
"""

import os
import signal
import sys
import traceback

from okat.config.faults import OperatorError

try:
    from okat.config.serving import application
except Exception as error:  # whatever it is, it is told and ends the server
    if isinstance(error, OperatorError):
        print(error, file=sys.stderr, flush=True)
    else:
        traceback.print_exc()
    os.kill(os.getppid(), signal.SIGTERM)
    os._exit(1)

__all__ = ["application"]
