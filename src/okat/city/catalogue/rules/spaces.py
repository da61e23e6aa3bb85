"""What somebody looks for among the learning spaces, as it stands in an address."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from okat.city.catalogue.rules.look import MAX_TEXT, Query
from okat.city.partners.rules import VenueKind
from okat.thai.text import normalise

_LISTS = {"kind": "kinds", "format": "formats", "usable": "usable"}
_TEXTS = ("area", "near")
_FLAGS = ("open", "ask")


@dataclass(frozen=True, slots=True)
class SpaceLook:
    """All conditions hold together; `open`: at this moment. `area` and `near` are codes."""

    kinds: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    usable: tuple[str, ...] = ()
    area: str = ""
    near: str = ""
    open: bool = False
    ask: bool = False

    def address(self, **changes: object) -> str:
        look = replace(self, **changes)  # type: ignore[arg-type]
        found = [(name, value) for name, key in _LISTS.items() for value in getattr(look, key)]
        found += [(name, getattr(look, name)) for name in _TEXTS if getattr(look, name)]
        return urlencode(found + [(name, "1") for name in _FLAGS if getattr(look, name)])


def read_space_look(query: Query) -> SpaceLook:
    """The conditions of an address; what is no such condition is left out."""
    values: dict[str, object] = {
        key: tuple(dict.fromkeys(value[:60] for value in query.getlist(name)[:20] if value and "\x00" not in value))
        for name, key in _LISTS.items()
    }
    values["kinds"] = tuple(kind for kind in query.getlist("kind") if kind in set(VenueKind))
    values |= {name: normalise(query.get(name) or "")[:MAX_TEXT] for name in _TEXTS}
    values |= {name: query.get(name) == "1" for name in _FLAGS}
    return SpaceLook(**values)  # type: ignore[arg-type]
