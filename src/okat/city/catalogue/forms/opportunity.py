"""The form of one opportunity, in sections."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue import solve
from okat.city.catalogue.forms.access import AccessFields
from okat.city.catalogue.forms.fields import (
    BahtField,
    MeetingsField,
    PapersField,
    VersionedForm,
    area_words,
    meetings_drawn,
    say_meetings,
    say_papers,
)
from okat.city.catalogue.forms.look import kind_choices, term_choices
from okat.city.catalogue.models import Opportunity, Wisdom
from okat.city.catalogue.queries.read import row_of
from okat.city.catalogue.queries.wisdom import teachers
from okat.city.catalogue.rules import (
    PER_LABELS,
    SLOT_LABELS,
    CatalogueError,
    check_dates,
    check_reserves,
)
from okat.city.catalogue.rules.access import MODES, modes
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core.forms import ThaiDateField, ThaiIntegerField
from okat.city.core.templatetags.okat import words
from okat.city.partners import queries as partners
from okat.city.partners.models import Partner, Venue
from okat.city.places.models import Area

_TICKS = forms.CheckboxSelectMultiple
_LONG = {"rows": 5}
SECTIONS = (
    (_("What it is"), ("kind", "title_th", "title_en", "summary_th", "summary_en", "about_th", "about_en", "needs")),
    (_("Where and how"), ("area", "venue", "place_note", "formats", "teachers", "slots")),
    (_("When"), ("opens_on", "closes_on", "starts_on", "ends_on", "level", "credits", "hours", "sessions")),
    (_("Money"), ("cost", "stipend", "amount", "amount_per", "funder")),
    (_("Places"), ("capacity",)),
    (_("Papers and contact"), ("needs_papers", "documents", "contact", "phone", "email", "url")),
)
_SAME = (
    "kind", "title_th", "title_en", "summary_th", "summary_en", "about_th", "about_en", "place_note",
    "opens_on", "closes_on", "starts_on", "ends_on", "stipend", "amount", "amount_per", "capacity",
    "needs_papers", "contact", "phone", "email", "url", "level", "credits",
)  # fmt: skip


class OpportunityForm(VersionedForm):
    """All that a partner says of one opportunity, but for who may take part (RuleForm)."""

    template_name = "catalogue/sections.html"

    kind = forms.ChoiceField(label=_("Kind"), choices=kind_choices)
    title_th = forms.CharField(label=_("Title in Thai"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    summary_th = forms.CharField(
        label=_("In one or two sentences, in Thai"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("As you would tell a neighbour."),
    )  # fmt: skip
    summary_en = forms.CharField(
        label=_("In one or two sentences, in English"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    about_th = forms.CharField(
        label=_("All about it, in Thai"), max_length=20_000, required=False, widget=forms.Textarea(attrs=_LONG)
    )
    about_en = forms.CharField(
        label=_("All about it, in English"), max_length=20_000, required=False, widget=forms.Textarea(attrs=_LONG)
    )
    needs = forms.MultipleChoiceField(label=_("What it helps with"), required=False, widget=_TICKS)
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"))
    venue = forms.ModelChoiceField(Venue.objects.none(), label=_("Venue"), required=False)
    place_note = forms.CharField(
        label=_("Place in words"), max_length=300, required=False,
        help_text=_("Where there is no venue in the list, or how to find it."),
    )  # fmt: skip
    formats = forms.MultipleChoiceField(label=_("How people take part"), required=False, widget=_TICKS)
    slots = forms.MultipleChoiceField(
        label=_("Times of the week"), required=False, widget=_TICKS,
        choices=[(slot.value, label) for slot, label in SLOT_LABELS.items()],
    )  # fmt: skip
    teachers = forms.ModelMultipleChoiceField(
        Wisdom.objects.none(), label=_("Taught by a holder of local wisdom"), required=False, widget=_TICKS,
        help_text=_("Only those who agreed to be named stand here."),
    )  # fmt: skip
    opens_on = ThaiDateField(label=_("First day to apply"), required=False, help_text=_("Like 6 ธ.ค. 2569."))
    closes_on = ThaiDateField(label=_("Last day to apply"), required=False)
    starts_on = ThaiDateField(label=_("First day"), required=False)
    ends_on = ThaiDateField(label=_("Last day"), required=False)
    level = forms.ChoiceField(
        label=_("Schooling it leads to"), required=False,
        help_text=_("Basic education has it from its kind; a vocational course may lead to a certificate."),
    )  # fmt: skip
    credits = BahtField(label=_("Credits"), required=False, most=Decimal(1000))
    hours = BahtField(label=_("Hours in all"), required=False)
    sessions = MeetingsField(
        label=_("Meetings"), required=False, max_length=20_000,
        help_text=_(
            "One to a line, like 6 ธ.ค. 2569 09:00-16:00. Leave the number before a meeting that stands already: by it "
            "the list of who was there stays with it, and everybody who takes part is told when it moves."
        ),
    )  # fmt: skip
    cost = BahtField(label=_("What it costs the person, in baht"), required=False, help_text=_("Empty: free."))
    stipend = BahtField(label=_("What the person is paid for coming, in baht"), required=False)
    amount = BahtField(label=_("Wage, loan or grant, in baht"), required=False)
    amount_per = forms.ChoiceField(label=_("It is paid"), choices=[(p.value, label) for p, label in PER_LABELS.items()])
    funder = forms.ModelChoiceField(Partner.objects.none(), label=_("Who pays for it"), required=False)
    capacity = ThaiIntegerField(
        label=_("Number of places"), required=False, min_value=0, max_value=1_000_000, help_text=_("Empty: no limit.")
    )
    drawn = forms.CharField(widget=forms.HiddenInput, required=False, max_length=5_000)  # meetings, as listed above
    needs_papers = forms.BooleanField(
        label=_("An identity card or house registration is needed"), required=False,
        help_text=_("People without papers look for what they may use; tick only where the law asks for it."),
    )  # fmt: skip
    documents = PapersField(
        label=_("What to bring"), required=False, max_length=10_000,
        help_text=_("One to a line; English after a | if you like."),
    )  # fmt: skip
    contact = forms.CharField(label=_("Whom to ask"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    url = forms.URLField(label=_("Web page"), max_length=400, required=False, assume_scheme="https")

    def __init__(self, *args: Any, partner: Partner, opportunity: Opportunity | None = None, **kwargs: Any) -> None:
        self.partner, self.opportunity = partner, opportunity
        if opportunity is not None:
            kwargs["initial"] = _initial(opportunity)
        super().__init__(*args, **kwargs)
        choose: dict[str, Any] = self.fields
        choose["needs"].choices = term_choices("need")
        choose["formats"].choices = [(code, label) for code, label in term_choices("format") if code in MODES]
        self.access = AccessFields(self, opportunity.access if opportunity is not None else {})
        choose["level"].choices = [("", "–"), *term_choices("education")]
        choose["area"].queryset = partners.areas_within(partner)
        choose["area"].label_from_instance = area_words
        choose["venue"].label_from_instance = choose["funder"].label_from_instance = words
        choose["venue"].queryset = partners.venues_of(partner)
        choose["teachers"].queryset = teachers()
        choose["teachers"].label_from_instance = _holder_words
        choose["funder"].queryset = partners.network()
        self.groups = solve.groups()
        self._add_reserves()
        self._add_priority()
        if opportunity is None:
            self.initial.setdefault("area", partner.area_id)

    def _add_reserves(self) -> None:
        """As many lines as there are groups; their order is the order in which places are given."""
        kept = self.opportunity.reserves if self.opportunity else []
        choices = [("", "–"), *((group.code, group.words.say(solve.lang())) for group in self.groups)]
        for place in range(len(self.groups)):
            known = kept[place] if place < len(kept) else {}
            self.fields[f"group_{place}"] = forms.ChoiceField(
                label=_("%(place)s. Places kept first for") % {"place": place + 1}, choices=choices, required=False,
                initial=known.get("group", ""),
            )  # fmt: skip
            self.fields[f"seats_{place}"] = ThaiIntegerField(
                label=_("Places for this group"), required=False, min_value=1, max_value=1_000_000,
                initial=known.get("seats"),
            )  # fmt: skip

    def _add_priority(self) -> None:
        """Points for belonging to a group; parts with rules of their own are kept and shown."""
        kept = {part.get("group"): part["points"] for part in (self.opportunity.priority if self.opportunity else [])}
        for group in self.groups:
            self.fields[f"points_{group.code}"] = ThaiIntegerField(
                label=_("Points: %(group)s") % {"group": group.words.say(solve.lang())}, required=False,
                min_value=0, max_value=1000, initial=kept.get(group.code),
            )  # fmt: skip

    def get_context(self) -> dict[str, Any]:
        pairs = [(self[f"group_{n}"], self[f"seats_{n}"]) for n in range(len(self.groups))]
        return {
            **super().get_context(),
            "sections": [
                (title, [self[name] for name in names], "capacity" in names, "formats" in names)
                for title, names in SECTIONS
            ],
            "stages": self.access.stages(),
            "reserve_pairs": pairs,
            "points_used": any(self[f"points_{group.code}"].value() for group in self.groups),
            "point_fields": [self[f"points_{group.code}"] for group in self.groups],
            "other_parts": self._other_parts(),
        }

    def _other_parts(self) -> list[dict[str, Any]]:
        return [part for part in (self.opportunity.priority if self.opportunity else []) if not part.get("group")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["reserves"] = self._reserves(data)
        for fault in (
            *check_reserves(data["reserves"], data.get("capacity"), (group.code for group in self.groups)),
            *check_dates(*(data.get(name) for name in ("opens_on", "closes_on", "starts_on", "ends_on"))),
        ):
            self.add_error("group_0" if fault.field == "reserves" else fault.field, str(fault.words))
        return data

    def _reserves(self, data: dict[str, Any]) -> tuple[dict[str, Any], ...]:
        found = []
        for place in range(len(self.groups)):
            group, seats = data.get(f"group_{place}"), data.get(f"seats_{place}")
            if group and seats is None and f"seats_{place}" not in self.errors:
                self.add_error(f"seats_{place}", _("Say how many places."))
            elif seats is not None and not group:
                self.add_error(f"group_{place}", _("Say for which group."))
            elif group and seats is not None:
                found.append({"group": group, "seats": seats})
        return tuple(found)

    def row(self) -> OpportunityRow:
        """What is said, over what stands already (rule, pledges, key)."""
        data = self.cleaned_data
        same = {name: data[name] for name in _SAME}
        before = row_of(self.opportunity) if self.opportunity is not None else None
        moved = before is None or (data["area"].code, data["venue"] and data["venue"].pk) != (before.area, before.venue)
        base = before or OpportunityRow(provider=self.partner.code, area="", kind="", title_th="")
        return replace(
            base, **same, area=data["area"].code, venue=data["venue"].pk if data["venue"] else None,
            lat=None if moved else base.lat, lon=None if moved else base.lon,
            needs=tuple(data["needs"]), access=self.access.said(data), online=False, slots=tuple(sorted(data["slots"])),
            hours=data["hours"], cost=data["cost"] or Decimal(0), funder=data["funder"].code if data["funder"] else "",
            sessions=meetings_drawn(data["sessions"], data["drawn"]), documents=data["documents"],
            reserves=data["reserves"],
            priority=(*self._points(), *self._other_parts()),
        )  # fmt: skip

    def _points(self) -> list[dict[str, Any]]:
        return [
            {
                "group": group.code, "th": group.words.th, "en": group.words.en,
                "points": self.cleaned_data[f"points_{group.code}"], "rule": solve.group_rule(group),
            }
            for group in self.groups
            if self.cleaned_data.get(f"points_{group.code}")
        ]  # fmt: skip

    def refuse(self, error: CatalogueError) -> None:
        """Show what an action refused beside its field; nothing typed is lost."""
        for fault in error.faults:
            self.add_error(fault.field if fault.field in self.fields else None, str(fault.words))


def _holder_words(holder: Wisdom) -> str:
    return f"{holder.name} ({words(holder.subject)}, {words(holder.area)})"


def _initial(opportunity: Opportunity) -> dict[str, Any]:
    o = opportunity
    values = {name: getattr(o, name) for name in _SAME}
    return {
        **values, "version": o.version, "area": o.area_id, "venue": o.venue_id, "funder": o.funder_id, "cost": o.cost,
        "teachers": list(o.teachers.all()),
        "hours": o.hours, "needs": o.need_codes, "formats": modes(o.access), "slots": o.slots,
        "sessions": say_meetings(o.sessions.all()), "drawn": ",".join(str(one.pk) for one in o.sessions.all()),
        "documents": say_papers(o.documents),
    }  # fmt: skip
