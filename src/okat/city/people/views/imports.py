"""Importing a file, the same pages for every kind of row: send, correct the columns, preview, all or nothing, undo."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.core import refusals
from okat.city.core.access import staff
from okat.city.core.csvfile import csv_file
from okat.city.core.ending import Ending, asks_first
from okat.city.core.limits import limited
from okat.city.core.once import once
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.core.refusals import UndoneError
from okat.city.people import actions
from okat.city.people.forms.fields import lang
from okat.city.people.forms.imports import ColumnsForm, IntoForm, LawOfFileForm, LookedForm, UploadForm
from okat.city.people.models import ImportBatch
from okat.city.people.queries import imports as queries
from okat.city.people.queries.importing import IMPORTERS, Importer, ListingImporter
from okat.city.people.rules import Law
from okat.city.people.views.preview import preview
from okat.city.people.views.shared import acting, user_of
from okat.files import office

IMPORTS = (Permission.IMPORT_PEOPLE, Permission.IMPORT_OPPORTUNITIES)
FILES = 20  # of a page
SOON = 30  # seconds, in which most files are read
IN_HAND = refusals.Refusal(
    503, gettext_lazy("Another file of your office, or of yours, is being read"),
    gettext_lazy("One at a time for each office and each account, so that everybody else can go on working."),
    gettext_lazy("Wait half a minute and load this page again. Nothing is lost."),
)  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff(*IMPORTS)
@require_http_methods(["GET", "POST"])
@limited("import", limit=60, seconds=600)
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """Send a file, or go on with one that waits."""
    importer, user = _importer(kind), user_of(request)
    partner = acting(request, importer.permission)
    form = UploadForm(request.POST or None, request.FILES or None, listings=isinstance(importer, ListingImporter))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]

        def do() -> str:
            made = actions.upload(kind=kind, partner=partner, filename=file.name, data=file.read(), by=user)
            return reverse("people:import-batch", args=[made.pk])

        try:
            return HttpResponseRedirect(once(user=user, token=form.cleaned_data["once"], do=do))
        except office.OfficeError as error:
            form.add_error("file", error.message(lang()))
    page = Paginator(queries.batches_of(user).filter(kind=kind), FILES).get_page(request.GET.get("page"))
    return render(request, "people/import.html", {"form": form, "kind": kind, "partner": partner, "page": page})


@staff(*IMPORTS)
@require_GET
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty table with all headings, for an office that starts anew."""
    _importer(kind)
    return _file(office.template_workbook(kind, lang()), f"{kind}.xlsx", XLSX)


@staff(*IMPORTS)
@never_cache
@require_GET
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where a file stands: what was guessed, what would go in, what has to be mended, or what was done."""
    found = _batch(request, pk)
    if found.status != ImportBatch.Status.WAITING:
        back = IMPORTERS[found.kind].undone(found, user_of(request)) if _undoable(found) else None
        return render(request, "people/import_done.html", {
            "batch": found, "undone": back, "agreed": max(found.imported - found.lawful, 0),
            "sheets": [told["sheet"] for told in found.left if "sheet" in told],
            "columns": [told["column"] for told in found.left if "column" in told],
            "left": [(t["row"], t["file"], t[lang()]) for t in found.left if "row" in t and "out" not in t],
            "out": [(t["row"], t["file"], t[lang()], t["count"]) for t in found.left if "out" in t],
        })  # fmt: skip
    checked = _opened(request, found)
    if isinstance(checked, HttpResponse):
        return checked
    return render(request, "people/import_batch.html", preview(found, checked))


@staff(*IMPORTS)
@require_POST
def columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the corrected columns; another sheet starts with fresh guesses."""
    found = _batch(request, pk)
    if "into" in request.POST:
        return _into(request, found)
    if "of_law" in request.POST:
        return _law(request, found)
    if "digest" in request.POST:
        return _looked(request, found)
    if "sheet" in request.POST:
        return _try(request, found, lambda: _set(request, found, {}, request.POST["sheet"][:80]))
    try:
        checked = queries.check_batch(found, by=user_of(request))
    except office.OfficeError as error:
        return _back(request, found, error.message(lang()))
    if checked.table is None or checked.mapping is None:
        raise Http404
    form = ColumnsForm(request.POST, table=checked.table, mapping=checked.mapping)
    if not form.is_valid():
        return _back(request, found, _("Choose one of the fields for each column."))
    return _try(request, found, lambda: _set(request, found, form.choices(), found.sheet))


def _into(request: HttpRequest, found: ImportBatch) -> HttpResponse:
    """The opportunity that gets the meetings of a calendar; none: each of its events is one."""
    form = IntoForm(request.POST, targets=queries.targets(found))
    if not form.is_valid():
        return _back(request, found, _("Choose one of your opportunities."))
    chosen = form.cleaned_data["into"]

    def do() -> str:
        actions.set_columns(batch=found, choices={queries.INTO: chosen} if chosen else {}, by=user_of(request))
        return _("It is read again with your choice.")

    return _try(request, found, do)


def _law(request: HttpRequest, found: ImportBatch) -> HttpResponse:
    """By which law rows without a consent go in."""
    form = LawOfFileForm(request.POST)
    if not form.is_valid():
        return _back(request, found, _("Choose one of the laws. Without a law or a consent these rows do not go in."))

    def do() -> str:
        law, rows = Law(form.cleaned_data["law"]), form.cleaned_data["rows"]
        actions.say_law(batch=found, law=law, rows=rows, by=user_of(request))
        return _("The law is noted. Look at what goes in by it, then import.")

    return _try(request, found, do)


def _looked(request: HttpRequest, found: ImportBatch) -> HttpResponse:
    """That somebody looked at the rows that stand open above the others."""
    form = LookedForm(request.POST)
    if not form.is_valid():
        return _back(request, found, _("Look at the rows, and tick that you did. Before that nothing goes in."))

    def do() -> str:
        actions.say_looked(batch=found, digest=form.cleaned_data["digest"], by=user_of(request))
        return _("It is noted that you looked. Now the file can go in.")

    return _try(request, found, do)


def _set(request: HttpRequest, found: ImportBatch, choices: dict[str, str | None], sheet: str) -> str:
    actions.set_columns(batch=found, choices=choices, sheet=sheet, by=user_of(request))
    return _("The columns are kept, and remembered for the next file of your office.")


@staff(*IMPORTS)
@require_POST
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All rows go in, or none."""
    found = _batch(request, pk)

    def do() -> str:
        done = actions.run_import(batch=found, by=user_of(request))
        return ngettext("%(n)d row is in.", "%(n)d rows are in.", done.imported) % {"n": done.imported}

    return _try(request, found, do)


def _drops(request: HttpRequest, pk: UUID) -> Ending:
    found = _batch(request, pk)
    follows = [_("“%(file)s” is deleted; none of its rows goes in.") % {"file": found.filename}]
    undo, back = _("You can send the file again."), reverse("people:import-batch", args=[pk])
    return Ending(_("Give this file up?"), follows, undo, _("Give the file up"), back)


@staff(*IMPORTS)
@require_POST
@asks_first(_drops)
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the file up; it is deleted."""
    found = _batch(request, pk)

    def do() -> str:
        actions.drop_import(batch=found, by=user_of(request))
        return _("The file is deleted; nothing of it was stored.")

    return _try(request, found, do)


def _undoes(request: HttpRequest, pk: UUID) -> Ending | None:
    found = _batch(request, pk)
    if not _undoable(found):
        return None
    back = IMPORTERS[found.kind].undone(found, user_of(request))
    goes = len(back.goes)
    follows = [ngettext("%(n)d row is taken back.", "%(n)d rows are taken back.", goes) % {"n": goes}]
    follows += [f"{_('It stays:')} {why} ({number})" for why, number in back.reasons()]
    undo, page = _("You can send the file again."), reverse("people:import-batch", args=[pk])
    return Ending(_("Take this import back?"), follows, undo, _("Take the import back"), page)


@staff(*IMPORTS)
@require_POST
@asks_first(_undoes)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _batch(request, pk)

    def do() -> str:
        gone, kept = actions.undo_import(batch=found, by=user_of(request))
        told = ngettext("%(n)d row was taken back.", "%(n)d rows were taken back.", gone) % {"n": gone}
        stays = ngettext(
            "%(n)d stays, because somebody has worked with it since.",
            "%(n)d stay, because somebody has worked with them since.",
            kept,
        ) % {"n": kept}
        return f"{told} {stays}" if kept else told

    return _try(request, found, do)


@staff(*IMPORTS)
@never_cache
@require_GET
def errors(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What to mend, row by row, as CSV."""
    found = _waiting(request, pk)
    head = [_("Row"), _("Column"), _("Heading"), _("Value"), _("What to mend"), _("File")]
    checked = _opened(request, found)
    if isinstance(checked, HttpResponse):
        return checked
    told = checked.errors
    return csv_file(
        "errors.csv", [head, *([e.row, e.column, e.heading, e.value, e.message(lang()), e.file] for e in told)]
    )


@staff(*IMPORTS)
@never_cache
@require_GET
def mend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The table as it was sent with one more column that says what to mend; mended, it can be sent again."""
    found = _waiting(request, pk)
    checked = _opened(request, found)
    if isinstance(checked, HttpResponse):
        return checked
    if checked.table is None:
        raise Http404
    return _file(office.errors_workbook(checked.table, checked.errors, lang()), "mend.xlsx", XLSX)


def _opened(request: HttpRequest, found: ImportBatch) -> queries.Checked | HttpResponse:
    """What the file says now; else the page that says why it is not read, and what to do."""
    try:
        return queries.opened(user_of(request), found)
    except office.OfficeError as error:
        if error.code == "file_in_hand":
            return refusals.refused(request, IN_HAND, wait=SOON)
        messages.error(request, error.message(lang()))
        return redirect("people:import", found.kind)


def _importer(kind: str) -> Importer:
    if kind not in IMPORTERS:
        raise Http404(kind)
    return IMPORTERS[kind]


def _batch(request: HttpRequest, pk: UUID) -> ImportBatch:
    """A file of a partner for which the user may import its kind."""
    found = queries.batches_of(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _waiting(request: HttpRequest, pk: UUID) -> ImportBatch:
    found = _batch(request, pk)
    if found.status != ImportBatch.Status.WAITING:
        raise Http404
    return found


def _undoable(found: ImportBatch) -> bool:
    return found.status == ImportBatch.Status.IMPORTED and found.imported > 0


def _try(request: HttpRequest, found: ImportBatch, act: Callable[[], str]) -> HttpResponse:
    """Do it once for the form's token, say what was done or why it could not be, and show where the file stands."""
    page = reverse("people:import-batch", args=[found.pk])

    def do() -> str:
        messages.success(request, act())
        return page

    try:
        return HttpResponseRedirect(once(user=user_of(request), token=request.POST.get("once", ""), do=do))
    except office.OfficeError as error:
        return _back(request, found, error.message(lang()))
    except UndoneError as error:
        return _back(request, found, str(error))


def _back(request: HttpRequest, found: ImportBatch, text: str) -> HttpResponse:
    messages.error(request, text)
    return redirect("people:import-batch", found.pk)


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
