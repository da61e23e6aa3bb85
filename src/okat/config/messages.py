"""The words of the screens: what is said, what lacks Thai, and the compiled catalogues (make messages).

msgids are plain English; Thai lies in locale/APP/th/LC_MESSAGES/django.po, kept by hand; an app whose file grows too
long has more of them, locale/APP_NOUN. No gettext programs are needed: Django turns templates into Python-like text,
Babel reads and compiles.
"""

import ast
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGE = "th"
OVERRIDES = "django"  # locale/django: plainer Thai for what Django itself says
SHARED = "core"  # words of the frame and the components; every app may use them
KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACE = re.compile(r"%\((\w+)\)[sd]|(?<!%)%[sd]|\{(\w*)\}")
THAI = re.compile(r"[\u0e01-\u0e5b]")
# What may stand in Thai letters in a template: the name of the language itself.
NAMES = re.compile(">ไทย<")

Key = tuple[str, str]  # context ("" for none), msgid


@dataclass
class Said:
    """One message: where it is said, and its plural."""

    key: Key
    plural: str = ""
    places: list[str] = field(default_factory=list)


def said_by_app(package: Path = PACKAGE) -> dict[str, dict[Key, Said]]:
    """Every message of the sources: app -> key -> message."""
    found: dict[str, dict[Key, Said]] = {}
    for path in sorted(
        [*package.rglob("*.py"), *(package / "templates").rglob("*.html"), *(package / "templates").rglob("*.txt")]
    ):
        messages = found.setdefault(_app_of(path.relative_to(package)), {})
        for line, key, plural in _said_in(path):
            message = messages.setdefault(key, Said(key, plural))
            message.places.append(f"{path.relative_to(package).as_posix()}:{line}")
    return {app: messages for app, messages in found.items() if messages}


def read(po: Path) -> Catalog:
    with po.open("rb") as lines:
        return read_po(lines, locale=LANGUAGE, abort_invalid=True)


def problems(package: Path = PACKAGE) -> list[str]:
    """Missing Thai, placeholders that differ, words said nowhere any more, one message with two translations."""
    said = said_by_app(package)
    thai = _thai_by_folder(package)
    found = []
    for app, messages in said.items():
        files = [words for folder, words in thai.items() if _owner(folder) in {app, SHARED}]
        for key, message in messages.items():
            texts = next((words[key] for words in files if key in words), ())
            found += _faults(app, message, texts)
    everywhere = {key for messages in said.values() for key in messages}
    for folder, words in thai.items():
        if folder == OVERRIDES:
            continue
        # A word of the shared files may be said by any app.
        used = everywhere if _owner(folder) == SHARED else said.get(_owner(folder), {}).keys()
        found += [f"{folder}: said nowhere any more: {key[1]!r}" for key in words if key not in used]
    return found + _quarrels(thai)


def thai_in_templates(package: Path = PACKAGE) -> list[str]:
    """Thai letters that stand in a template itself instead of the catalogue."""
    found = []
    for path in sorted((package / "templates").rglob("*.*")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if THAI.search(NAMES.sub("><", line)):
                found.append(f"{path.relative_to(package).as_posix()}:{number}")
    return found


def compile_all(package: Path = PACKAGE) -> int:
    """Write each .mo that is older than its .po; safe when several processes start at once. Gives how many."""
    written = 0
    for po in sorted((package / "locale").glob("*/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        content = read(po)
        handle, name = tempfile.mkstemp(dir=mo.parent, suffix=".tmp")
        with os.fdopen(handle, "wb") as out:
            write_mo(out, content)
        Path(name).chmod(0o644)
        Path(name).replace(mo)
        written += 1
    return written


def _thai_by_folder(package: Path) -> dict[str, dict[Key, tuple[str, ...]]]:
    files = sorted((package / "locale").glob(f"*/{LANGUAGE}/LC_MESSAGES/django.po"))
    return {po.parents[2].name: _translations(read(po)) for po in files}


def _owner(folder: str) -> str:
    return folder.partition("_")[0]


def _app_of(path: Path) -> str:
    """templates/APP/... and city/APP/... belong to APP, all else to the shared words."""
    folders = path.parts[:-1]
    app = folders[1] if len(folders) > 1 and folders[0] in {"templates", "city"} else SHARED
    return SHARED if app == "components" else app


def _said_in(path: Path) -> Iterator[tuple[int, Key, str]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return _said_in_python(source) if "gettext" in source else iter(())
    return _said_in_template(source, path) if "translate" in source else iter(())


def _said_in_template(source: str, path: Path) -> Iterator[tuple[int, Key, str]]:
    from django.utils.translation.template import templatize

    # In brackets, so that the page's own indentation means nothing to Python.
    text = f"({templatize(source, origin=str(path))})"
    for line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
        singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
        yield line, (context or "", singular), plural


def _said_in_python(source: str) -> Iterator[tuple[int, Key, str]]:
    """By the syntax tree, which also sees into f-strings."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if name not in KEYWORDS:
            continue
        texts = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        context = texts.pop(0) if name.lstrip("n").startswith("pgettext") and texts else ""
        if texts:
            yield node.lineno, (context, texts[0]), texts[1] if name.startswith("n") and len(texts) > 1 else ""


def _translations(content: Catalog) -> dict[Key, tuple[str, ...]]:
    found: dict[Key, tuple[str, ...]] = {}
    for message in content:
        if not message.id:
            continue
        singular = message.id if isinstance(message.id, str) else message.id[0]
        texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        found[message.context or "", singular] = () if message.fuzzy else texts
    return found


def _faults(app: str, message: Said, texts: tuple[str, ...]) -> list[str]:
    place, msgid = message.places[0], message.key[1]
    if not texts or not all(texts):
        return [f"{app}: no Thai for {msgid!r} ({place})"]
    wanted = _holes(message.plural or msgid)
    # Thai has one form for all counts; a singular without its number is fine in English only.
    return [
        f"{app}: placeholders differ in the Thai of {msgid!r}: {sorted(_holes(text))}, not {sorted(wanted)} ({place})"
        for text in texts
        if _holes(text) != wanted
    ]


def _holes(text: str) -> set[str]:
    return {match.group(0) for match in PLACE.finditer(text)}


def _quarrels(thai: Mapping[str, Mapping[Key, tuple[str, ...]]]) -> list[str]:
    """Django merges all files: the same message must say the same everywhere."""
    first: dict[Key, tuple[str, tuple[str, ...]]] = {}
    found = []
    for app, words in thai.items():
        for key, texts in words.items():
            other, others = first.setdefault(key, (app, texts))
            if others != texts:
                found.append(f"{app} and {other} translate {key[1]!r} differently; give one of them a context")
    return found


def main() -> int:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)  # templatize asks for nothing else
    found = [*problems(), *(f"Thai letters outside the catalogue: {place}" for place in thai_in_templates())]
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.stdout.write(f"messages: {len(found)} to mend, {compile_all()} catalogues compiled\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
