"""Every field of every model says whether it is personal, sensitive or neither; a test walks them all.

Personal data identify a person; sensitive data are those of section 26 of the Personal Data Protection Act
B.E. 2562 (health, disability, belief ...) and whatever the city guards as closely (identity numbers).
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    NEITHER = "neither"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Privacy:
    """What each field holds, by field name, and why the city may keep it (the lawful basis and purpose)."""

    kinds: dict[str, Kind]
    purpose: str = ""
    basis: str = ""
    keep_days: int | None = None  # None: as long as the person is served


def classify(
    *, neither: str = "", personal: str = "", sensitive: str = "", purpose: str = "", basis: str = "",
    keep_days: int | None = None,
) -> Privacy:  # fmt: skip
    """`PRIVACY = classify(neither="id created_at", personal="given family")` on a model."""
    kinds: dict[str, Kind] = {}
    for kind, names in ((Kind.NEITHER, neither), (Kind.PERSONAL, personal), (Kind.SENSITIVE, sensitive)):
        for name in names.split():
            if name in kinds:
                raise ValueError(f"{name} is classified twice")
            kinds[name] = kind
    return Privacy(kinds, purpose, basis, keep_days)
