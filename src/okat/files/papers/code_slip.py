"""The printed slip with a code: one A4 sheet that is folded over the code. The words come from whoever asks; the sheet
itself is `code_slip.typ`."""

import datetime as dt
from dataclasses import asdict, dataclass
from pathlib import Path

from okat.files.papers.certificate import Both, compiled


@dataclass(frozen=True)
class CodeSheet:
    """`heading` and `area` stay outside when it is folded; `shown` is where the code is typed, `link` what the picture
    holds, and `alt` says what it is to whoever hears the page."""

    heading: Both
    area: Both
    opens: Both
    how: Both
    once: Both
    fold: Both
    until: Both
    office: Both
    made: Both
    code: str
    shown: str
    link: str
    alt: str
    at: dt.datetime


def code_slip_pdf(sheet: CodeSheet) -> bytes:
    data = asdict(sheet) | {"at": ""}
    return compiled(Path(__file__).with_suffix(".typ"), data, link=sheet.link, at=sheet.at)
