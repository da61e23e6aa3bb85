"""What a maker gives."""

from dataclasses import dataclass
from typing import Any

from okat.city.accounts.models import User


@dataclass(frozen=True)
class Thing:
    """`arguments` of the address; `owner` may open it (None: nobody who signs in needs to); `public`: strangers too."""

    arguments: dict[str, Any]
    owner: User | None = None
    public: bool = False
