"""Pages of a long list."""

import contextlib
from typing import Any

from django.core import paginator


class Paginator(paginator.Paginator):  # type: ignore[type-arg]  # generic in the stubs alone
    """As Django's, but a page before the first is the first: Django shows the last one."""

    def get_page(self, number: Any) -> Any:
        with contextlib.suppress(TypeError, ValueError):
            number = max(1, int(number))
        return super().get_page(number)
