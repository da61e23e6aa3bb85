"""The canonical form of a certificate, made from what all certificates share.

All certificates with the same parts expand to the same RDF statements; only values differ. pyld expands one of each
shape with marks in place of values. For each certificate the marks are filled, and the three nodes without a name are
named as RDFC-1.0 says (W3C RDF Dataset Canonicalization 1.0, section 4.4.3: by the hash of their statements, which is
all of it where no two hashes agree). Whatever does not fit is left to pyld; checking never comes this way.
"""

import functools
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from okat.files.credentials import _canon
from okat.files.credentials.award import Award, Issuer, Status, build, moment, stamp

# The marks, of which none can be part of another; times and numbers have to look like times and numbers.
_INDEX = 10**12
_FROM, _UNTIL, _ENDED = (moment(f"100{n}-01-01T00:00:00Z") for n in (1, 2, 3))
_MARKED = Award(
    id="urn:okat:id", issuer=Issuer("urn:okat:did", "urn:okat:issuer", "urn:okat:url"), learner="urn:okat:learner",
    achievement="urn:okat:achievement", title="urn:okat:title", about="urn:okat:about", criteria="urn:okat:criteria",
    valid_from=_FROM, valid_until=_UNTIL, ended_at=_ENDED, status=Status("urn:okat:list", _INDEX),
)  # fmt: skip
_IRI = re.compile(r"(?:https?://|did:|urn:)[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'[\\"\n\r\t]')
_BLANK = "_:c14n"


def digest(award: Award) -> bytes:
    """The same as `_canon.digest(build(award))`, without expanding it anew."""
    values = _values(award)
    text = _canonical(award, values) if values is not None else None
    return hashlib.sha256(text.encode()).digest() if text is not None else _canon.digest(build(award))


def _canonical(award: Award, values: Mapping[str, str]) -> str | None:
    """None where two nodes have the same hash: then their names need more than this."""
    lines = _shape(award.valid_until is not None, award.ended_at is not None, award.status is not None)
    nodes = sorted({slot for line in lines for slot in line[1::2] if slot.startswith(_BLANK)})
    hashes = {}
    for node in nodes:
        names = {**values, **dict.fromkeys(nodes, "_:z"), node: "_:a"}
        hashes[_hash([line for line in lines if node in line[1::2]], names)] = node
    if len(hashes) < len(nodes):
        return None
    order = {hashes[found]: f"_:c14n{place}" for place, found in enumerate(sorted(hashes))}
    return _written(lines, {**values, **order})


def _hash(lines: Iterable[Sequence[str]], filling: Mapping[str, str]) -> str:
    return hashlib.sha256(_written(lines, filling).encode()).hexdigest()


def _written(lines: Iterable[Sequence[str]], filling: Mapping[str, str]) -> str:
    """Statements in order, each once. Of a line every second part is a slot."""
    told = {"".join(filling[part] if n % 2 else part for n, part in enumerate(line)) for line in lines}
    return "".join(f"{line}\n" for line in sorted(told))


def _values(award: Award) -> dict[str, str] | None:
    """What stands at each mark; None where a value has another form than the marks."""
    issuer, status = award.issuer, award.status or Status("urn:x", 0)
    names = {
        _MARKED.id: award.id, _MARKED.issuer.did: issuer.did, _MARKED.achievement: award.achievement,
        "urn:okat:list": status.url,
    }  # fmt: skip
    texts = {
        _MARKED.issuer.name: issuer.name, _MARKED.issuer.url: issuer.url, _MARKED.learner: award.learner,
        _MARKED.title: award.title, _MARKED.about: award.about, _MARKED.criteria: award.criteria,
    }  # fmt: skip
    if not all(map(_IRI.fullmatch, names.values())):
        return None
    times = {_FROM: award.valid_from, _UNTIL: award.valid_until, _ENDED: award.ended_at}
    return {
        **names, str(_INDEX): str(status.index),
        **{mark: _TO_ESCAPE.sub(lambda sign: _ESCAPED[sign[0]], text) for mark, text in texts.items()},
        **{stamp(mark): stamp(at) for mark, at in times.items() if at is not None},
    }  # fmt: skip


@functools.lru_cache(maxsize=8)
def _shape(until: bool, ended: bool, listed: bool) -> tuple[tuple[str, ...], ...]:
    """The statements of a certificate with these parts, cut at the marks and at the nodes without a name."""
    marked = replace(
        _MARKED, valid_until=_UNTIL if until else None, ended_at=_ENDED if ended else None,
        status=_MARKED.status if listed else None,
    )  # fmt: skip
    marks = "|".join(map(re.escape, _values(_MARKED) or ()))
    cut = re.compile(rf"({marks}|{_BLANK}\d+)")
    return tuple(tuple(cut.split(line)) for line in _canon.statements(build(marked)).splitlines())
