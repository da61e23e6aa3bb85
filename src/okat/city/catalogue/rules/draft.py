"""A rule while it is being built: groups of conditions as they were typed, moved about without losing any of it.

Two levels: the groups hold together by `all` or `any`, and so do the conditions of each group. What was typed for
one condition is a mapping of field names to lists of texts, as a form sends them, with the fact's name under "fact".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from okat.city.core.numbers import whole

Typed = dict[str, list[str]]
MOST_GROUPS, MOST_CONDITIONS = 12, 30
JOINS = ("all", "any")
_STEP = re.compile(r"(add|drop|group|ungroup)(?::(\d{1,3}))?(?::(\d{1,3}))?")


class Sent(Protocol):
    """Django's QueryDict, as far as it is needed."""

    def get(self, key: str, default: str, /) -> Any: ...
    def getlist(self, key: str, /) -> list[str]: ...
    def __iter__(self) -> Iterator[str]: ...


@dataclass
class GroupDraft:
    join: str = "all"
    conditions: list[Typed] = field(default_factory=list)


@dataclass
class Draft:
    join: str = "all"
    groups: list[GroupDraft] = field(default_factory=lambda: [GroupDraft()])

    def step(self, do: str, sent: Sent, fresh: Typed) -> None:
        """One press of a button: `add:G` (the fact chosen in `gG-new`), `drop:G:C`, `group`, `ungroup:G`."""
        found = _STEP.fullmatch(do)
        if found is None:
            return
        verb, place, which = found[1], int(found[2] or 0), int(found[3] or 0)
        if verb == "group":
            if len(self.groups) < MOST_GROUPS:
                self.groups.append(GroupDraft("any"))
        elif place >= len(self.groups):
            return
        elif verb == "add":
            if (fact := sent.get(f"g{place}-new", "")) and len(self.groups[place].conditions) < MOST_CONDITIONS:
                self.groups[place].conditions.append({**fresh, "fact": [fact]})
        elif verb == "ungroup":
            del self.groups[place]
            self.groups = self.groups or [GroupDraft()]
        elif which < len(self.groups[place].conditions):
            del self.groups[place].conditions[which]

    def data(self, leaves: Sequence[Sequence[Mapping[str, Any] | None]]) -> dict[str, Any] | None:
        """The rule of the conditions' leaves (None: not finished, left out); None where no condition is left."""
        parts: list[Any] = []
        for group, found in zip(self.groups, leaves, strict=True):
            ready = [leaf for leaf in found if leaf is not None]
            if group.join == self.join or len(ready) == 1:
                parts += ready
            elif ready:
                parts.append({group.join: ready})
        return parts[0] if len(parts) == 1 else {self.join: parts} if parts else None


def sent_draft(sent: Sent) -> Draft:
    """The draft that a form sends; what nobody could have sent by the form is left out."""
    groups = []
    for place in range(_count(sent.get("groups", "0"), MOST_GROUPS)):
        size = _count(sent.get(f"g{place}-size", "0"), MOST_CONDITIONS)
        conditions = [_typed(sent, f"g{place}-c{which}-") for which in range(size)]
        groups.append(GroupDraft(_join(sent.get(f"g{place}-join", "all")), [c for c in conditions if c.get("fact")]))
    return Draft(_join(sent.get("join", "all")), groups or [GroupDraft()])


def _typed(sent: Sent, prefix: str) -> Typed:
    return {name.removeprefix(prefix): sent.getlist(name) for name in sent if name.startswith(prefix)}


def _count(text: str, most: int) -> int:
    return min(whole(text, most=999) or 0, most)


def _join(text: str) -> str:
    return text if text in JOINS else "all"


def stored_draft(rule: Mapping[str, Any] | None) -> Draft | None:
    """The draft of a stored rule; None for one that is deeper than the form can show."""
    if rule is None:
        return Draft()
    join, parts = _parts(rule)
    groups: list[GroupDraft] = []
    for part in parts:
        if (typed := typed_of(part)) is not None:
            if not groups or groups[-1].join != join:
                groups.append(GroupDraft(join))
            groups[-1].conditions.append(typed)
            continue
        inner, below = _parts(part)
        conditions = [typed_of(each) for each in below]
        if "not" in part or any(each is None for each in conditions):
            return None
        groups.append(GroupDraft(inner, [each for each in conditions if each is not None]))
    return Draft(join, groups)


def _parts(rule: Mapping[str, Any]) -> tuple[str, Sequence[Mapping[str, Any]]]:
    for join in JOINS:
        if join in rule:
            return join, rule[join]
    return "all", [rule]


def typed_of(node: Mapping[str, Any]) -> Typed | None:
    """What somebody would have typed for this condition; None for a node that is none."""
    denied = "not" in node
    leaf = node["not"] if denied else node
    kind = next((kind for kind in _KINDS if kind in leaf), None)
    if kind is None:
        return None
    typed = {"fact": [leaf[kind]], **_KINDS[kind](leaf)}
    if denied:
        opposite = _OPPOSITE.get(typed["test"][0])
        if opposite is None:
            return None
        typed["test"] = [opposite]
    source = leaf["source"]
    return typed | {
        "text": [source["text"]],
        "ref": [source["ref"]],
        "verified": ["on"] if source["verified"] else [],
    }


_OPPOSITE = {"is": "is_not", "one_of": "not_one_of", "has_any": "has_none", "exists": "absent"}
NEGATED = {opposite: test for test, opposite in _OPPOSITE.items()}


def _age(leaf: Mapping[str, Any]) -> Typed:
    return {"test": [f"age:{leaf['op']}"], "value": [str(leaf["years"])], "at": [leaf.get("at") or ""]}


def _compare(leaf: Mapping[str, Any]) -> Typed:
    return {"test": [f"compare:{leaf['op']}"], "value": [str(leaf["value"])]}


def _within(leaf: Mapping[str, Any]) -> Typed:
    name = leaf["name"]
    return {
        "test": ["within"], "place": ["kept"], "km": [str(leaf["km"])], "lat": [str(leaf["lat"])],
        "lon": [str(leaf["lon"])], "name_th": [name["th"]], "name_en": [name["en"]],
    }  # fmt: skip


def _listed(kind: str) -> Any:
    return lambda leaf: {"test": [kind], "values": list(leaf["values"])}


_KINDS: dict[str, Any] = {
    "is": lambda _leaf: {"test": ["is"]},
    "exists": lambda _leaf: {"test": ["exists"]},
    "age": _age,
    "compare": _compare,
    "within": _within,
    **{kind: _listed(kind) for kind in ("one_of", "has_any", "has_all")},
}
