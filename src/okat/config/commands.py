"""Commands that need the database, one function each; the command line calls them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from okat.config.boot import boot

BACK_SOON = 20.0  # seconds in which a database that was told to stop is there again where a site is served


def migrate() -> None:
    boot()
    from django.core.management import call_command

    from okat.city.core import key_marks
    from okat.config import checks

    call_command("migrate", interactive=False, verbosity=0)
    try:
        key_marks.note()
    except key_marks.OtherKeysError as error:
        raise BadInput(checks.told("keys_strange")) from error


def load_city(folder: str | None, say: Callable[[str], None]) -> None:
    boot()
    from django.conf import settings

    from okat.city.accounts.queries import system_user
    from okat.city.core.registries import CITY
    from okat.files.city import CityFolderError, read_city

    try:
        city = read_city(Path(folder) if folder else settings.CITY)
        for _, load in CITY:
            say(load(city=city, by=system_user()))
    except CityFolderError as error:
        raise BadInput(str(error)) from error


def import_areas(file: str, source: str, say: Callable[[str], None]) -> None:
    boot()
    from okat.city.accounts.queries import system_user
    from okat.city.places.actions import import_boundaries
    from okat.files.areas import AreasFileError, read_areas

    try:
        shapes = read_areas(Path(file).read_bytes())
        count, unknown = import_boundaries(shapes=shapes, source=source or Path(file).name, by=system_user())
    except AreasFileError as error:
        raise BadInput(f"{file}: nothing was imported\n{error}") from error
    say(f"{count} areas have their boundary" + (f"; unknown codes left out: {', '.join(unknown)}" if unknown else ""))


def demo(say: Callable[[str], None], *, serve_it: bool, clean: bool, port: int = 8000) -> None:
    """Build the demo where there is none, in one transaction, so that a stopped build leaves nothing behind."""
    from okat.config import environment

    environment.follow(port)
    boot()
    from django.conf import settings

    if not settings.DEMO:
        raise BadInput("OKAT_DEMO is 0: this is a real city, and no made-up people are put into it.")
    if clean:
        _empty_database()
        say("the demo's data are gone; `make demo` builds it again")
        return
    migrate()
    from django.db import transaction

    from okat.city.desk.commands.demo import build, users
    from okat.config import messages

    messages.compile_all()
    if build.built():
        say("the demo city is there already; its data are kept")
    else:
        with transaction.atomic():
            people, places = build.SIZES[settings.DEMO_SIZE]
            build.build(say, people=people, places=places)
    for line in users.lines():
        say(line)
    if serve_it:
        serve(say, port=port, workers=1)


def serve(say: Callable[[str], None], *, port: int, workers: int, jobs: bool = True) -> None:
    """Become the keeper of the server and of a worker beside it; the database goes on when they stop. Raises TakenError
    where the port is: before anything is touched."""
    from okat.config import door, environment, supervise

    held = door.hold(port)
    door.wait_free(port, seconds=environment.number("OKAT_STOP_SECONDS") + 5, say=say)
    supervise.adopt()
    environment.follow(port)
    migrate()
    check_or_refuse()
    supervise.become(port=port, workers=workers, jobs=jobs, held=held)


def stop_database(say: Callable[[str], None]) -> None:
    """Stop the embedded PostgreSQL of this data folder. Raises BadInput where a site is served from it."""
    from okat.config import database, environment

    if environment.given("DATABASE_URL"):
        raise BadInput("ฐานข้อมูลไม่ใช่ของโปรแกรมนี้ / The database is another's (DATABASE_URL); stop it there.")
    if not database.runs():
        say("ฐานข้อมูลไม่ได้เปิดอยู่ / The database does not run.")
        return
    # Told to stop by somebody, it answers no question; whoever brings it back serves from it.
    back = not database.lets_in(database.cluster()) and database.opens(seconds=BACK_SOON)
    if used := int(back) or (database.lets_in(database.cluster()) and database.used_by()):
        raise BadInput(
            f"ยังมีเว็บหรือตัวทำงานใช้ฐานข้อมูลอยู่ ({used}) ปิด okat serve ก่อน / A site or a worker still uses it ({used}): "
            "end `okat serve` first."
        )
    database.stop()
    say("ปิดฐานข้อมูลแล้ว ข้อมูลอยู่ครบ / The database is stopped; the data stay.")


def check(say: Callable[[str], None]) -> list[dict[str, Any]]:
    """The list of what must hold, said line by line; also as rows."""
    boot(any_keys=True)
    from okat.config import checks

    rows = checks.as_rows()
    for row in rows:
        mark = "–" if row["holds"] is None else "✓" if row["holds"] else "✗" if row["refused"] else "!"
        said = f"{mark} {row['what_th']} / {row['what_en']} ({row['code']})"
        why = [row["why_th"], row["why_en"]] if row["holds"] is None else [row["th"], row["en"]]
        say(said + ("" if row["holds"] else "".join(f"\n    {line}" for line in why)))
    return rows


def check_or_refuse() -> None:
    """Raises BadInput where the city may not be served as it is set up."""
    from okat.config import checks

    try:
        checks.refuse()
    except checks.RefusedError as error:
        raise BadInput(str(error)) from error


def _empty_database() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("drop schema public cascade; create schema public")


def import_rows(
    kind: str, file: Path, partner_code: str, *, dry_run: bool, into: str = "", sheet: str = "", by_law: str = "",
    looked: bool = False, columns: Mapping[str, str | None] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Import a table, package or calendar, all rows or none: `rows`, `imported`, `known`, `errors`, `warnings`; `left`
    are the rows that are no data or there already (`text`: what stands there), `lines` counts all rows of the sheet.
    `into`: the opportunity that gets a calendar's meetings. `by_law`: of rows of people without a consent; `by_consent`
    and `lawful` count what rests on which. `columns`: letters with the field that somebody said, None to leave out.
    `looked`: at the remarks on rows of whom one may have died, moved away or said no."""
    boot()
    from okat.city.accounts.queries import system_user
    from okat.city.core.refusals import UndoneError
    from okat.city.partners.models import Partner
    from okat.city.people import actions
    from okat.city.people.queries.importing import IMPORTERS
    from okat.city.people.queries.imports import INTO, check
    from okat.city.people.rules import Law
    from okat.files.exchange.hsds import zipped
    from okat.files.office import OfficeError

    partner = Partner.objects.filter(code=partner_code, left_on=None).select_related("area").first()
    if partner is None:
        codes = ", ".join(Partner.objects.filter(left_on=None).values_list("code", flat=True))
        return _refused(f"ไม่มีหน่วยงานรหัส {partner_code}", f"there is no partner {partner_code}; known are: {codes}")
    if kind not in IMPORTERS:
        return _refused("ยังนำเข้าข้อมูลชนิดนี้ไม่ได้", f"rows of the kind {kind} cannot be imported")
    try:
        data = zipped(file) if file.is_dir() else file.read_bytes()
        choices: dict[str, str | None] = {**(columns or {}), **({INTO: into} if into else {})}
        checked = check(data, file.name, kind, partner, choices=choices, sheet=sheet, law=by_law)
        imported = 0
        if not checked.errors and not checked.law_unsaid and (looked or not checked.to_look) and not dry_run:
            user = system_user()
            batch = actions.upload(kind=kind, partner=partner, filename=file.name, data=data, by=user)
            if choices or sheet:
                batch = actions.set_columns(batch=batch, choices=choices, sheet=sheet, by=user)
            if by_law:
                batch = actions.say_law(batch=batch, law=Law(by_law), rows=checked.lawful, by=user)
            if looked and checked.to_look:
                batch = actions.say_looked(batch=batch, digest=checked.look_digest, by=user)
            imported = actions.run_import(batch=batch, by=user).imported
    except OfficeError as error:
        return _refused(error.message("th"), error.message("en"))
    except UndoneError as error:
        return _refused(*(_in(language, error) for language in ("th", "en")))
    except OSError as error:
        return _refused(f"เปิดไฟล์ไม่ได้: {error}", str(error))
    return {
        "rows": checked.rows,
        "imported": imported,
        "known": checked.known,
        "errors": [
            *(_told(error) for error in checked.errors),
            *(_law_unsaid(checked.lawful) if checked.law_unsaid else []),
            *(_look_unsaid(checked.look_rows) if checked.to_look and not looked and not checked.errors else []),
        ],
        "law": by_law if checked.lawful else "",
        "lawful": checked.lawful,
        "by_consent": checked.agreed if kind == "people" else 0,
        "warnings": [_told(warning) for warning in checked.warnings],
        "left": [{**_told(row), "text": row.value} for row in checked.out],
        "lines": dict(checked.lines),
        "sheet": checked.table.sheet if checked.table else "",
        "other_sheets": list(checked.other_sheets),
        "unread": [_left_out(guess, kind) for guess in checked.unread],
        "columns": {guess.letter: guess.field for guess in checked.mapping.guesses} if checked.mapping else {},
    }


def import_lines(done: dict[str, Any]) -> list[str]:
    """The same for people: each error, what does not go in, each remark once with its rows, and the counts."""
    from okat.city.people.queries.importing import in_ranges

    lines = [_line(error) for error in done["errors"]]
    lines += [
        f"ไม่นำเข้า / not taken: {_line(row)}" + (f" ({row['text']})" if row["text"] else "") for row in done["left"]
    ]
    alike: dict[tuple[str, ...], list[int]] = {}
    for told in done["warnings"]:
        said = f"{told['message']} / {told['message_en']}"
        alike.setdefault((told["file"], _column(told), said), []).append(told["row"])
    for (file, column, said), rows in alike.items():
        where = " ".join(filter(None, (file, in_ranges(row for row in rows if row), column)))
        count = f" ({len(rows)} แถว / rows)" if len(rows) > 1 else ""
        lines.append(f"ข้อสังเกต / remark: {where}{': ' if where else ''}{said}{count}")
    if done["other_sheets"]:
        names = ", ".join(done["other_sheets"])
        lines.append(f"อ่านแผ่นงาน “{done['sheet']}” ไม่ได้อ่าน / sheets not read (--sheet NAME): {names}")
    lines += [f"ไม่ได้อ่านคอลัมน์ / column not read: {_unread(column)}" for column in done["unread"]]
    if count := done["lines"]:
        lines.append(
            f"{count['all']} rows in the sheet: {count['header']} of the header, {count['data']} with data, "
            f"{count['left']} no data, {count['blank']} blank"
        )
    if done["law"]:
        lines.append(
            f"ตามความยินยอมในไฟล์ {done['by_consent']} ตามกฎหมาย {done['law']} {done['lawful']} / "
            f"{done['by_consent']} on the consent of the file, {done['lawful']} by law {done['law']}"
        )
    return [*lines, f"{done['rows']} rows, {done['imported']} imported, {done['known']} there already"]


def _left_out(guess: Any, kind: str) -> dict[str, Any]:
    """A column that is not read, and the field that it may be."""
    from okat.files.office import vocabulary

    likely = vocabulary(kind).field(guess.alternatives[0][0]) if guess.alternatives else None
    return {
        "column": guess.letter, "heading": guess.heading, "may_be": likely.name if likely else "",
        "label": likely.label("th") if likely else "", "label_en": likely.label("en") if likely else "",
    }  # fmt: skip


def _unread(column: dict[str, Any]) -> str:
    named = " ".join(filter(None, (column["column"], column["heading"])))
    may_be = f"{column['label']} / {column['label_en']} ({column['may_be']})"
    return f"{named} - อาจเป็น / may be: {may_be}" if column["may_be"] else named


def _line(told: dict[str, Any]) -> str:
    where = (told["file"], str(told["row"]), _column(told))
    return " ".join(filter(None, where)) + f": {told['message']} / {told['message_en']}"


def _column(told: dict[str, Any]) -> str:
    return str(told["column"] or (told["file"] and told["field"]))


def _told(error: Any) -> dict[str, Any]:
    """Row as the spreadsheet program numbers it, column by its letter (in a package by its name)."""
    return {
        "file": error.file, "row": error.row, "column": error.column, "field": error.field, "code": error.code,
        "message": error.message("th"), "message_en": error.message("en"),
    }  # fmt: skip


def _law_unsaid(count: int) -> list[dict[str, Any]]:
    thai = f"{count} แถวไม่มีความยินยอมในไฟล์ กรุณาบอกกฎหมายที่ให้หน่วยงานเก็บข้อมูล: --by-law s24_4 หรือ --by-law s26_5"
    english = (
        f"the file says no consent for {count} rows: say the law by which the office keeps them, --by-law s24_4 "
        "(public task) or --by-law s26_5 (health or social protection by law)"
    )
    return [{**_refused(thai, english)["errors"][0], "code": "law_unsaid"}]


def _look_unsaid(count: int) -> list[dict[str, Any]]:
    thai = f"มี {count} แถวที่คนอาจเสียชีวิต ย้ายออก ไม่ยินยอม หรือเป็นคนอื่น กรุณาดูข้อสังเกตข้างล่าง แล้วสั่งใหม่พร้อม --looked"
    english = (
        f"in {count} rows somebody may have died, moved away or said no, or be somebody else: look at the remarks, "
        "then run it again with --looked"
    )
    return [{**_refused(thai, english)["errors"][0], "code": "look_unsaid"}]


def _in(language: str, error: Exception) -> str:
    from django.utils import translation

    with translation.override(language):
        return str(error)


def _refused(thai: str, english: str) -> dict[str, Any]:
    error = {"file": "", "row": 0, "column": "", "field": "", "code": "file", "message": thai, "message_en": english}
    return {
        "rows": 0, "imported": 0, "known": 0, "errors": [error], "warnings": [], "left": [], "lines": {}, "sheet": "",
        "other_sheets": [], "unread": [], "columns": {}, "law": "", "lawful": 0, "by_consent": 0,
    }  # fmt: skip


class BadInput(click.ClickException):
    """Exit status 2: the input was refused and nothing was written."""

    exit_code = 2
