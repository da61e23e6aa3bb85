"""The living page of all components, at /style/ in development and in a demo."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.core.access import public
from okat.city.core.forms import OkatForm, ThaiDateField, ThaiIntegerField
from okat.city.core.paging import Paginator
from okat.city.core.show import Cell, Check, Column, Filter, Moment, Part, Table


class Sample(OkatForm):
    """One field of each kind; never stored."""

    KINDS: ClassVar = [("course", gettext_lazy("Course")), ("job", gettext_lazy("Job")), ("loan", gettext_lazy("Loan"))]

    title = forms.CharField(label=gettext_lazy("Name"), max_length=60, help_text=gettext_lazy("As people call it."))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS)
    starts = ThaiDateField(label=gettext_lazy("First day"), help_text=gettext_lazy("Like 6 ธ.ค. 2569."))
    places = ThaiIntegerField(label=gettext_lazy("Places"), min_value=1)
    way = forms.ChoiceField(label=gettext_lazy("How"), choices=KINDS, widget=forms.RadioSelect)
    formats = forms.MultipleChoiceField(
        label=gettext_lazy("Formats"), choices=KINDS, widget=forms.CheckboxSelectMultiple, required=False
    )
    about = forms.CharField(label=gettext_lazy("About it"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label=gettext_lazy("I have asked the person"))


@public
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    form = Sample(request.POST) if request.method == "POST" else Sample()
    form.is_valid()
    return render(request, "core/style.html", {**_examples(request), "form": form})


@public
@require_GET
def areas(request: HttpRequest) -> HttpResponse:
    """Nine made-up squares and a point."""
    features: list[dict[str, Any]] = []
    for number in range(9):
        x, y = 102.7 + number % 3 * 0.1, 16.3 + number // 3 * 0.1
        ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append(_feature(shape, name=f"{_('Area')} {number + 1}", text=_("14 people wait"), share=number / 8))
    features.append(_feature({"type": "Point", "coordinates": [102.85, 16.45]}, name=_("Course"), url="/style/"))
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json; charset=utf-8"
    )


def _feature(geometry: dict[str, Any], **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _examples(request: HttpRequest) -> dict[str, object]:
    courses = [(_("Weaving mudmee silk, Ban Ped"), 20, 57, 71), (_("Repairing electric motorcycles"), 15, 44, 68)]
    columns = [Column(_("Course")), Column(_("Places"), True), Column(_("Asked"), True), Column(_("Cut-off"), True)]
    rows = [[Cell(name, "/style/", _("starts 6 December 2026")), *rest] for name, *rest in courses]
    near = "near" in request.GET
    return {
        "table": Table(columns, rows, _("The highest cut-offs"), "/style/"),
        "filters": [
            Filter(_("Within 30 minutes"), "/style/" if near else "/style/?near=1", near),
            Filter(_("Sign language interpreter"), "/style/?sign=1"),
        ],
        "listed": Paginator(range(45), 20).get_page(request.GET.get("page")),
        "parts": [Part(_("Household income per person"), 30), Part(_("Cares for an older person at home"), 15)],
        "checks": [Check(_("Nobody is beyond the number of places"), True), Check(_("No place is left empty"), False)],
        "moments": [
            Moment(_("6 November"), _("Offered to the education office"), _("by the social development office")),
            Moment(_("9 November"), _("Answer the referral"), state="late"),
            Moment(_("6 December"), _("First day of the course"), state="next", url="/style/"),
        ],
        "stages": [_("The file"), _("Columns"), _("Check"), _("Done")],
        "waiting": _("disabled people with a referral"),
    }
