"""A Thai address in one line: the parts that are marked in it (ต. อ. จ. ชุมชน); nothing is guessed."""

from __future__ import annotations

import re

from okat.thai.digits import to_arabic
from okat.thai.text import normalise

_NAME = r"\s?([ก-๎a-zA-Z][ก-๎a-zA-Z0-9\-]*)"
_MARKS = {
    "community": re.compile(rf"(?:^|[\s\d,])ชุมชน{_NAME}"),
    "subdistrict": re.compile(rf"(?:^|[\s\d,])(?:ตำบล|ต\.|แขวง){_NAME}"),
    "district": re.compile(rf"(?:^|[\s\d,])(?:อำเภอ|อ\.|เขต){_NAME}"),
    "province": re.compile(rf"(?:^|[\s\d,])(?:จังหวัด|จ\.){_NAME}"),
}
_GLUED = re.compile(r"(?<=[ก-๎])(?=(?:ต|อ|จ)\.|ตำบล|อำเภอ|จังหวัด)")  # "ต.ศิลาอ.เมือง"
_LIMIT = 500


def read_address(text: str) -> dict[str, str]:
    """The names behind the marks of community, sub-district, district and province, each where it stands once."""
    line = _GLUED.sub(" ", to_arabic(normalise(text)))[:_LIMIT]
    found = {name: mark.findall(line) for name, mark in _MARKS.items()}
    return {name: each[0] for name, each in found.items() if len(each) == 1}
