"""The printed learning certificate. The words come from whoever asks; the sheet itself is `certificate.typ`."""

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import fontpkg_sarabun
import segno
import typst

_FONTS = Path(fontpkg_sarabun.ROOT) / "files"


@dataclass(frozen=True)
class Both:
    """One thing in Thai and English; `en` may be empty where the thing has one form only."""

    th: str
    en: str = ""


@dataclass(frozen=True)
class Sheet:
    """`completed` leads from the learner's name to the course; `facts`: what each is, and what it says; `alt` says to
    whoever hears the page what the picture is, which leads to `link`, where everybody checks the certificate; `shown`
    is that address as it is printed; `at` stands in the file as the time of its making."""

    heading: Both
    learner: str
    completed: Both
    title: Both
    provider: Both
    facts: Sequence[tuple[Both, Both]]
    check: Both
    alt: str
    link: str
    shown: str
    at: dt.datetime


def certificate_pdf(sheet: Sheet) -> bytes:
    """The same sheet gives the same bytes."""
    data = {
        "heading": asdict(sheet.heading), "learner": sheet.learner, "completed": asdict(sheet.completed),
        "title": asdict(sheet.title), "provider": asdict(sheet.provider),
        "facts": [{"label": asdict(label), "value": asdict(value)} for label, value in sheet.facts],
        "check": {"words": asdict(sheet.check), "alt": sheet.alt, "link": sheet.link, "shown": sheet.shown},
    }  # fmt: skip
    return compiled(Path(__file__).with_suffix(".typ"), data, link=sheet.link, at=sheet.at)


def compiled(form: Path, data: Mapping[str, Any], *, link: str, at: dt.datetime) -> bytes:
    """A sheet in its form, with the picture that leads to `link`: a PDF that can be read aloud (PDF/UA)."""
    return typst.compile(
        form, root=form.parent, font_paths=[_FONTS], ignore_system_fonts=True, pdf_standards="ua-1",
        timestamp=int(at.timestamp()),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False), "picture": _picture(link)},
    )  # fmt: skip


def _picture(link: str) -> str:
    drawn = io.BytesIO()
    segno.make(link, error="m").save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()
