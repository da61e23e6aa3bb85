"""Pages of a long list."""

from typing import Any

from django.core import paginator


class Paginator(paginator.Paginator):  # type: ignore[type-arg]  # generic in the stubs alone
    """As Django's, but a page before the first is the first: Django shows the last one."""

    def get_page(self, number: Any) -> Any:
        page = super().get_page(number)
        asked = str(number).strip()
        whole = asked.removeprefix("-")
        low = whole.isdecimal() and (asked != whole or not whole.strip("0๐"))
        return self.page(1) if low else page
