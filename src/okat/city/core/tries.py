"""What the clock does for many: each by itself, so that one that fails keeps none of the others from its turn."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

log = logging.getLogger(__name__)


class Tries:
    def __init__(self) -> None:
        self.faults: list[Exception] = []

    def __call__(self, do: Callable[..., Any], **given: Any) -> None:
        """Do it; a fault is logged and kept for the end. `do` is an action, so what failed has left nothing behind."""
        try:
            do(**given)
        except Exception as error:  # whatever it is, the others have their turn
            log.exception("%s failed; the others go on", getattr(do, "__name__", do))
            self.faults.append(error)


@contextmanager
def tries() -> Iterator[Tries]:
    """Raises at the end what failed, so that the run counts as failed; the next run tries it again."""
    made = Tries()
    yield made
    if made.faults:
        raise ExceptionGroup("some of the run failed", made.faults)
