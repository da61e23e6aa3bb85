"""One request to a gateway, with the standard library: two addresses in all do not earn a client library."""

import datetime as dt
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from okat.city.core.numbers import whole
from okat.city.core.outbox.channels.shape import LaterError

PATIENCE = 10.0  # seconds for each step
LONGEST_ANSWER = 100_000


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]  # empty where it was no JSON object

    def after(self) -> dt.timedelta | None:
        """How long the other side wants us to wait, where it says so in seconds (RFC 9110, 10.2.3)."""
        said = whole(self.headers.get("retry-after"))
        return None if said is None else dt.timedelta(seconds=min(said, 7200))


def post(url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
    """Raises LaterError where nobody answers."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        line.request("POST", parts.path or "/", body=body, headers=dict(headers))
        answer = line.getresponse()
        text = _rest(answer)
    except (OSError, http.client.HTTPException) as error:
        raise LaterError("no_answer") from error
    finally:
        line.close()
    return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, _object(text))


def _rest(answer: http.client.HTTPResponse) -> bytes:
    """What follows the status, which alone says whether the letter was taken, also where the rest does not come."""
    try:
        return answer.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException):
        return b""


def first(listed: object) -> Mapping[str, Any]:
    """The first object of a list in an answer; empty where there is none."""
    one = listed[0] if isinstance(listed, list) and listed else None
    return one if isinstance(one, dict) else {}


def _object(text: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
