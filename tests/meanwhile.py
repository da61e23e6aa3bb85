"""Two at one moment: something on a connection of its own, while the caller's transaction is still open."""

import threading
import time
from collections.abc import Callable

from django.db import connection, connections

PATIENCE = 20.0  # seconds


class Meanwhile:
    """Starts at once. `settled` returns when it is done, or waits for a lock that somebody holds."""

    def __init__(self, do: Callable[[], object]) -> None:
        self.error: BaseException | None = None
        self.value: object = None
        self._do, self._pid = do, 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            connection.ensure_connection()
            self._pid = connection.connection.info.backend_pid
            self.value = self._do()
        except BaseException as error:  # for the test to look at
            self.error = error
        finally:
            connections.close_all()

    def settled(self) -> bool:
        """Whether it is done."""
        end = time.monotonic() + PATIENCE
        while self._thread.is_alive() and time.monotonic() < end:
            with connection.cursor() as cursor:
                cursor.execute("select cardinality(pg_blocking_pids(%s)) > 0", [self._pid])
                if self._pid and cursor.fetchone()[0]:
                    return False
            time.sleep(0.02)
        assert not self._thread.is_alive(), "it neither ended nor waited"
        return True

    def done(self) -> object:
        """What it gave; what it raised."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "it has not ended"
        if self.error is not None:
            raise self.error
        return self.value
